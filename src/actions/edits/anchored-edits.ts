/**
 * Edits of a long text, each between lines that the model names by number and content. A grammar lets it name only lines
 * that are there, so it cannot make one up; what it writes in between is free. Pure.
 *
 * @@ replace 12| const a = 1;
 * @@ to 14| }
 * const a = 2;
 * @@ end
 */
import type { Lines } from './hunks.ts';

export interface AnchoredEdit {
  /** First line that goes, from 0; for an insertion, the line that it comes before. */
  readonly start: number;
  /** Behind the last line that goes; equal to `start` for an insertion. */
  readonly end: number;
  readonly added: Lines;
}

/** The text as the model is shown it: each line with its number, from 1. */
export function numbered(lines: Lines): string {
  return lines.map((_, index) => `${anchorOf(lines, index)}\n`).join('');
}

function anchorOf(lines: Lines, index: number): string {
  return `${String(index + 1)}| ${lines[index] ?? ''}`;
}

/** A GBNF grammar of answers: at least one edit, then the end. */
export function editGrammar(lines: Lines): string {
  return [
    'root ::= edit+',
    'edit ::= (replace | insert) line* "@@ end\\n"',
    'replace ::= "@@ replace " anchor "\\n" ("@@ to " anchor "\\n")?',
    'insert ::= "@@ insert after " anchor "\\n"',
    // Anything that is not one of our own marks.
    'line ::= ([^@\\n] [^\\n]* | "@" ([^@\\n] [^\\n]*)?)? "\\n"',
    ...anchorRules(lines),
  ].join('\n');
}

/** A tree by digits: with thousands of alternatives side by side, each token would be tried against all of them. */
function anchorRules(lines: Lines): string[] {
  const rules: string[] = [];
  const visit = (prefix: string): string => {
    const choices: string[] = [];
    const index = Number(prefix) - 1;
    if (prefix !== '' && index < lines.length) choices.push(literal(`| ${lines[index] ?? ''}`));
    for (let digit = prefix === '' ? 1 : 0; digit < 10; digit++) {
      const next = prefix + String(digit);
      if (Number(next) <= lines.length) choices.push(`${literal(String(digit))} ${visit(next)}`);
    }
    const name = prefix === '' ? 'anchor' : `n${prefix}`;
    rules.push(`${name} ::= ${choices.join(' | ')}`);
    return name;
  };
  visit('');
  return rules;
}

/** In GBNF; control characters by their numbers. */
function literal(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}

export interface ParsedEdits {
  readonly edits: readonly AnchoredEdit[];
  /** The last edit has not come to its end: more of it may follow. */
  readonly open: boolean;
}

/** What an answer says so far. Edits that overlap an earlier one, or end before they begin, are left out. */
export function parseEdits(answer: string, lines: Lines): ParsedEdits {
  const edits: AnchoredEdit[] = [];
  let current: { start: number; end: number; added: string[] } | undefined;
  const whole = answer.split('\n');
  // The last line may go on.
  whole.pop();
  const take = (edit: AnchoredEdit): void => {
    const overlaps = edits.some(({ start, end }) => edit.start < end && start < edit.end);
    if (edit.start <= edit.end && !overlaps) edits.push(edit);
  };
  for (const line of whole) {
    const [, mark, number] = /^@@ (replace|to|insert after|end)(?: (\d+)\|.*)?$/.exec(line) ?? [];
    const at = Number(number) - 1;
    if (mark === 'end') {
      if (current) take(current);
      current = undefined;
    } else if (mark === 'replace' && at < lines.length) current = { start: at, end: at + 1, added: [] };
    else if (mark === 'insert after' && at < lines.length) current = { start: at + 1, end: at + 1, added: [] };
    // One that ends before it begins means nothing that could be told.
    else if (mark === 'to' && current && at < lines.length) current.end = at + 1 > current.start ? at + 1 : -1;
    else current?.added.push(line);
  }
  const open = current !== undefined;
  if (current) take(current);
  return { edits, open };
}

/** The text with all edits in it, in whatever order they came. */
export function applyEdits(lines: Lines, edits: readonly AnchoredEdit[]): string[] {
  return edits.toSorted((a, b) => b.start - a.start || b.end - a.end).reduce<string[]>((text, { start, end, added }) => text.toSpliced(start, end - start, ...added), [...lines]);
}
