import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathMatcher, type PathMatch } from '../../../../src/context/index/path-match.ts';

const paths = ['src/chat/store.ts', 'src/chat/store-files.ts', 'src/webview/shared/store.ts', 'test/unit/chat/store.test.ts', 'src/completion/neighbours/choose.ts', 'src/chat', 'src/context/index/path-match.ts', 'README.md', 'src/ChatSession.ts'];
const best = (query: string): string | undefined => new PathMatcher(paths).match(query, 1)[0]?.path;
const matchPath = (query: string, path: string): PathMatch | undefined => new PathMatcher([path]).match(query, 1)[0];

describe('path matching', () => {
  it.each([
    ['store', 'src/chat/store.ts'],
    ['store.ts', 'src/chat/store.ts'],
    ['stofil', 'src/chat/store-files.ts'],
    ['shared store', 'src/webview/shared/store.ts'],
    ['store shared', 'src/webview/shared/store.ts'],
    ['w/s/store', 'src/webview/shared/store.ts'],
    ['w\\s\\store', 'src/webview/shared/store.ts'],
    ['chat', 'src/chat'],
    ['cs', 'src/ChatSession.ts'],
    ['pm', 'src/context/index/path-match.ts'],
    ['readme', 'README.md'],
  ])('%s finds %s first', (query, path) => {
    expect(best(query)).toBe(path);
  });

  it('gives the best of many, in the same order whatever theirs', () => {
    const found = (all: readonly string[]): string[] => new PathMatcher(all).match('s', 4).map(({ path }) => path);
    expect(found(paths)).toHaveLength(4);
    expect(found(paths.toReversed())).toEqual(found(paths));
    for (const { path, index } of new PathMatcher(paths).match('s', 4)) expect(paths[index]).toBe(path);
  });

  it('wants the characters in their order', () => {
    expect(matchPath('erots', 'src/chat/store.ts')).toBeUndefined();
    expect(matchPath('storee', 'src/chat/store.ts')).toBeUndefined();
  });

  it('says which characters match, at the beginnings of words where it can', () => {
    expect(matchPath('sf', 'src/chat/store-files.ts')?.matches).toEqual([9, 15]);
    expect(matchPath('store', 'src/chat/store.ts')?.matches).toEqual([9, 10, 11, 12, 13]);
    expect(matchPath('', 'a')?.matches).toEqual([]);
  });

  it('of any path and what is typed gives places that spell it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '/', '.', '-', 'İ', 'ß'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (query, path) => {
        const match = matchPath(query, path);
        const within = Array.from(query.toLowerCase()).reduce<number>((from, character) => (from < 0 ? from : path.toLowerCase().indexOf(character, from) + 1 || -1), 0) >= 0;
        // Characters whose lower case is longer are compared as they are.
        if (!(query + path).includes('İ')) expect(match !== undefined).toBe(within);
        expect(match?.matches.map((place) => path[place]?.toLowerCase()).join('') ?? query.toLowerCase()).toBe(query.toLowerCase());
      }),
    );
  });
});
