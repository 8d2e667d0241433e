/** Where a person has edited of late, kept as lines of documents while these change. Pure: times come from the caller. */
import { excerptOf, lineNumbers, type Excerpt } from './excerpts.ts';

/** Lines count from 0; `end` is the last one. */
export interface Edit {
  readonly document: string;
  readonly start: number;
  readonly end: number;
  /** The line that was changed last. */
  readonly latest: number;
  /** When, ms. */
  readonly at: number;
}

/** What a document's change event says. */
export interface Change {
  readonly document: string;
  /** The first and the last line of what was replaced. */
  readonly start: number;
  readonly end: number;
  /** Line breaks in the new text. */
  readonly breaks: number;
  /** When, ms. */
  readonly at: number;
}

/** Edits that are remembered. */
const most = 12;
/** An edit counts for so long, ms. */
const lifetime = 10 * 60_000;
/** Edits with fewer lines between them are one. */
const near = 4;
/** A larger change is a file that was replaced or formatted, and no edit; lines. */
const largest = 40;
/** Shown around an edit, and at most on either side of its latest line. */
const margin = 3;
const reach = 12;

/** @returns the edits after one more change, newest first */
export function noteEdit(edits: readonly Edit[], { document, start, end, breaks, at }: Change): Edit[] {
  const shift = breaks - (end - start);
  const small = breaks <= largest && end - start <= largest;
  // What a large change replaces is gone with it; what a small one touches is the same edit, going on.
  const range = small ? near : 0;
  let edit: Edit = { document, start, end: start + breaks, latest: start + breaks, at };
  const others: Edit[] = [];
  for (const other of edits) {
    if (other.document !== document || other.end < start - range) others.push(other);
    else if (other.start > end + range) others.push({ ...other, start: other.start + shift, end: other.end + shift, latest: other.latest + shift });
    else edit = { ...edit, start: Math.min(edit.start, other.start), end: Math.max(edit.end, other.end > end ? other.end + shift : edit.end) };
  }
  return (small ? [edit, ...others] : others).slice(0, most);
}

/** Those that still count. */
export function freshEdits(edits: readonly Edit[], now: number): Edit[] {
  return edits.filter(({ at }) => now - at <= lifetime);
}

/** The lines of an edit as they are now, with a few around it. */
export function editExcerpt({ start, end, latest }: Edit, path: string, lines: readonly string[]): Excerpt {
  return excerptOf(path, lines, lineNumbers(Math.max(start - margin, latest - reach), Math.min(end + margin, latest + reach)));
}
