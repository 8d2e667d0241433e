import { lineAfter, type Hole } from '../hole.ts';

/** Cuts where the text goes on with what stands after the cursor anyway. */
export function cutSuffixOverlap(text: string, hole: Hole): string {
  return cutSameLine(cutLinesBelow(text, hole), hole);
}

/** The text ends as the cursor's line goes on: `a, b)` before `)`. */
function cutSameLine(text: string, hole: Hole): string {
  const after = lineAfter(hole).trimEnd();
  return after !== '' && text.trimEnd().endsWith(after) ? text.trimEnd().slice(0, -after.length) : text;
}

/**
 * From some line on, all of the text stands below. Lines that say something may be all that remains of the text; of
 * lone brackets only a whole tail counts, since they are alike everywhere.
 */
export function cutLinesBelow(text: string, { suffix }: Hole): string {
  const lines = text.split('\n');
  const below = suffix.split('\n').slice(1).map((line) => line.trimEnd());
  const first = below.findIndex((line) => line !== '');
  if (first < 0) return text;
  const next = below.slice(first);
  for (let start = 1; start < lines.length; start++) {
    const rest = lines.slice(start).map((line) => line.trimEnd());
    if (rest[0] !== next[0]) continue;
    const speaks = /\w{3}/.test(rest[0] ?? '');
    const whole = rest.every((line, index) => line === (next[index] ?? ''));
    if (speaks || whole) return lines.slice(0, start).join('\n');
  }
  return text;
}
