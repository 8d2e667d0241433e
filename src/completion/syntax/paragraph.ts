/** Where a text ends that begins on an empty line: with its paragraph, its block, or at top level its declaration. */
import { isSettled, section } from './construct.ts';
import { bareBlockAround, isAside, isDamaged, isFollowed, nextCode, outermost, trimmed, withTail } from './nodes.ts';
import type { Reading } from './reading.ts';

/** Undefined while the end has not been seen, or cannot be told. */
export function endOfParagraph(reading: Reading): number | undefined {
  const { root, cursor, closings } = reading;
  const first = nextCode(reading, cursor);
  if (first === undefined) return undefined;
  const [closing] = closings;
  const ends = [closing === undefined ? undefined : withTail(reading, closing), endOfDeclaration(reading, first), endOfBareBlock(reading, first), blankLine(reading, first)];
  const end = Math.min(...ends.filter((found) => found !== undefined));
  return end === Infinity || isDamaged(root, cursor, end) ? undefined : end;
}

/** At top level, the first declaration of several lines. */
function endOfDeclaration(reading: Reading, first: number): number | undefined {
  if (reading.open.some(({ closer }) => closer !== '#endif')) return undefined;
  let node = outermost(reading, first, reading.cursor) ?? null;
  if (!node || bareBlockAround(node)) return undefined;
  for (; node && node.endIndex <= reading.end; node = node.nextSibling) {
    const end = trimmed(reading, node.endIndex);
    if (isAside(node) || !reading.source.slice(node.startIndex, end).includes('\n')) continue;
    const whole = withTail(reading, end);
    return isSettled(reading, node, whole) ? whole : undefined;
  }
  return undefined;
}

/** A block without a bracket at its end: by indentation, or up to the next `case`. */
function endOfBareBlock(reading: Reading, first: number): number | undefined {
  const node = outermost(reading, first, reading.cursor);
  const bare = node && bareBlockAround(node);
  const around = bare?.parent ?? node?.parent;
  const block = reading.language.byIndentation ? bare : around && section.test(around.type) ? around : undefined;
  if (!block || !isFollowed(reading, block.endIndex, block.startPosition.column - 1)) return undefined;
  return withTail(reading, trimmed(reading, block.endIndex));
}

/** The first blank line between two statements. */
function blankLine(reading: Reading, first: number): number | undefined {
  const { source, cursor, end, language } = reading;
  const column = outermost(reading, first, cursor)?.startPosition.column ?? 0;
  for (const { index } of source.slice(first, end).matchAll(/\n(?=[ \t]*\n)/g)) {
    const at = first + index + 1;
    // Only the line after it tells whether a block goes on behind it.
    if (language.byIndentation && !isFollowed(reading, at - 1, column)) return undefined;
    if (!outermost(reading, at, cursor)) return trimmed(reading, at);
  }
  return undefined;
}
