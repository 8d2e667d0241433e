/** How the text that proposals are compared with, the base, lies in the document as it is now. Pure. */
import { hunksBetween } from '../edits/hunks.ts';
import type { Lines } from '../lines.ts';

/** From `start`, from 0, to `end`, which it does not hold. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where base and document say different things. What lies between two of these is the same in both. */
export interface Drift {
  readonly base: Range;
  readonly now: Range;
}

export interface LineEdit extends Range {
  /** Take the place of the lines of the range. */
  readonly lines: Lines;
}

export function edited(lines: Lines, { start, end, lines: added }: LineEdit): Lines {
  return [...lines.slice(0, start), ...added, ...lines.slice(end)];
}

/** Whether lines of the base are not all in the document. Of no lines: whether it is uncertain between which they are. */
export function drifted(drift: readonly Drift[], { start, end }: Range): boolean {
  return drift.some(({ base }) => (base.start < end && base.end > start) || (start === end && base.start === start && base.end === start));
}

/** Line of the document for one of the base that has not drifted. What was added just before it stays before it. */
export function placeNow(drift: readonly Drift[], line: number): number {
  const last = drift.findLast(({ base }) => base.end <= line);
  return last ? last.now.end + line - last.base.end : line;
}

/** After lines of the document were replaced by `count` others. */
export function afterEdit(drift: readonly Drift[], { start, end }: Range, count: number): Drift[] {
  const before = drift.filter(({ now }) => now.end < start);
  const after = drift.filter(({ now }) => now.start > end);
  const touched = drift.slice(before.length, drift.length - after.length);
  const [first] = touched;
  const last = touched.at(-1);
  const previous = before.at(-1);
  const toBase = (line: number): number => (previous ? previous.base.end + line - previous.now.end : line);
  const delta = count - (end - start);
  const one: Drift = {
    base: {
      start: first && first.now.start <= start ? first.base.start : toBase(start),
      end: last ? last.base.end + Math.max(0, end - last.now.end) : toBase(end),
    },
    now: { start: Math.min(start, first?.now.start ?? start), end: Math.max(end, last?.now.end ?? end) + delta },
  };
  return [...before, one, ...after.map(({ base, now }) => ({ base, now: moved(now, delta) }))];
}

/** After lines that have not drifted were replaced by `count` others in both. */
export function afterBoth(drift: readonly Drift[], { start, end }: Range, count: number): Drift[] {
  const delta = count - (end - start);
  return drift.map((each) => (each.base.end <= start ? each : { base: moved(each.base, delta), now: moved(each.now, delta) }));
}

/** After lines of the base were replaced by `count` others, and the document did not follow. */
export function afterRebase(drift: readonly Drift[], { start, end }: Range, count: number): Drift[] {
  const before = drift.filter(({ base }) => base.end < start);
  const after = drift.filter(({ base }) => base.start > end);
  const touched = drift.slice(before.length, drift.length - after.length);
  const [first] = touched;
  const last = touched.at(-1);
  const delta = count - (end - start);
  const one: Drift = {
    base: { start: Math.min(start, first?.base.start ?? start), end: Math.max(end, last?.base.end ?? end) + delta },
    now: {
      start: first && first.base.start <= start ? first.now.start : placeNow(before, start),
      end: last ? last.now.end + Math.max(0, end - last.base.end) : placeNow(before, end),
    },
  };
  return [...before, one, ...after.map(({ base, now }) => ({ base: moved(base, delta), now }))];
}

/** Without the lines at the edges of a drift that are the same after all. */
export function trimmed(drift: readonly Drift[], base: Lines, lines: Lines): Drift[] {
  return drift.flatMap((each) => {
    let { start, end } = each.base;
    let { start: nowStart, end: nowEnd } = each.now;
    while (start < end && nowStart < nowEnd && base[start] === lines[nowStart]) {
      start++;
      nowStart++;
    }
    while (start < end && nowStart < nowEnd && base[end - 1] === lines[nowEnd - 1]) {
      end--;
      nowEnd--;
    }
    return start === end && nowStart === nowEnd ? [] : [{ base: { start, end }, now: { start: nowStart, end: nowEnd } }];
  });
}

/** Beyond so many lines that differ, a comparison line by line would take too long. */
const comparable = 4_000;

/** Of two texts of which nothing else is known. */
export function differences(base: Lines, lines: Lines): Drift[] {
  const [rough] = trimmed([{ base: { start: 0, end: base.length }, now: { start: 0, end: lines.length } }], base, lines);
  if (!rough) return [];
  if (rough.base.end - rough.base.start + rough.now.end - rough.now.start > comparable) return [rough];
  let shift = rough.now.start - rough.base.start;
  return hunksBetween(base.slice(rough.base.start, rough.base.end), lines.slice(rough.now.start, rough.now.end)).map(({ start, removed, added }) => {
    const from = rough.base.start + start;
    const drift = { base: { start: from, end: from + removed.length }, now: { start: from + shift, end: from + shift + added.length } };
    shift += added.length - removed.length;
    return drift;
  });
}

function moved({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}
