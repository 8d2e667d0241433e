/** The part of an open file that goes along where the file is too large. Pure. */

/** Lines from `start` up to, not including, `end`; the first line is 0. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** So near the edge of the last stretch a new one is taken, lines. */
const edge = 5;

/**
 * Whole lines around the middle of what was last looked at. The last stretch stays as long as that is well within it.
 * @param cap UTF-16 units, line ends included
 */
export function stretchNear(lines: readonly string[], seen: Stretch, cap: number, last?: Stretch): Stretch {
  const whole = { start: 0, end: lines.length };
  if (size(lines, whole, cap) <= cap) return whole;
  const middle = Math.min(Math.max(0, Math.floor((seen.start + seen.end) / 2)), lines.length - 1);
  const within = last && last.start <= Math.max(0, middle - edge) && Math.min(lines.length, middle + edge) <= last.end;
  return within && last.end <= lines.length && size(lines, last, cap) <= cap ? last : grown(lines, middle, cap);
}

/** As much on either side as there is room for. */
function grown(lines: readonly string[], middle: number, cap: number): Stretch {
  let [start, end, room] = [middle, middle, cap];
  const take = (index: number): boolean => {
    const line = lines[index];
    if (line === undefined || line.length + 1 > room) return false;
    room -= line.length + 1;
    return true;
  };
  for (let [up, down] = [true, true]; up || down; ) {
    if (down && (down = take(end))) end++;
    if (up && (up = take(start - 1))) start--;
  }
  return { start, end };
}

/** UTF-16 units of a stretch; counting stops beyond the cap. */
function size(lines: readonly string[], { start, end }: Stretch, cap: number): number {
  let sum = 0;
  for (let index = start; index < end && sum <= cap; index++) sum += (lines[index]?.length ?? 0) + 1;
  return sum;
}
