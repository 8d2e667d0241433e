/**
 * Edits of a long text, each between lines that the model names by number and content. A grammar lets it name only lines
 * that are there, so it cannot make one up; what it writes in between is free. Pure.
 *
 * @@ replace 12| const a = 1;
 * @@ to 14| }
 * const a = 2;
 * @@ end
 */
import type { Lines } from '../lines.ts';

export interface AnchoredEdit {
  /** First line that goes, from 0; for an insertion, the line that it comes before. */
  readonly start: number;
  /** Behind the last line that goes; equal to `start` for an insertion. */
  readonly end: number;
  readonly added: Lines;
}

/**
 * The text as the model is shown it: each line with its number.
 * @param first number of the first line, from 1: the model is told of lines of a file, not of a part
 */
export function numbered(lines: Lines, first: number): string {
  return lines.map((line, index) => `${String(first + index)}| ${line}\n`).join('');
}

/** A GBNF grammar of answers: at least one edit, then the end. `first` as for `numbered`. */
export function editGrammar(lines: Lines, first: number): string {
  return [
    'root ::= edit+',
    'edit ::= (replace | insert) line* "@@ end\\n"',
    'replace ::= "@@ replace " anchor "\\n" ("@@ to " anchor "\\n")?',
    'insert ::= "@@ insert after " anchor "\\n"',
    // Anything that is not one of our own marks.
    'line ::= ([^@\\n] [^\\n]* | "@" ([^@\\n] [^\\n]*)?)? "\\n"',
    ...anchorRules(lines, first),
  ].join('\n');
}

/** A tree by digits: with thousands of alternatives side by side, each token would be tried against all of them. */
function anchorRules(lines: Lines, first: number): string[] {
  const numbers = new Map(lines.map((line, index) => [String(first + index), line]));
  const prefixes = new Set([...numbers.keys()].flatMap((number) => Array.from(number, (_, end) => number.slice(0, end + 1))));
  return ['', ...prefixes].map((prefix) => {
    const line = numbers.get(prefix);
    const digits = Array.from({ length: 10 }, (_, digit) => String(digit)).filter((digit) => prefixes.has(prefix + digit));
    const choices = [...(line === undefined ? [] : [literal(`| ${line}`)]), ...digits.map((digit) => `${literal(digit)} n${prefix}${digit}`)];
    return `${prefix === '' ? 'anchor' : `n${prefix}`} ::= ${choices.join(' | ')}`;
  });
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

/** What an answer says so far. Edits that overlap an earlier one, or end before they begin, are left out. `first` as for `numbered`. */
export function parseEdits(answer: string, lines: Lines, first: number): ParsedEdits {
  const edits: AnchoredEdit[] = [];
  let current: { start: number; end: number; added: string[] } | undefined;
  const whole = answer.split('\n');
  // The last line may go on.
  whole.pop();
  const within = (at: number): boolean => at >= 0 && at < lines.length;
  const take = (edit: AnchoredEdit): void => {
    const overlaps = edits.some(({ start, end }) => edit.start < end && start < edit.end);
    if (edit.start <= edit.end && !overlaps) edits.push(edit);
  };
  for (const line of whole) {
    const [, mark, number] = /^@@ (replace|to|insert after|end)(?: (\d+)\|.*)?$/.exec(line) ?? [];
    const at = Number(number) - first;
    if (mark === 'end') {
      if (current) take(current);
      current = undefined;
    } else if (mark === 'replace' && within(at)) current = { start: at, end: at + 1, added: [] };
    else if (mark === 'insert after' && within(at)) current = { start: at + 1, end: at + 1, added: [] };
    // One that ends before it begins means nothing that could be told.
    else if (mark === 'to' && current && within(at)) current.end = at + 1 > current.start ? at + 1 : -1;
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
