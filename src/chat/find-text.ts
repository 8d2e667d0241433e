/** Finding text as people type it: without regard to case, accents or width. Pure. */

const contextBefore = 40;
const contextAfter = 80;

let segmenter: Intl.Segmenter | undefined;
/** Loads its tables when first asked, in about 17 ms: not with the module, which is loaded at activation. */
function graphemes(line: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(line);
}

/**
 * Text as it is compared: "Résumé", "RESUME" and "ｒｅｓｕｍｅ" become one. Only the accents of alphabets go;
 * the marks of kana and the parts of Hangul syllables tell words apart and stay.
 */
export function fold(text: string): string {
  // Uppercase first: it makes "ß" and "ss" one, and lowercase alone would tell a final sigma from the others.
  const cased = text.normalize('NFKD').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return cased.replace(/[\u0300-\u036f]/g, '').normalize('NFC');
}

/** The first line of a text in which a folded query occurs, cut to what is around the match. */
export function findText(text: string, query: string): string | undefined {
  if (!fold(text).includes(query)) return undefined;
  for (const line of text.split(/[\r\n]+/)) {
    const at = fold(line).indexOf(query);
    if (at >= 0) return excerpt(line, offsetOf(line, at) - contextBefore, offsetOf(line, at + query.length) + contextAfter);
  }
  return undefined;
}

/** Where in a line the character is that an offset of the folded line falls into. */
function offsetOf(line: string, foldedOffset: number): number {
  let folded = 0;
  for (const { index, segment } of graphemes(line)) {
    folded += fold(segment).length;
    if (folded > foldedOffset) return index;
  }
  return line.length;
}

function excerpt(line: string, from: number, to: number): string {
  const start = boundary(line, from);
  const end = boundary(line, to);
  return `${start > 0 ? '…' : ''}${line.slice(start, end).trim()}${end < line.length ? '…' : ''}`;
}

/** The start of the character, as people see it, that an offset falls into: none is cut in two. */
function boundary(line: string, offset: number): number {
  if (offset <= 0) return 0;
  return graphemes(line).containing(offset)?.index ?? line.length;
}
