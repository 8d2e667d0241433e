import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerReserve, pack, type Budget } from '../../../src/context/budget.ts';

const tokens = fc.integer({ min: 0, max: 5000 });
const budgets: fc.Arbitrary<Budget> = fc
  .record({
    window: fc.integer({ min: 512, max: 20_000 }),
    reserve: fc.integer({ min: 0, max: 4000 }),
    fixed: tokens,
    turns: fc.array(tokens, { maxLength: 12 }),
    folded: fc.nat({ max: 12 }),
    automatic: fc.array(tokens, { maxLength: 12 }),
  })
  .map((budget) => ({ ...budget, folded: Math.min(budget.folded, budget.turns.length) }));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const used = ({ fixed, turns, automatic, reserve }: Budget, packing: ReturnType<typeof pack>): number =>
  fixed + reserve + sum(turns.slice(packing.folded)) + sum(packing.automatic.map((index) => automatic[index] ?? 0));

describe('pack', () => {
  it('never goes over the window while anything is left that can give way', () => {
    fc.assert(
      fc.property(budgets, (budget) => {
        const packing = pack(budget);
        if (packing.over === 0 || packing.folded < budget.turns.length) expect(used(budget, packing)).toBeLessThanOrEqual(Math.max(budget.window, budget.fixed + budget.reserve));
        else expect(packing.over).toBe(used(budget, packing) - budget.window);
      }),
      { numRuns: 2000 },
    );
  });

  it('folds no turn while a picked file is read', () => {
    fc.assert(
      fc.property(budgets, (budget) => {
        const packing = pack(budget);
        if (packing.folded > budget.folded) expect(packing.automatic).toEqual([]);
      }),
    );
  });

  it('never unfolds', () => {
    fc.assert(
      fc.property(budgets, (budget) => {
        expect(pack(budget).folded).toBeGreaterThanOrEqual(budget.folded);
      }),
    );
  });

  it('keeps every turn and file where there is room for all', () => {
    fc.assert(
      fc.property(budgets, (budget) => {
        const { reserve, fixed, turns, folded, automatic } = budget;
        const window = reserve + fixed + sum(turns.slice(folded)) + sum(automatic);
        expect(pack({ ...budget, window })).toEqual({ automatic: automatic.map((_, index) => index), folded, over: 0 });
      }),
    );
  });

  it('lets the lowest-ranked files go first', () => {
    expect(pack({ window: 1000, reserve: 100, fixed: 100, turns: [200], folded: 0, automatic: [300, 200, 200] })).toEqual({ automatic: [0, 1], folded: 0, over: 0 });
  });

  it('lets a file that fills the room by itself go before others', () => {
    expect(pack({ window: 1000, reserve: 100, fixed: 100, turns: [200], folded: 0, automatic: [700, 200, 200] })).toEqual({ automatic: [1, 2], folded: 0, over: 0 });
  });

  it('folds more turns than it must, so that not every turn has the history read anew', () => {
    // Room for 800: five of 200 are one too many; three come below three quarters.
    const first = pack({ window: 1000, reserve: 100, fixed: 100, turns: [200, 200, 200, 200, 200], folded: 0, automatic: [] });
    expect(first.folded).toBe(2);
    const next = pack({ window: 1000, reserve: 100, fixed: 100, turns: [200, 200, 200, 200, 200, 200], folded: first.folded, automatic: [] });
    expect(next.folded).toBe(2);
  });

  it('says how much the question and what is pinned are over, when nothing else is left', () => {
    expect(pack({ window: 1000, reserve: 100, fixed: 1200, turns: [50], folded: 0, automatic: [10] })).toEqual({ automatic: [], folded: 1, over: 300 });
  });
});

describe('answerReserve', () => {
  it('has room for a thought and a page, and leaves three quarters to the question', () => {
    expect(answerReserve(32_768, 4096)).toBe(6144);
    expect(answerReserve(32_768, 0)).toBe(2048);
    expect(answerReserve(4096, 4096)).toBe(1024);
  });
});
