/** Finds a hunk again in a document that has changed since. Pure. */
import type { Lines } from '../lines.ts';
import type { Hunk } from './hunks.ts';

export interface AnchoredHunk extends Hunk {
  /** What stood around it in the original, nearest lines first and last: it is found by these. */
  readonly before: Lines;
  readonly after: Lines;
}

/** Why a hunk is not to be applied any more. */
export type Stale =
  /** The lines that it replaces are not there any more, or have changed. */
  | 'changed'
  /** They are there more than once, and nothing tells which are meant. */
  | 'ambiguous';

/** Lines of context on either side. */
const contextLines = 3;

/** With the context that finds it again. */
export function anchored(hunk: Hunk, original: Lines): AnchoredHunk {
  const end = hunk.start + hunk.removed.length;
  return { ...hunk, before: original.slice(Math.max(0, hunk.start - contextLines), hunk.start), after: original.slice(end, end + contextLines) };
}

/**
 * Where a hunk's lines stand now. At the place where they were expected, they need no context; elsewhere all of it.
 * @param expected line that it would start at, had nothing but what lies before it changed
 */
export function reanchor({ removed, before, after }: AnchoredHunk, lines: Lines, expected: number): number | Stale {
  const surrounded = (start: number): boolean =>
    matches(lines, start, removed) && matches(lines, start - before.length, before) && matches(lines, start + removed.length, after);
  if (removed.length > 0 ? matches(lines, expected, removed) : surrounded(expected)) return expected;
  const places: number[] = [];
  for (let start = 0; start + removed.length <= lines.length; start++) if (surrounded(start)) places.push(start);
  const [place] = places;
  if (place === undefined) return 'changed';
  return places.length === 1 ? place : 'ambiguous';
}

function matches(lines: Lines, start: number, wanted: Lines): boolean {
  return start >= 0 && start + wanted.length <= lines.length && wanted.every((line, index) => lines[start + index] === line);
}
