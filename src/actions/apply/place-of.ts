/** Where code of an answer belongs in a file. Pure. */
import { fitTo } from '../edits/fit.ts';
import { endOfBlock, leadingStart } from '../enclosing-block.ts';
import { indentation, isBlank, linesOf, type Lines } from '../lines.ts';
import { edited, type LineEdit, type Range } from '../review/alignment.ts';
import { defined } from './defined.ts';
import { isElision, withElided } from './elisions.ts';

export interface Target {
  readonly lines: Lines;
  /** The answer names this file. */
  readonly named: boolean;
  /** Whole lines that are selected; absent: none. */
  readonly selection?: Range | undefined;
  /** Line of the cursor; absent: the file is not in front. */
  readonly cursor?: number | undefined;
}

export type Placed =
  | { readonly kind: 'placed'; readonly lines: Lines }
  /** Parts are left out, and it cannot be told which. */
  | { readonly kind: 'elided' }
  /** Nothing of it is in the file, and there is no cursor to insert it at. */
  | { readonly kind: 'nowhere' };

/**
 * The file with the code in it. Code that is most of the file takes its place; code that defines anew what the file
 * defines takes the place of that; else it takes the place of the selection, or comes to the cursor.
 */
export function placeOf(code: string, target: Target): Placed {
  const { lines, selection } = target;
  const written = stripped(linesOf(code));
  if (written.length === 0) return { kind: 'placed', lines };
  if (written.some((line) => isElision(line, lines))) {
    const edit = withElided(written, lines);
    return edit ? { kind: 'placed', lines: edited(lines, edit) } : { kind: 'elided' };
  }
  if (isWholeFile(written, target)) return { kind: 'placed', lines: asFile(written, lines) };
  const edits = redefinitions(written, lines);
  if (edits) return { kind: 'placed', lines: edits.toReversed().reduce(edited, lines) };
  if (selection) return { kind: 'placed', lines: edited(lines, { ...selection, lines: fitTo(lines.slice(selection.start, selection.end).join('\n'), written.join('\n')).split('\n') }) };
  return inserted(code, target);
}

/** The file with the code at the cursor: in place of a blank line, else below the line. */
export function inserted(code: string, { lines, cursor }: Target): Placed {
  if (cursor === undefined) return { kind: 'nowhere' };
  const written = stripped(linesOf(code));
  const line = lines[cursor] ?? '';
  // A blank line may be indented for what is to come.
  const blank = isBlank(line);
  const fitted = fitTo(blank ? `${line}x` : line, written.join('\n')).split('\n');
  return { kind: 'placed', lines: edited(lines, { start: blank ? cursor : cursor + 1, end: Math.min(cursor + 1, lines.length), lines: blank && cursor === lines.length - 1 ? [...fitted, ''] : fitted }) };
}

/** A new file, with a line end at its end. */
export function asNewFile(code: string): string[] {
  return [...stripped(linesOf(code)), ''];
}

function isWholeFile(written: Lines, { lines, named }: Target): boolean {
  const own = lines.filter((line) => !isBlank(line)).map((line) => line.trimEnd());
  if (own.length === 0) return true;
  const there = new Map<string, number>();
  for (const line of written) there.set(line.trimEnd(), (there.get(line.trimEnd()) ?? 0) + 1);
  let kept = 0;
  for (const line of own) {
    const left = there.get(line) ?? 0;
    if (left > 0) kept++;
    there.set(line, left - 1);
  }
  const share = kept / own.length;
  const begins = (count: number): boolean => {
    const code = written.filter((line) => !isBlank(line)).slice(0, count);
    return code.length === count && code.every((line, index) => line.trimEnd() === own[index]);
  };
  return (share >= 0.5 && begins(1) && written.length >= lines.length / 2) || share >= 0.9 || (named && begins(2) && share >= 0.3);
}

/** The edges of the file stay as they were. */
function asFile(written: Lines, lines: Lines): Lines {
  const first = lines.findIndex((line) => !isBlank(line));
  const last = lines.findLastIndex((line) => !isBlank(line));
  return first < 0 ? [...written, ''] : [...lines.slice(0, first), ...written, ...lines.slice(last + 1)];
}

/** For code all of whose parts are definitions that the file has, each just once: what takes their place, in rising order. */
function redefinitions(written: Lines, lines: Lines): LineEdit[] | undefined {
  const depth = Math.min(...written.filter((line) => !isBlank(line)).map((line) => indentation(line)));
  const edits: LineEdit[] = [];
  for (let at = 0; at < written.length; ) {
    if (isBlank(written[at])) {
      at++;
      continue;
    }
    const head = written.findIndex((line, index) => index >= at && indentation(line) === depth && defined(line) !== undefined);
    // What stands before it is to belong to it.
    if (head < 0 || leadingStart(written, head) > at) return undefined;
    const name = defined(written[head] ?? '');
    const found = lines.flatMap((line, index) => (defined(line) === name ? [index] : []));
    const [place] = found;
    if (place === undefined || found.length > 1) return undefined;
    const end = endOfBlock(written, head);
    const start = head > at ? leadingStart(lines, place) : place;
    const block = { start, end: endOfBlock(lines, place) };
    edits.push({ ...block, lines: fitTo(lines.slice(block.start, block.end).join('\n'), written.slice(at, end).join('\n')).split('\n') });
    at = end;
  }
  const ordered = edits.toSorted((a, b) => a.start - b.start);
  return ordered.length > 0 && ordered.every(({ start }, index) => index === 0 || start >= (ordered[index - 1]?.end ?? 0)) ? ordered : undefined;
}

function stripped(lines: Lines): Lines {
  const first = lines.findIndex((line) => !isBlank(line));
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
}
