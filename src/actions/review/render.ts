/** A review as the text of a document, with what is to be painted on it. Pure. */
import type { Lines } from '../lines.ts';
import type { FileReview, PendingHunk } from './file-review.ts';

export type MarkKind =
  | 'removed'
  | 'added'
  /** Would have been added, and is not to be applied any more. */
  | 'stale';

/** Whole lines of the shown text, from 0; `end` is behind the last. */
export interface Mark {
  readonly kind: MarkKind;
  readonly start: number;
  readonly end: number;
}

export interface ShownHunk {
  readonly hunk: PendingHunk;
  /** Lines of the shown text, removed ones first. A stale hunk that only removes has none. */
  readonly start: number;
  readonly end: number;
}

export interface Rendering {
  readonly lines: Lines;
  readonly marks: readonly Mark[];
  readonly hunks: readonly ShownHunk[];
}

/** The document with each hunk's added lines behind those that it removes. */
export function render({ lines, hunks }: FileReview): Rendering {
  const shown: string[] = [];
  const marks: Mark[] = [];
  const mark = (kind: MarkKind, these: Lines): void => {
    if (these.length > 0) marks.push({ kind, start: shown.length, end: shown.length + these.length });
    shown.push(...these);
  };
  let at = 0;
  const places = hunks.map((hunk): ShownHunk => {
    const from = Math.max(at, hunk.at);
    shown.push(...lines.slice(at, from));
    at = from;
    const start = shown.length;
    if (hunk.stale === undefined) {
      mark('removed', hunk.removed);
      at += hunk.removed.length;
    }
    mark(hunk.stale === undefined ? 'added' : 'stale', hunk.added);
    return { hunk, start, end: shown.length };
  });
  return { lines: [...shown, ...lines.slice(at)], marks, hunks: places };
}

/** Line of the document for one of the shown text; for a line that is not in it, the one that it comes before. */
export function toDocument({ marks }: Rendering, line: number): number {
  return line - marks.reduce((sum, { kind, start, end }) => (kind === 'removed' || start > line ? sum : sum + Math.min(end, line) - start), 0);
}

/** Line of the shown text for one of the document. */
export function toShown({ marks }: Rendering, line: number): number {
  return marks.reduce((at, { kind, start, end }) => (kind !== 'removed' && start <= at ? at + end - start : at), line);
}

/** The hunk that a line of the shown text belongs to; the last line above it counts as well if it has none of its own. */
export function hunkAt({ hunks }: Rendering, line: number): ShownHunk | undefined {
  return hunks.find(({ start, end }) => line >= start && line < Math.max(end, start + 1));
}

/** Lines of the document that a hunk replaces, for people: counted from 1, `last` included. */
export function linesToShow({ at, removed, added }: PendingHunk): { readonly first: number; readonly last: number } {
  return { first: at + 1, last: at + Math.max(1, removed.length > 0 ? removed.length : added.length) };
}
