/** What hovering over a name shows, as a line or three of plain text. Pure. */

const mostLines = 3;
const mostCharacters = 240;

/**
 * The signature, which stands in a fence; without one, the first words. Empty where there is nothing to read.
 * @param contents Markdown, as providers give it
 */
export function hoverText(contents: readonly string[]): string {
  const all = contents.join('\n\n').replace(/\r\n?/g, '\n');
  const code = /^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)(?:\n[ \t]*\1|(?![\s\S]))/m.exec(all)?.[2];
  const lines = (code ?? all.replace(/<[^>]*>/g, ''))
    .split('\n')
    .map((line) => line.trim())
    // An import says nothing but where the name comes from.
    .filter((line) => line !== '' && !/^(?:import\b|-{3,}$)/.test(line))
    .slice(0, code === undefined ? 1 : mostLines);
  const text = lines.join(' ');
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
