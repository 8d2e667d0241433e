import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetFor, lengthLimit, scaled, type Budget } from '../../../src/completion/reach.ts';

const speeds = [1, 28, 99, 100, 250, 499, 500, 3000];
const size = ({ prefix, suffix, neighbours }: Budget): number => prefix + suffix + neighbours;

describe('the budget', () => {
  it('grows with the speed of reading', () => {
    const sizes = speeds.map((speed) => size(budgetFor(speed, false)));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(new Set(sizes).size).toBe(3);
    expect([100, 500].map((speed) => size(budgetFor(speed, false)) > size(budgetFor(speed - 1, false)))).toEqual([true, true]);
  });

  it('is by what was measured, once it was, and not by the machine', () => {
    for (const speed of speeds) expect(budgetFor(speed, true)).toEqual(budgetFor(speed, false));
  });

  it('is small on a CPU and large on a graphics card while nothing is measured', () => {
    expect(budgetFor(0, false)).toEqual(budgetFor(28, false));
    expect(budgetFor(0, true)).toEqual(budgetFor(3000, false));
  });

  it('has room for other files where reading is fast only', () => {
    expect(budgetFor(28, false).neighbours).toBe(0);
    expect(budgetFor(250, false).neighbours).toBeGreaterThan(0);
  });

  it('fits a window of 4,096 tokens with a block to write', () => {
    const { prefix, suffix, neighbours } = budgetFor(3000, true);
    // A prefix grows by half; 3.5 units are a token.
    expect((prefix * 1.5 + suffix + neighbours) / 3.5 + lengthLimit(true, 0)).toBeLessThan(4096);
  });

  it('shows more before the cursor than after it', () => {
    for (const speed of speeds) expect(budgetFor(speed, false).prefix).toBeGreaterThan(2 * budgetFor(speed, false).suffix);
  });
});

describe('scaled', () => {
  it('makes each part smaller alike, in whole units', () => {
    expect(scaled({ prefix: 1000, suffix: 301, neighbours: 10 }, 0.5)).toEqual({ prefix: 500, suffix: 150, neighbours: 5 });
    expect(scaled({ prefix: 1000, suffix: 301, neighbours: 10 }, 1)).toEqual({ prefix: 1000, suffix: 301, neighbours: 10 });
  });

  it('never grows', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...speeds), (factor, speed) => {
        const budget = budgetFor(speed, false);
        const less = scaled(budget, factor);
        for (const part of ['prefix', 'suffix', 'neighbours'] as const) {
          expect(Number.isInteger(less[part])).toBe(true);
          expect(less[part]).toBeGreaterThanOrEqual(0);
          expect(less[part]).toBeLessThanOrEqual(budget[part]);
        }
      }),
    );
  });
});

describe('lengthLimit', () => {
  it('is more for a block than for a line', () => {
    expect(lengthLimit(true, 0)).toBe(192);
    expect(lengthLimit(false, 0)).toBe(64);
  });

  it('is what the model writes in six seconds, between a short line and a block', () => {
    expect(lengthLimit(true, 20)).toBe(120);
    expect(lengthLimit(false, 9)).toBe(54);
    expect(lengthLimit(true, 1000)).toBe(192);
    expect(lengthLimit(false, 1000)).toBe(64);
    expect(lengthLimit(true, 0.1)).toBe(24);
    expect(lengthLimit(false, 0.1)).toBe(24);
  });
});
