/** A file's proposal, of which the user accepts and rejects one hunk after the other while the document may change. Pure. */
import { applyHunks, hunksBetween, type Hunk } from '../edits/hunks.ts';
import { reanchor, type Stale } from '../edits/reanchor.ts';
import { sameLines, type Lines } from '../lines.ts';
import { afterBoth, afterEdit, afterRebase, differences, drifted, edited, placeNow, trimmed, type Drift, type LineEdit, type Range } from './alignment.ts';

/** Why none of a file's hunks can be applied. */
export type Obstacle =
  /** The file is not there any more. */
  | 'deleted'
  /** The file was to be new, and there is one of that name now. */
  | 'appeared';

export type StaleReason = Stale | Obstacle;

/** A hunk that is undecided. Its `start` is a line of the base. */
export interface PendingHunk extends Hunk {
  /** Stays from proposal to proposal. */
  readonly id: string;
  /** First line of the document that it is about, as the document is now. */
  readonly at: number;
  /** Present: it is not to be applied. */
  readonly stale?: StaleReason;
}

export interface FileReview {
  /**
   * What proposals are compared with: the text that they were made of with all decided hunks in it, the rejected ones
   * too. So what is decided is no difference any more, whatever the next proposal looks like.
   */
  readonly base: Lines;
  /** The document as it is now. */
  readonly lines: Lines;
  readonly drift: readonly Drift[];
  /** Where rejected hunks stand in the base. */
  readonly rejected: readonly Range[];
  /** In the order of the document. */
  readonly hunks: readonly PendingHunk[];
  readonly obstacle?: Obstacle | undefined;
  /** Ids given so far. */
  readonly ids: number;
}

/**
 * @param original the text that proposals are made of
 * @param lines the document now
 */
export function newReview(original: Lines, lines: Lines): FileReview {
  return { base: original, lines, drift: differences(original, lines), rejected: [], hunks: [], ids: 0 };
}

/** Puts another proposal in place of the last. Hunks that have only grown keep their ids. */
export function proposed(review: FileReview, proposal: Lines): FileReview {
  // What touches a rejected hunk is more of the same.
  const found = hunksBetween(review.base, proposal).filter((hunk) => !review.rejected.some(({ start, end }) => hunk.start <= end && hunk.start + hunk.removed.length >= start));
  const left = new Map(review.hunks.map((hunk) => [hunk.id, hunk]));
  const take = (fits: (old: Hunk) => boolean): string | undefined => {
    const old = [...left.values()].find(fits);
    if (old) left.delete(old.id);
    return old?.id;
  };
  const same = found.map((hunk) => take((old) => old.start === hunk.start && sameLines(old.removed, hunk.removed) && sameLines(old.added, hunk.added)));
  let { ids } = review;
  const hunks = found.map((hunk, index) => ({ ...hunk, id: same[index] ?? take((old) => old.start === hunk.start) ?? String(++ids), at: 0 }));
  return placed({ ...review, hunks, ids });
}

/** Accepting is done by the edit; `accepted` is the review once it is made. */
export function editOf(review: FileReview, id: string): LineEdit | undefined {
  const hunk = review.hunks.find((each) => each.id === id);
  return hunk && hunk.stale === undefined ? { start: hunk.at, end: hunk.at + hunk.removed.length, lines: hunk.added } : undefined;
}

/** Unchanged where the hunk is stale or not there. */
export function accepted(review: FileReview, id: string): FileReview {
  const hunk = review.hunks.find((each) => each.id === id);
  const edit = editOf(review, id);
  if (!hunk || !edit) return review;
  const without = decided(review, hunk);
  const lines = edited(review.lines, edit);
  const { drift } = review;
  const range = span(hunk);
  const count = hunk.added.length;
  // One that was found elsewhere is a change of its own there.
  const after = drifted(drift, range) ? trimmed(afterEdit(afterRebase(drift, range, count), edit, count), without.base, lines) : afterBoth(drift, range, count);
  return placed({ ...without, lines, drift: after });
}

/** Also discards a stale hunk. */
export function rejected(review: FileReview, id: string): FileReview {
  const hunk = review.hunks.find((each) => each.id === id);
  if (!hunk) return review;
  const without = decided(review, hunk);
  const drift = trimmed(afterRebase(review.drift, span(hunk), hunk.added.length), without.base, review.lines);
  return placed({ ...without, drift, rejected: [...without.rejected, { start: hunk.start, end: hunk.start + hunk.added.length }] });
}

/**
 * After the document was changed by anyone else.
 * @param edits that led to it, one after the other; without them, or where they lead elsewhere, it is compared
 */
export function documentChanged(review: FileReview, lines: Lines, edits: readonly LineEdit[] = []): FileReview {
  let { drift } = review;
  let now = review.lines;
  for (const edit of edits) {
    drift = afterEdit(drift, edit, edit.lines.length);
    now = edited(now, edit);
  }
  // From the last on, so that the places of the others stay right.
  for (const { base, now: other } of differences(now, lines).toReversed()) drift = afterEdit(drift, base, other.end - other.start);
  return placed({ ...review, lines, drift: trimmed(drift, review.base, lines) });
}

export function obstructed(review: FileReview, obstacle: Obstacle | undefined): FileReview {
  return review.obstacle === obstacle ? review : placed({ ...review, obstacle });
}

/** The document with all hunks in it that can be applied. */
export function proposalOf({ lines, hunks }: FileReview): string[] {
  const live = hunks.filter(({ stale }) => stale === undefined).map(({ at, removed, added }) => ({ start: at, removed, added }));
  return applyHunks(lines, live);
}

function span({ start, removed }: Hunk): Range {
  return { start, end: start + removed.length };
}

/** In the base it is no difference any more. */
function decided(review: FileReview, hunk: PendingHunk): FileReview {
  const delta = hunk.added.length - hunk.removed.length;
  const behind = (start: number): boolean => start >= hunk.start + hunk.removed.length;
  return {
    ...review,
    base: edited(review.base, { ...span(hunk), lines: hunk.added }),
    rejected: review.rejected.map((each) => (behind(each.start) ? { start: each.start + delta, end: each.end + delta } : each)),
    hunks: review.hunks.filter(({ id }) => id !== hunk.id).map((each) => (behind(each.start) ? { ...each, start: each.start + delta } : each)),
  };
}

/** With each hunk where it belongs now, or the reason why that cannot be told. */
function placed(review: FileReview): FileReview {
  const { drift, lines, obstacle } = review;
  const hunks = review.hunks.map(({ id, start, removed, added }): PendingHunk => {
    const hunk = { id, start, removed, added };
    const at = placeNow(drift, hunk.start);
    if (!obstacle && !drifted(drift, span(hunk))) return { ...hunk, at };
    const found = obstacle ?? reanchor(hunk, review.base, lines);
    if (typeof found === 'number') return { ...hunk, at: found };
    const within = drift.find(({ base }) => base.start <= hunk.start && base.end >= hunk.start);
    return { ...hunk, at: Math.min(at, within?.now.end ?? lines.length, lines.length), stale: found };
  });
  let end = 0;
  const inOrder = hunks.toSorted((a, b) => a.at - b.at).map((hunk): PendingHunk => {
    if (hunk.stale !== undefined) return hunk;
    // Found where another one is already.
    if (hunk.at < end) return { ...hunk, stale: 'ambiguous' };
    end = hunk.at + hunk.removed.length;
    return hunk;
  });
  return { ...review, hunks: inOrder };
}
