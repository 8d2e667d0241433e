/** A place in a document, known again by the text around it. Pure. */
import type { Hole } from './hole.ts';

export interface Spot {
  readonly before: string;
  readonly after: string;
}

/** So much on either side tells one place from another, UTF-16 units. */
const context = 500;
/** What the editor writes by itself behind what is typed. */
const autoClosed = /^[)\]}'"`]{1,2}/;

export function spotOf({ prefix, suffix }: Hole): Spot {
  return { before: prefix.slice(-context), after: suffix.slice(0, context) };
}

/**
 * What has been typed at a spot since, if that is a text's beginning.
 * @param ahead UTF-16 units that may have been typed beyond the text, for one that is still growing
 * @returns undefined where it is another place, or something else has been typed
 */
export function typedSince({ before, after }: Spot, text: string, { prefix, suffix }: Hole, ahead = 0): string | undefined {
  const closed = autoClosed.exec(suffix)?.[0].length ?? 0;
  const same = [...Array(closed + 1).keys()].some((skipped) => suffix.slice(skipped, skipped + context) === after);
  if (!same) return undefined;
  for (let length = 0; length <= Math.min(text.length + ahead, prefix.length); length++) {
    const place = prefix.length - length;
    const typed = prefix.slice(place);
    if (!text.startsWith(typed) && !typed.startsWith(text)) continue;
    if (prefix.slice(Math.max(0, place - context), place) === before) return typed;
  }
  return undefined;
}
