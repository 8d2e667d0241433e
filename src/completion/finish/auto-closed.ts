import { balance } from '../brackets.ts';
import { lineAfter, type Hole } from '../hole.ts';

/**
 * How much of the cursor's line the text takes the place of. The editor has closed brackets, quotes and tags as they were
 * typed; where the text closes them itself, they must not stand there twice.
 * @returns UTF-16 units after the cursor
 */
export function replacedAfter(text: string, hole: Hole): number {
  if (!beginsClosed(hole)) return 0;
  const after = lineAfter(hole).trimEnd();
  const end = text.trimEnd();
  const closers = closersOf(end, hole.language);
  return sharedEnd(end, after, closers) || broughtInTurn(end, after, closers);
}

/** How much of the line's rest the text ends with, as its own closing of it, UTF-16 units. */
export function closedAtEnd(text: string, hole: Hole): number {
  const end = text.trimEnd();
  return beginsClosed(hole) ? sharedEnd(end, lineAfter(hole).trimEnd(), closersOf(end, hole.language)) : 0;
}

function sharedEnd(text: string, after: string, closers: ReadonlySet<number>): number {
  for (let length = after.length; length > 0; length--) {
    if (text.endsWith(after.slice(0, length)) && closers.has(text.length - length)) return length;
  }
  return 0;
}

/** `} else {` closes a bracket in its middle, and goes on. */
function broughtInTurn(text: string, after: string, closers: ReadonlySet<number>): number {
  const places = [...closers].sort((a, b) => a - b);
  let count = 0;
  for (const character of after) {
    const place = places.shift();
    const brought = place === undefined ? /[;,]/.test(character) && count > 0 && text.endsWith(character) : text[place] === character;
    if (!brought) break;
    count++;
  }
  return count;
}

/** Whether what stands after the cursor begins by closing something. */
export function beginsClosed(hole: Hole): boolean {
  return /^(?:[)\]}'"`>]|<\/)/.test(lineAfter(hole));
}

/** Places in a text where it closes what it has not opened itself. */
function closersOf(text: string, language: string): Set<number> {
  const places = new Set(balance(text, [], language).unmatched.map(({ index }) => index));
  for (const quote of ['"', "'", '`']) {
    const found = [...text.matchAll(/\\.|["'`]/g)].filter(([one]) => one === quote);
    if (found.length % 2 === 1) places.add(found.at(-1)?.index ?? -1);
  }
  let angles = 0;
  for (const { 0: angle, index } of text.matchAll(/(?<![=\-\s])>|<(?=\w)/g)) {
    angles += angle === '<' ? 1 : -1;
    if (angles < 0) places.add(index);
  }
  const closing = /<\/([\w-]+)>$/.exec(text);
  if (closing) {
    const count = (start: string): number => text.split(new RegExp(`${start}${closing[1] ?? ''}\\b`)).length - 1;
    if (count('</') > count('<')) places.add(closing.index);
  }
  return places;
}
