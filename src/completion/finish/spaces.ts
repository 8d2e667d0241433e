import { lineAfter, type Hole } from '../hole.ts';

/** No space at the ends of lines, and no blank lines at the end. Two spaces in Markdown are a line break and stay. */
export function trimSpaces(text: string, hole: Hole): string {
  const lines = (lineAfter(hole).trim() === '' ? text.trimEnd() : text).split('\n');
  const trimmed = lines.map((line, index) => {
    const last = index === lines.length - 1;
    // A space may be what parts the text from the rest of the line.
    if (last && lineAfter(hole).trim() !== '') return line;
    return !last && hole.language === 'markdown' && /\S {2}$/.test(line) ? line : line.trimEnd();
  });
  return trimmed.join('\n').replace(/\n+$/, '');
}
