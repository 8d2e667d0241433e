/** Finding text as people type it: without regard to case, accents or width. Pure. */

/** A line of text around a match, and where in it the match is (UTF-16 offsets). */
export interface Excerpt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const contextBefore = 40;
const contextAfter = 80;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Text as it is compared: "Résumé", "RESUME" and "ｒｅｓｕｍｅ" become one. Only the accents of alphabets go;
 * the marks of kana and the parts of Hangul syllables tell words apart and stay.
 */
export function fold(text: string): string {
  const plain = text.normalize('NFKD').toUpperCase().toLowerCase();
  return plain
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

/** The first line of a text in which a folded query occurs. */
export function findText(text: string, query: string): Excerpt | undefined {
  if (!fold(text).includes(query)) return undefined;
  for (const line of text.split(/[\r\n]+/)) {
    const at = fold(line).indexOf(query);
    if (at >= 0) return excerpt(line, ...original(line, at, at + query.length));
  }
  return undefined;
}

/** Offsets in a folded line as offsets in the line itself, widened to whole characters as people see them. */
function original(line: string, from: number, to: number): [start: number, end: number] {
  let folded = 0;
  let start = 0;
  for (const { index, segment } of graphemes.segment(line)) {
    if (folded <= from) start = index;
    folded += fold(segment).length;
    if (folded >= to) return [start, index + segment.length];
  }
  return [start, line.length];
}

function excerpt(line: string, start: number, end: number): Excerpt {
  const from = boundary(line, start - contextBefore);
  const to = boundary(line, end + contextAfter);
  const head = from > 0 ? '…' : '';
  const tail = to < line.length ? '…' : '';
  const shift = head.length - from;
  return { text: head + line.slice(from, to) + tail, start: start + shift, end: end + shift };
}

/** The start of the character that an offset falls into. */
function boundary(line: string, offset: number): number {
  if (offset <= 0) return 0;
  return graphemes.segment(line).containing(offset)?.index ?? line.length;
}
