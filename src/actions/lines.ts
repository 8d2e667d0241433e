/** Texts as lines. Pure. */

/** Lines without their ends. */
export type Lines = readonly string[];

export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

export function sameLines(a: Lines, b: Lines): boolean {
  return a === b || (a.length === b.length && a.every((line, index) => line === b[index]));
}

/** Also what is not there. */
export function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** In columns; a tab reaches to the next multiple of four. */
export function indentation(line = ''): number {
  let column = 0;
  for (const character of line) {
    if (character === '\t') column += 4 - (column % 4);
    else if (character === ' ') column++;
    else break;
  }
  return column;
}
