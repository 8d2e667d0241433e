/** Commands that a question can begin with. Pure. */
import type { Given } from '../context/item.ts';
import type { SlashState } from '../protocol/webview.ts';

export type SlashCommand = Omit<SlashState, 'matches'>;

/** What a text that begins with a slash comes to; the chat room has the same. */
export type SlashOutcome =
  | { readonly kind: 'plain' | 'done' | 'back' }
  | { readonly kind: 'ask'; readonly question: string; readonly given: Given };

/** A command and what follows it; undefined for a path, or for a text that only looks like one. */
export function readSlash(text: string): { readonly name: string; readonly argument: string } | undefined {
  const [, name, argument = ''] = /^\/([^\s/]+)(?:\s+([^]*))?$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, argument: argument.trim() };
}

/** Those whose name matches, best first: at its beginning, then anywhere in one piece, then letter by letter. */
export function findCommands(commands: readonly SlashCommand[], query: string): readonly SlashState[] {
  const found = commands.flatMap((command) => {
    const match = matchOf(command.name.toLowerCase(), query.toLowerCase());
    return match ? [{ command, ...match }] : [];
  });
  return found.toSorted((a, b) => a.rank - b.rank).map(({ command, matches }) => ({ ...command, matches }));
}

function matchOf(name: string, query: string): { readonly rank: number; readonly matches: readonly number[] } | undefined {
  const at = name.indexOf(query);
  if (at >= 0) return { rank: at === 0 ? 0 : 1, matches: Array.from(query, (_, index) => at + index).slice(0, query.length) };
  const matches: number[] = [];
  for (const letter of query) {
    const next = name.indexOf(letter, (matches.at(-1) ?? -1) + 1);
    if (next < 0) return undefined;
    matches.push(next);
  }
  return { rank: 2, matches };
}

/** Each name once: a later one that is taken gets a number. */
export function uniqueNames<T extends { readonly name: string }>(taken: readonly string[], commands: readonly T[]): readonly T[] {
  const names = new Set(taken);
  return commands.map((command) => {
    let name = command.name;
    for (let count = 2; names.has(name); count++) name = `${command.name}-${String(count)}`;
    names.add(name);
    return { ...command, name };
  });
}
