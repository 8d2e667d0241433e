/** Which lines of a declaration say what a caller needs: its comment, its signature, the members of a type. Pure. */
import { lineNumbers } from './excerpts.ts';

/** What a language service says of a symbol. Lines count from 0; `end` is the last one. */
export interface Outline {
  readonly kind: 'routine' | 'type' | 'other';
  readonly start: number;
  readonly end: number;
  readonly children: readonly Outline[];
}

/** Most lines of a declaration, and of the comment above it. */
const mostLines = 30;
const mostComment = 8;
/** A longer comment is looked at no further, lines. */
const longestComment = 60;
/** A routine as short as this is shown with its body, lines. */
const shortRoutine = 8;
/** Most lines of a signature. */
const longestSignature = 8;

/** Line numbers, rising. */
export function declarationLines(lines: readonly string[], outline: Outline): number[] {
  const start = afterComment(lines, outline);
  return [...new Set([...commentAbove(lines, start), ...ownLines(lines, { ...outline, start })])].sort((a, b) => a - b).slice(0, mostLines);
}

function ownLines(lines: readonly string[], outline: Outline): number[] {
  const { kind, start, end, children } = outline;
  const head = signature(lines, outline);
  // A function may be the value of a constant.
  const routine = kind === 'routine' || (kind === 'other' && /(?:=>|=>\s*\{|\)\s*\{)\s*$/.test(lines[head.at(-1) ?? start] ?? ''));
  if (end - start < (routine ? shortRoutine : mostLines)) return lineNumbers(start, end);
  if (kind === 'other' && !routine) return lineNumbers(start, start + mostLines - 1);
  const members = kind === 'type' ? children.flatMap((child) => [...signature(lines, child), ...closing(lines, child)]) : [];
  const last = closing(lines, outline);
  // The closing line counts among the most there may be.
  return [...[...head, ...members].slice(0, mostLines - mostComment - last.length), ...last];
}

/** The last line, if all it does is to end the body. */
function closing(lines: readonly string[], { end }: Outline): number[] {
  return /^\s*(?:[)\]}]+[;,]*|end)\s*$/.test(lines[end] ?? '') ? [end] : [];
}

/** From its first line to where the body begins, with a documentation string at the body's beginning. */
function signature(lines: readonly string[], outline: Pick<Outline, 'start' | 'end'>): number[] {
  const start = afterComment(lines, outline);
  const { end } = outline;
  const limit = Math.min(end, start + longestSignature - 1);
  let stop = start;
  while (stop < limit && !/(?:[{:;]|=>|=)\s*(?:(?:\/\/|#).*)?$/.test(lines[stop] ?? '')) stop++;
  return [...lineNumbers(start, stop), ...lineNumbers(stop + 1, endOfDocString(lines, stop + 1))];
}

/** The last line of a documentation string that begins on a line; the line before it where there is none. */
function endOfDocString(lines: readonly string[], start: number): number {
  const quotes = /^\s*[rRuU]?("""|''')/.exec(lines[start] ?? '')?.[1];
  if (quotes === undefined) return start - 1;
  const opening = (lines[start] ?? '').indexOf(quotes) + quotes.length;
  if ((lines[start] ?? '').includes(quotes, opening)) return start;
  for (let line = start + 1; line < start + mostComment; line++) if (lines[line]?.includes(quotes)) return line;
  return start - 1;
}

/** A line of a comment, an attribute or a decorator; `#x = 1` is a private member. */
const comment = /^\s*(?:\/\/|\/\*|\*|#(?![\w$]+\s*[=:(;?])|@|\[.*\]\s*$|--)/;

/** The comment right above a line, its beginning if it is long. */
function commentAbove(lines: readonly string[], start: number): number[] {
  let first = start;
  while (first > 0 && start - first < longestComment && comment.test(lines[first - 1] ?? '')) first--;
  const numbers = lineNumbers(first, start - 1);
  return numbers.length <= mostComment ? numbers : [...numbers.slice(0, mostComment - 1), start - 1];
}

/** Some language services count the comment to the declaration. */
function afterComment(lines: readonly string[], { start, end }: Pick<Outline, 'start' | 'end'>): number {
  let line = start;
  while (line < end && comment.test(lines[line] ?? '')) line++;
  return line;
}

/** For a language service that names a line and nothing more: what is indented below it belongs to it. */
export function outlineByIndentation(lines: readonly string[], start: number): Outline {
  const indent = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;
  const base = indent(lines[start] ?? '');
  let end = start;
  for (let line = start + 1; line < Math.min(lines.length, start + 200); line++) {
    const text = lines[line] ?? '';
    if (text.trim() === '') continue;
    const closes = indent(text) === base && /^\s*[)\]}]/.test(text);
    if (indent(text) <= base && !closes) break;
    end = line;
    if (closes && /^\s*[)\]}]+[;,]*\s*$/.test(text)) break;
  }
  return { kind: 'routine', start, end, children: [] };
}
