/** The answers about one text. */
import { lineBefore, type Hole } from '../hole.ts';
import { constructAt, endOfConstruct } from './construct.ts';
import { isDamaged, leafAt, outermost, trimmed } from './nodes.ts';
import { endOfParagraph } from './paragraph.ts';
import { read, type Reader, type Reading } from './reading.ts';

/** @returns UTF-16 units of the text; undefined while its end has not been seen, or cannot be told */
export function endOf(reader: Reader, text: string, hole: Hole): number | undefined {
  return read(reader, text, hole, (reading) => {
    const end = endIn(reading, hole);
    return end === undefined ? undefined : end - reading.cursor;
  });
}

function endIn(reading: Reading, hole: Hole): number | undefined {
  const { root, cursor, limited } = reading;
  // The HTML around PHP is no code to its grammar.
  if (leafAt(reading, cursor)?.type === 'text') return undefined;
  const construct = constructIn(reading, hole);
  const end = construct ? endOfConstruct(reading, construct) : endOfParagraph(reading);
  if (end !== undefined || !limited || isDamaged(root, cursor, reading.end)) return end;
  return trimmed(reading, reading.end);
}

function constructIn(reading: Reading, hole: Hole): ReturnType<typeof constructAt> {
  return lineBefore(hole).trim() === '' ? undefined : constructAt(reading);
}

/** Whether nothing that began in the text would be cut apart at `end`, UTF-16 units of it. True where it cannot be told. */
export function mayEnd(reader: Reader, text: string, hole: Hole, end: number): boolean {
  return (
    read(reader, text, hole, (reading) => {
      const at = reading.cursor + end;
      if (at >= reading.end || isDamaged(reading.root, reading.cursor, at)) return true;
      return outermost(reading, at, reading.cursor) === undefined && !goesOn(reading, hole, at);
    }) ?? true
  );
}

/** Whether the cursor's construct goes on behind what it opened on the cursor's line: with an `else`, say. */
function goesOn(reading: Reading, hole: Hole, at: number): boolean {
  const [closing = Infinity] = reading.closings;
  const construct = constructIn(reading, hole);
  return construct !== undefined && construct.endIndex > at + 1 && (reading.language.byIndentation === true || closing <= at);
}
