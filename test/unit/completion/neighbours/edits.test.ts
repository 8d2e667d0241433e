import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editExcerpt, freshEdits, noteEdit, type Change, type Edit } from '../../../../src/completion/neighbours/edits.ts';

const minute = 60_000;

function change(start: number, end: number, breaks: number, at = 0, document = 'a'): Change {
  return { document, start, end, breaks, at };
}

const after = (...changes: Change[]): Edit[] => changes.reduce<Edit[]>((edits, next) => noteEdit(edits, next), []);
const ranges = (edits: readonly Edit[]): [number, number][] => edits.map(({ start, end }) => [start, end]);

describe('edits', () => {
  it('next to each other are one, and newest first', () => {
    const edits = after(change(10, 10, 0, 1), change(50, 50, 0, 2), change(11, 11, 2, 3));
    expect(ranges(edits)).toEqual([
      [10, 13],
      [52, 52],
    ]);
    expect(edits[0]?.at).toBe(3);
  });

  it('move with their lines', () => {
    expect(ranges(after(change(50, 50, 0), change(10, 10, 5)))).toEqual([
      [10, 15],
      [55, 55],
    ]);
    expect(ranges(after(change(50, 50, 0), change(10, 20, 0)))).toEqual([
      [10, 10],
      [40, 40],
    ]);
  });

  it('of one document leave those of another alone', () => {
    expect(ranges(after(change(10, 10, 0, 0, 'b'), change(10, 10, 3)))).toEqual([
      [10, 13],
      [10, 10],
    ]);
  });

  it('that replace a file are none, and end those within', () => {
    expect(ranges(after(change(10, 10, 0), change(200, 200, 0), change(0, 100, 90)))).toEqual([[190, 190]]);
    expect(after(change(0, 0, 41))).toEqual([]);
  });

  it('are forgotten after ten minutes, and beyond a dozen', () => {
    const edits = after(...Array.from({ length: 20 }, (_, index) => change(index * 20, index * 20, 0, index * minute)));
    expect(edits).toHaveLength(12);
    expect(freshEdits(edits, 21 * minute).map(({ at }) => at / minute)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11]);
  });

  it('are shown with a few lines around, and not in all their length', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index}`);
    const shown = (edits: readonly Edit[]): number[] => [...(edits[0] ? editExcerpt(edits[0], 'a.ts', lines).lines.keys() : [])];
    expect(shown(after(change(10, 10, 1)))).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
    const long = shown(after(...Array.from({ length: 40 }, (_, index) => change(10 + index, 10 + index, 1))));
    expect([long[0], long.at(-1)]).toEqual([38, 53]);
  });

  it('point at the text that was written, whatever was written elsewhere', () => {
    const step = fc.record({ place: fc.nat(100), removed: fc.nat(3), breaks: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        let lines = Array.from({ length: 60 }, () => 'old');
        let edits: Edit[] = [];
        for (const { place, removed, breaks } of steps) {
          const start = place % lines.length;
          const end = Math.min(lines.length - 1, start + removed);
          lines = [...lines.slice(0, start), ...Array.from({ length: breaks + 1 }, () => 'new'), ...lines.slice(end + 1)];
          edits = noteEdit(edits, change(start, end, breaks));
        }
        // Each line that was written is in some edit, and each edit has a line that was written.
        const covered = new Set(edits.flatMap(({ start, end }) => Array.from({ length: end - start + 1 }, (_, index) => start + index)));
        for (const [index, line] of lines.entries()) if (line === 'new') expect(covered.has(index)).toBe(true);
        for (const { start, end, latest } of edits) {
          expect(lines.slice(start, end + 1)).toContain('new');
          expect(latest).toBeGreaterThanOrEqual(start);
          expect(latest).toBeLessThanOrEqual(end);
        }
      }),
    );
  });
});
