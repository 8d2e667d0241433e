import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHunks, hunksBetween } from '../../../../src/actions/edits/hunks.ts';
import { reanchor } from '../../../../src/actions/edits/reanchor.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '  x', '}'), { maxLength: 14, size: 'max' });

describe('hunks', () => {
  it('all applied are the proposal, none the original', () => {
    fc.assert(
      fc.property(lines, lines, (original, proposal) => {
        const hunks = hunksBetween(original, proposal);
        expect(applyHunks(original, hunks)).toEqual(proposal);
        expect(applyHunks(original, [])).toEqual(original);
      }),
      { numRuns: 1000 },
    );
  });

  it('never touch, and change something each', () => {
    fc.assert(
      fc.property(lines, lines, (original, proposal) => {
        let end = -1;
        for (const { start, removed, added } of hunksBetween(original, proposal)) {
          expect(start).toBeGreaterThan(end);
          expect(removed).not.toEqual(added);
          end = start + removed.length;
        }
      }),
    );
  });

  it('of a changed line are that line alone', () => {
    expect(hunksBetween(['a', 'b', 'c'], ['a', 'B', 'c'])).toEqual([{ start: 1, removed: ['b'], added: ['B'] }]);
  });
});

describe('a hunk in a document that has changed', () => {
  const original = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
  const [five] = hunksBetween(original, original.with(4, 'FIVE'));
  if (!five) throw new Error('no hunk');

  it('moves with what is typed before it', () => {
    expect(reanchor(five, original, ['zero', ...original])).toBe(5);
  });

  it('is stale once its lines have changed', () => {
    expect(reanchor(five, original, original.with(4, 'fünf'))).toBe('changed');
    expect(reanchor(five, original, original.toSpliced(4, 1))).toBe('changed');
  });

  it('is stale where its lines stand twice', () => {
    expect(reanchor(five, original, ['x', ...original, ...original])).toBe('ambiguous');
  });

  it('that only adds lines is found by what stands around it', () => {
    const [added] = hunksBetween(original, original.toSpliced(4, 0, 'new'));
    if (!added) throw new Error('no hunk');
    expect(reanchor(added, original, ['zero', ...original])).toBe(5);
    expect(reanchor(added, original, original.with(4, 'changed'))).toBe('changed');
  });

  it('changes nothing but its own lines, wherever it is found', () => {
    fc.assert(
      fc.property(lines, lines, lines, fc.nat(14), (before, proposal, typed, at) => {
        for (const each of hunksBetween(before, proposal)) {
          const now = before.toSpliced(Math.min(at, before.length), 0, ...typed);
          const found = reanchor(each, before, now);
          if (typeof found !== 'number') continue;
          expect(now.slice(found, found + each.removed.length)).toEqual(each.removed);
        }
      }),
    );
  });
});
