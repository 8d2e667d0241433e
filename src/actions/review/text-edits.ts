/** Edits of lines as edits of a text, and the other way round. Pure. */
import { linesOf, type Lines } from '../lines.ts';
import type { LineEdit } from './alignment.ts';

/** Places count from 0, in lines and UTF-16 units; `text` has the line ends it was asked for. */
export interface TextEdit {
  readonly start: Place;
  readonly end: Place;
  readonly text: string;
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

/** For edits of lines that do not overlap, in rising order; edits that touch become one. */
export function textEdits(lines: Lines, edits: readonly LineEdit[], eol: string): TextEdit[] {
  const together: LineEdit[] = [];
  for (const edit of edits) {
    const last = together.at(-1);
    if (last?.end === edit.start) together.splice(-1, 1, { start: last.start, end: edit.end, lines: [...last.lines, ...edit.lines] });
    else together.push(edit);
  }
  return together.map((edit) => textEdit(lines, edit, eol));
}

function textEdit(lines: Lines, { start, end, lines: added }: LineEdit, eol: string): TextEdit {
  // The last line has no line end: with it the one before goes or comes.
  if (end < lines.length) return { start: { line: start, character: 0 }, end: { line: end, character: 0 }, text: added.map((line) => line + eol).join('') };
  const last = lines.length - 1;
  const atEnd = { line: Math.max(0, last), character: lines[last]?.length ?? 0 };
  if (start === 0) return { start: { line: 0, character: 0 }, end: atEnd, text: added.join(eol) };
  return { start: { line: start - 1, character: lines[start - 1]?.length ?? 0 }, end: atEnd, text: added.map((line) => eol + line).join('') };
}

/** What a change in an editor did to whole lines, as exactly as its edges tell: lines put before a line leave that as it is. */
export function lineEdit(lines: Lines, { start, end, text }: TextEdit): LineEdit {
  const added = linesOf(text);
  const first = lines[start.line] ?? '';
  const last = lines[end.line] ?? '';
  if (start.character === 0 && end.character === 0 && added.at(-1) === '') return { start: start.line, end: end.line, lines: added.slice(0, -1) };
  if (start.character === first.length && end.character === last.length && added[0] === '') return { start: start.line + 1, end: end.line + 1, lines: added.slice(1) };
  const whole = linesOf(first.slice(0, start.character) + text + last.slice(end.character));
  return { start: start.line, end: end.line + 1, lines: whole };
}
