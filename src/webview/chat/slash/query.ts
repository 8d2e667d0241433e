import type { Query } from '../list-menu/use-list-menu.ts';

/** The longest query that the host takes, in UTF-16 units. */
const longest = 256;

/**
 * The name of a command, while the caret is in it: the first word of a text that begins with a slash. A second slash
 * makes it a path.
 */
export function slashAt(text: string, caret: number): Query | undefined {
  const [word = ''] = /^\/[^\s/]*(?![^\s])/.exec(text) ?? [];
  if (word === '' || caret < 1 || caret > word.length || caret > longest) return undefined;
  return { start: 0, end: word.length, text: text.slice(1, caret) };
}
