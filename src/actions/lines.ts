/** Texts as lines. Pure. */

/** Lines without their ends. */
export type Lines = readonly string[];

export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

export function sameLines(a: Lines, b: Lines): boolean {
  return a === b || (a.length === b.length && a.every((line, index) => line === b[index]));
}
