import fc from 'fast-check';
import type { Token } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { renameCases } from '../../../bench/edits/cases.ts';
import { Lookup } from '../../../src/engine/lookup.ts';

/** A token is a word, a run of spaces or a sign. */
const vocabulary = new Map<string, Token>();
function tokens(text: string): Token[] {
  return (text.match(/[A-Za-z]+|\d|\s+|[^\s\w]|_/g) ?? []).map((piece) => {
    const token = vocabulary.get(piece) ?? (vocabulary.size as Token);
    vocabulary.set(piece, token);
    return token;
  });
}
const [mark] = tokens('#');
const words = (list: readonly Token[]): string => list.map((token) => [...vocabulary].find(([, other]) => other === token)?.[0]).join('');

function after(text: string): Lookup {
  const lookup = new Lookup((token) => token === mark);
  lookup.push(...tokens(text));
  return lookup;
}

/** Writes a text with the help of guesses. @returns evaluations that it took */
function write(lookup: Lookup, text: readonly Token[]): number {
  let steps = 0;
  for (let at = 0; at < text.length; steps++) {
    const guesses = lookup.guess(text.length);
    let right = 0;
    while (right < guesses.length && guesses[right] === text[at + right]) right++;
    lookup.push(...text.slice(at, at + right + 1));
    at += right + 1;
  }
  return steps;
}

describe('a lookup', () => {
  it('guesses nothing where nothing has come before', () => {
    expect(after('one two three').guess(15)).toEqual([]);
    expect(new Lookup(() => false).guess(15)).toEqual([]);
  });

  it('goes on as it did before, and not on less than three tokens', () => {
    expect(words(after('a b c d e f; a b').guess(15))).toBe(' c ');
    expect(words(after('a b c d e f;b').guess(15))).toBe('');
  });

  it('guesses three, then twice as many and one each time that all were right, and three after a wrong one', () => {
    const text = 'a b c d e f g h i j k l m n o p q r s t u v w x y z ';
    const lookup = after(`${text}${text}; a b`);
    const lengths: number[] = [];
    for (let round = 0; round < 4; round++) {
      const guesses = lookup.guess(100);
      lengths.push(guesses.length);
      lookup.push(...guesses);
    }
    expect(lengths).toEqual([3, 7, 15, 15]);
    lookup.guess(100);
    lookup.push(...tokens('!a b c'));
    expect(lookup.guess(100)).toHaveLength(3);
  });

  it('guesses no more than there is room for', () => {
    expect(after('a b c d e f; a b').guess(2)).toHaveLength(2);
    expect(after('a b c d e f; a b').guess(0)).toEqual([]);
    expect(after('a b c d e f; a b').guess(-1)).toEqual([]);
  });

  it('never guesses a mark', () => {
    expect(words(after('a b c#d; a b').guess(15))).toBe(' c');
    expect(after('a b#c; a b').guess(15)).toEqual([]);
  });

  it('of several runs takes the one behind the place it was at', () => {
    const lookup = after('x = f(1); y = f(2); z = f(3); x = f(4); ... ');
    write(lookup, tokens('x = f(1); y = g('));
    expect(words(lookup.guess(3))).toBe('2);');
  });

  it('makes a change again where its occasion comes again', () => {
    const lookup = after('export let total = 0; total += a; total += b; return total; ... ');
    write(lookup, tokens('export let sum = 0;'));
    expect(words(lookup.guess(3))).toBe(' sum ');
  });

  it('does not insist on a change', () => {
    const lookup = after('export let total = 0; total += a; total += b; return total; ... ');
    write(lookup, tokens('export let sum = 0;'));
    lookup.guess(3);
    lookup.push(...tokens(' total'));
    expect(words(lookup.guess(3))).toBe(' +=');
  });

  it('writes a function with a name changed in a fifth of the steps', () => {
    for (const { before, after: changed } of renameCases()) {
      const text = tokens(`${changed.join('\n')}\n`);
      expect(write(after(`${before.join('\n')}\n#`), text) / text.length).toBeLessThan(0.2);
    }
  });

  it('gives nothing but tokens that have come before, whatever the text', () => {
    const letters = fc.array(fc.constantFrom(...tokens('abcd')), { maxLength: 60 });
    fc.assert(
      fc.property(letters, letters, (prompt, answer) => {
        const lookup = new Lookup(() => false);
        lookup.push(...prompt);
        const seen = new Set(prompt);
        for (const token of answer) {
          const guesses = lookup.guess(15);
          expect(guesses.length).toBeLessThanOrEqual(15);
          expect(guesses.every((guess) => seen.has(guess))).toBe(true);
          lookup.push(token);
          seen.add(token);
        }
      }),
    );
  });
});
