/**
 * What of a document a completion is asked with, chosen so that the model reads next to nothing again at each key. Pure.
 *
 * The prompt is prefix, suffix, typed: what is typed on the cursor's line follows `<|fim_middle|>`, so that a key adds
 * a token at the very end. The prefix ends where the line begins, and it begins where the last one did, as long as that
 * will do: a window that slid line by line would be read anew at each line.
 */
import { lineBefore, type Hole } from './hole.ts';

/** Together exactly a stretch of the document, with the cursor between `typed` and `suffix`. */
export interface Anchored {
  readonly prefix: string;
  /** The cursor's line up to the cursor, or the end of it where the line is very long. */
  readonly typed: string;
  readonly suffix: string;
}

/** Most of either side, UTF-16 units. A prefix may grow by half as much again before its beginning moves. */
export interface Reach {
  readonly prefix: number;
  readonly suffix: number;
}

/** A line longer than this is anchored in the middle, at a multiple of it, UTF-16 units. */
const longLine = 256;
/** The beginning of a window is known again by its first so many units. */
const landmark = 200;

export function anchorAt(hole: Hole, previous: Anchored | undefined, reach: Reach): Anchored {
  const line = lineBefore(hole);
  const typed = line.slice(whole(line, Math.floor(line.length / longLine) * longLine));
  const above = hole.prefix.slice(0, hole.prefix.length - typed.length);
  const start = keptStart(above, previous, reach) ?? windowStart(above, reach.prefix);
  return { prefix: above.slice(start), typed, suffix: hole.suffix.slice(0, windowEnd(hole.suffix, reach.suffix)) };
}

/** Where the last window begins in the text above, if it is still there and the window would not grow too large. */
function keptStart(above: string, previous: Anchored | undefined, reach: Reach): number | undefined {
  if (!previous?.prefix) return undefined;
  const at = above.lastIndexOf(previous.prefix.slice(0, landmark));
  return at >= 0 && above.length - at <= reach.prefix * 1.5 ? at : undefined;
}

/** The beginning of the first line that is within reach, or a place within the line where it is too long. */
function windowStart(text: string, reach: number): number {
  const earliest = Math.max(0, text.length - reach);
  if (earliest === 0) return 0;
  const lineEnd = text.indexOf('\n', earliest - 1);
  return lineEnd >= 0 && lineEnd + 1 < text.length ? lineEnd + 1 : whole(text, earliest);
}

/** The end of the last line that is within reach, or a place within it where it is too long. */
function windowEnd(text: string, reach: number): number {
  if (text.length <= reach) return text.length;
  const lineEnd = text.lastIndexOf('\n', reach - 1);
  return lineEnd > 0 ? lineEnd + 1 : whole(text, reach);
}

/** Moves a place out of the middle of a surrogate pair. */
function whole(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return place > 0 && code >= 0xdc00 && code <= 0xdfff ? place - 1 : place;
}
