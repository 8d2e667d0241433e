/** Finds a hunk again in a document that has changed since, wherever it is now. Pure. */
import type { Lines } from '../lines.ts';
import type { Hunk } from './hunks.ts';

/** Why a hunk is not to be applied any more. */
export type Stale =
  /** The lines that it replaces are not there any more, or have changed. */
  | 'changed'
  /** They are there more than once, and nothing tells which are meant. */
  | 'ambiguous';

/** Lines of context on either side that it is found by. */
const contextLines = 3;

/** Where a hunk's lines stand now, with all of what stood around them in the original. */
export function reanchor({ start: was, removed }: Hunk, original: Lines, lines: Lines): number | Stale {
  const from = Math.max(0, was - contextLines);
  const wanted = original.slice(from, was + removed.length + contextLines);
  const places: number[] = [];
  for (let start = 0; start + wanted.length <= lines.length; start++) if (wanted.every((line, index) => lines[start + index] === line)) places.push(start);
  const [place] = places;
  if (place === undefined) return 'changed';
  return places.length === 1 ? place + was - from : 'ambiguous';
}
