import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces } from '../../../src/webview/chat/list-menu/label.tsx';
import { moved } from '../../../src/webview/chat/list-menu/moved.ts';
import { queryAt, queryFrom, replacement } from '../../../src/webview/chat/mention/query.ts';

/** The query at the bar in the text. */
function at(marked: string): string | undefined {
  const caret = marked.indexOf('|');
  return queryAt(marked.replace('|', ''), caret)?.text;
}

describe('the query at the caret', () => {
  it.each([
    ['@|', ''],
    ['@st|', 'st'],
    ['look at @src/server/str|', 'src/server/str'],
    ['look at @st|ream', 'st'],
    ['(@a|', 'a'],
    ['first,@a|', 'a'],
    ['one\n@a|', 'a'],
    ['@types/node and @node_modules/@types/n|', 'node_modules/@types/n'],
    ['解释@流|', '流'],
    ['解释，@str|', 'str'],
    ['𠮷@a|', 'a'],
  ])('in %j is %j', (text, query) => expect(at(text)).toBe(query));

  it.each(['|@st', 'me@example|', 'me.too@example.com|', 'a_@b|', 'x1@b|', '@done |', '@done\n|', '@@|', 'a/@b|', '`@Injectable|', 'no sign|', '|', `@${'x'.repeat(257)}|`])('in %j is none', (text) => expect(at(text)).toBeUndefined());

  it('is never longer than the host takes, has no space, and is what stands there', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('@', 'a', ' ', '\n', '/', '中', '(') }), fc.nat(), (text, where) => {
        const caret = where % (text.length + 1);
        const query = queryAt(text, caret);
        if (!query) return;
        expect(query.text).not.toMatch(/\s/);
        expect(query.text.length).toBeLessThanOrEqual(256);
        expect(text.slice(query.start, query.end)).toBe(`@${query.text}`);
        expect(query.end).toBe(caret);
      }),
    );
  });
});

describe('a query without a sign', () => {
  it('goes from where it began to the caret', () => {
    expect(queryFrom('why str', 4, 7)).toEqual({ start: 4, end: 7, text: 'str' });
    expect(queryFrom('why', 3, 3)).toEqual({ start: 3, end: 3, text: '' });
  });
  it('ends at a space, and where the caret goes before it', () => {
    expect(queryFrom('why str ', 4, 8)).toBeUndefined();
    expect(queryFrom('why str', 4, 3)).toBeUndefined();
  });
});

describe('what takes the place of a query', () => {
  const replaced = (marked: string, insert: string): string => {
    const text = marked.replace('|', '');
    const query = queryAt(text, marked.indexOf('|'));
    if (!query) throw new Error('There is no query.');
    const change = replacement(text, query, insert);
    return `${text.slice(0, change.start)}${change.insert}|${text.slice(change.end)}`;
  };
  it.each([
    ['in the style of @st| please', 'stream.ts', 'in the style of stream.ts| please'],
    ['fix @pro| please', '', 'fix |please'],
    ['fix @pro|', '', 'fix |'],
    ['@pro| please', '', '|please'],
    ['(@pro| x', '', '(| x'],
  ])('in %j with %j makes %j', (before, insert, after) => expect(replaced(before, insert)).toBe(after));
});

describe('the keys in the menu', () => {
  it.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 9, 0],
    ['ArrowUp', 0, 9],
    ['PageDown', 0, 8],
    ['PageDown', 5, 9],
    ['PageUp', 5, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
    ['ArrowLeft', 5, undefined],
  ])('%s leads from line %d of ten to %s', (key, from, to) => expect(moved(key, from, 10)).toBe(to));
  it('lead nowhere in an empty list', () => expect(moved('ArrowDown', 0, 0)).toBeUndefined());
});

describe('a label', () => {
  it('is cut where matching begins and ends', () => {
    expect(pieces('stream.ts', [0, 1, 7])).toEqual([
      { text: 'st', matched: true },
      { text: 'ream.', matched: false },
      { text: 't', matched: true },
      { text: 's', matched: false },
    ]);
  });
  it('loses nothing, whatever matches', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(20)), (label, matches) => {
        expect(pieces(label, matches).map(({ text }) => text).join('')).toBe(label);
      }),
    );
  });
});
