/** What a proposal changes, as pieces that are accepted or rejected one by one. Pure. */
import { diffArrays } from 'diff';
import type { Lines } from '../lines.ts';

export interface Hunk {
  /** First line of the original that it replaces, from 0; where it only adds lines, the line that they come before. */
  readonly start: number;
  readonly removed: Lines;
  readonly added: Lines;
}

/** In rising order; no two touch. Applying all of them to the original gives the proposal. */
export function hunksBetween(original: Lines, proposal: Lines): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { start: number; removed: string[]; added: string[] } | undefined;
  for (const { value, added, removed } of diffArrays([...original], [...proposal])) {
    if (!added && !removed) {
      if (open) hunks.push(open);
      open = undefined;
      at += value.length;
      continue;
    }
    open ??= { start: at, removed: [], added: [] };
    if (added) open.added.push(...value);
    else {
      open.removed.push(...value);
      at += value.length;
    }
  }
  return open ? [...hunks, open] : hunks;
}

/** The original with some of its hunks in place, given in rising order. */
export function applyHunks(original: Lines, hunks: readonly Hunk[]): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const { start, removed, added } of hunks) {
    lines.push(...original.slice(at, start), ...added);
    at = start + removed.length;
  }
  return [...lines, ...original.slice(at)];
}
