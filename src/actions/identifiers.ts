/** Names that code uses, those first that say most about it. Pure. */
import type { Lines } from './lines.ts';

export interface Identifier {
  readonly name: string;
  /** Of its first use, from 0. */
  readonly line: number;
  /** UTF-16 units from the beginning of the line. */
  readonly character: number;
}

/** Words that mean the same in all code, or belong to the language: nobody needs them explained. */
const plain = new Set(
  (
    'abstract and any as assert async await base bool boolean break byte case catch chan char class const constructor continue crate data debugger declare def default defer ' +
    'del delegate delete do double dyn elif else end ensure enum except explicit export extends extern false final finally float fn for foreach friend from func function ' +
    'get global go goto if impl implements import in include init inline instanceof int interface internal is item key keyof lambda let lock long loop main map match mod ' +
    'module move mut namespace never new nil none not null number object of operator or out override package pass private property protected protocol pub public raise ' +
    'range readonly record ref register require rescue return sealed self set short signed sizeof static str string struct super switch symbol template then this throw throws trait true ' +
    'try type typedef typeof undefined union unknown unless unsafe unsigned until use using val value var virtual void volatile when where while with yield ' +
    'console len print println args kwargs length push'
  ).split(' '),
);
/** What is neither a name nor code: strings on one line, and comments to the end of one. */
const silent = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*.*$|(?:^|\s)#(?![[{]).*$/g;

/**
 * Each name once. Types and what is called come first, then what is used most.
 * @param first number of the first line, from 0
 */
export function identifiersIn(lines: Lines, first: number, limit: number): Identifier[] {
  const found = new Map<string, { readonly identifier: Identifier; uses: number; called: boolean }>();
  lines.forEach((text, index) => {
    // Blanks in their place keep the columns.
    const code = text.replace(silent, (match) => ' '.repeat(match.length));
    for (const match of code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
      const [name] = match;
      if (name.length < 2 || plain.has(name.toLowerCase())) continue;
      const called = /^\s*(?:<[^<>]*>)?\(/.test(code.slice(match.index + name.length));
      const known = found.get(name);
      if (known) {
        known.uses++;
        known.called ||= called;
      } else found.set(name, { identifier: { name, line: first + index, character: match.index }, uses: 1, called });
    }
  });
  const weight = ({ identifier, uses, called }: { readonly identifier: Identifier; readonly uses: number; readonly called: boolean }): number =>
    (called ? 4 : 0) + (/^\p{Lu}.*\p{Ll}/u.test(identifier.name) ? 4 : 0) + Math.min(uses, 4) / 2;
  return [...found.values()]
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, limit)
    .map(({ identifier }) => identifier);
}
