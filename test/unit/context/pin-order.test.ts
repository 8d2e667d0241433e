import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderPinned } from '../../../src/context/pin-order.ts';

const file = (path: string, content = path): { path: string; content: string } => ({ path, content });
const paths = (items: readonly { path: string }[]): string[] => items.map(({ path }) => path);

describe('orderPinned', () => {
  it('is as they were added, at first', () => {
    expect(paths(orderPinned([file('b'), file('a')], []))).toEqual(['b', 'a']);
  });

  it('keeps the order in which they were sent, whatever order they come in', () => {
    expect(paths(orderPinned([file('a'), file('b'), file('c')], [file('c'), file('a'), file('b')]))).toEqual(['c', 'a', 'b']);
  });

  it('puts what has changed behind what has not, and what is new behind both', () => {
    expect(paths(orderPinned([file('new'), file('a', 'changed'), file('b'), file('c')], [file('a'), file('b'), file('c')]))).toEqual(['b', 'c', 'a', 'new']);
  });

  it('begins with all that is unchanged, and loses nothing', () => {
    const items = fc.uniqueArray(fc.record({ path: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), content: fc.constantFrom('x', 'y') }), { selector: ({ path }) => path });
    fc.assert(
      fc.property(items, items, (now, last) => {
        const ordered = orderPinned(now, last);
        expect([...ordered].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([...now].sort((a, b) => (a.path < b.path ? -1 : 1)));
        const same = last.filter(({ path, content }) => now.some((item) => item.path === path && item.content === content));
        expect(ordered.slice(0, same.length)).toEqual(same);
      }),
    );
  });
});
