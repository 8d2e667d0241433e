import { lineAfter, lineBefore, type Hole } from '../hole.ts';
import { beginsClosed, closedAtEnd } from './auto-closed.ts';

/** Cuts where the text goes on with what stands after the cursor anyway. */
export function cutSuffixOverlap(text: string, hole: Hole): string {
  return cutSameLine(cutLinesBelow(text, hole), hole);
}

/**
 * The text ends as the cursor's line goes on: `a, b)` before `)`. Several lines bring that end to a line of its own, and
 * take the place of what is there (auto-closed.ts).
 */
function cutSameLine(text: string, hole: Hole): string {
  const after = lineAfter(hole).trimEnd();
  const end = text.trimEnd();
  if (after === '' || text.includes('\n') || !end.endsWith(after)) return text;
  return !beginsClosed(hole) || closedAtEnd(text, hole) === after.length ? end.slice(0, -after.length) : text;
}

/**
 * From some line on, all of the text stands below. Lines that say something may be all that remains of the text; of
 * lone brackets only a whole tail counts, since they are alike everywhere.
 */
export function cutLinesBelow(text: string, hole: Hole): string {
  const { suffix } = hole;
  const lines = text.split('\n');
  const below = suffix.split('\n').slice(1).map((line) => line.trimEnd());
  const first = below.findIndex((line) => line !== '');
  if (first < 0) return text;
  const next = below.slice(first);
  // The first line goes on with the cursor's, unless there is nothing on that yet.
  for (let start = lineBefore(hole).trim() === '' ? 0 : 1; start < lines.length; start++) {
    const rest = lines.slice(start).map((line) => line.trimEnd());
    const speaks = /[\p{L}\p{N}_]{3}/u.test(rest[0] ?? '') && rest[0]?.trim() === next[0]?.trim();
    const whole = start > 0 && rest.every((line, index) => line === (next[index] ?? ''));
    if (speaks || whole) return lines.slice(0, start).join('\n');
  }
  return text;
}
