/** The hole at a cursor, out of no more of the document than could be needed. */
import type * as vscode from 'vscode';
import type { Hole } from '../hole.ts';

/** UTF-16 units looked at before and after the cursor: what a prompt may hold, and what a place is known by (reach.ts). */
const before = 12_500;
const after = 2500;

export interface HoleOptions {
  readonly document: Pick<vscode.TextDocument, 'lineAt' | 'lineCount' | 'languageId'>;
  readonly position: vscode.Position;
  /** One step of indentation. */
  readonly indent: string;
  /** What the suggestion list is about to put before the cursor, in place of so many units. */
  readonly chosen?: { readonly text: string; readonly replaces: number } | undefined;
}

/** Undefined where nothing can be filled in: in the middle of a character, or in what is no text. */
export function holeAt({ document, position, indent, chosen }: HoleOptions): Hole | undefined {
  const line = document.lineAt(position.line).text;
  const left = line.slice(Math.max(0, position.character - before), position.character - (chosen?.replaces ?? 0));
  const right = line.slice(position.character, position.character + after);
  if (splitsCharacter(left, right)) return undefined;
  const prefix = linesAbove(document, position.line, before - left.length) + left + (chosen?.text ?? '');
  const suffix = right + linesBelow(document, position.line, after - right.length);
  if (prefix.includes('\0') || suffix.includes('\0')) return undefined;
  return { prefix, suffix, language: document.languageId, indent };
}

function linesAbove(document: HoleOptions['document'], from: number, reach: number): string {
  const lines: string[] = [];
  let size = 0;
  for (let number = from - 1; number >= 0 && size < reach; number--) {
    const { text } = document.lineAt(number);
    // The end of one long line is as good as lines.
    const part = text.slice(-(reach - size));
    lines.push(`${part}\n`);
    size += part.length + 1;
  }
  return lines.reverse().join('');
}

function linesBelow(document: HoleOptions['document'], from: number, reach: number): string {
  let text = '';
  for (let number = from + 1; number < document.lineCount && text.length < reach; number++) {
    text += `\n${document.lineAt(number).text.slice(0, reach - text.length)}`;
  }
  return text;
}

function splitsCharacter(left: string, right: string): boolean {
  return /[\uD800-\uDBFF]$/.test(left) && /^[\uDC00-\uDFFF]/.test(right);
}
