import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseThreads, median, searchThreads, type Timing } from '../../../../src/engine/threads/search.ts';

interface Tried {
  readonly timings: readonly Timing[];
  readonly choice: number;
  readonly order: readonly number[];
  readonly spent: number;
}

/** On a machine whose time goes by only in what is tried. */
async function search(cores: number, timeOf: (threads: number, index: number) => number, budgetMs = 1500): Promise<Tried> {
  let clock = 0;
  const order: number[] = [];
  const timings = await searchThreads({
    cores,
    budgetMs,
    now: () => clock,
    time: (threads) => {
      const ms = timeOf(threads, order.push(threads) - 1);
      clock += ms;
      return Promise.resolve(ms);
    },
  });
  return { timings, choice: chooseThreads(timings), order, spent: clock };
}

/** Faster up to `best` threads, then slower: `lost` of a token's time for each one more. */
const bending = (best: number, single = 160, lost = 0.06) => (threads: number): number => (single / Math.min(threads, best)) * (1 + Math.max(0, threads - best) * lost);

describe('the search', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 2],
    [2, 1, 1],
    [4, 3, 3],
    [6, 6, 6],
    [8, 5, 5],
    [12, 7, 7],
    [16, 16, 16],
    [16, 6, 6],
    [24, 11, 11],
    [64, 40, 40],
  ])('on %i cores of which %i are of use finds %i', async (cores, best, choice) => {
    expect((await search(cores, bending(best))).choice).toBe(choice);
  });

  it('tries every number on four cores, and few of many', async () => {
    expect((await search(4, bending(4))).timings.map(({ threads }) => threads)).toEqual([1, 2, 3, 4]);
    expect((await search(64, bending(40))).timings.length).toBeLessThan(16);
  });

  it('takes turns, forwards and backwards', async () => {
    expect((await search(2, (threads) => 100 - threads)).order.slice(0, 6)).toEqual([1, 2, 2, 1, 1, 2]);
  });

  it('is not misled by a busy moment', async () => {
    const busy = (threads: number, index: number): number => bending(2, 80)(threads) * (index >= 4 && index < 6 ? 30 : 1);
    expect((await search(2, busy)).choice).toBe(2);
  });

  it('gives up a number that is far too slow after two tries', async () => {
    const { timings } = await search(2, (threads) => (threads === 2 ? 400 : 80));
    expect(timings.find(({ threads }) => threads === 2)?.times).toHaveLength(2);
  });

  it('ends soon on a machine on which a token takes seconds', async () => {
    const { choice, order } = await search(2, (threads) => (threads === 2 ? 4000 : 400));
    expect(choice).toBe(1);
    expect(order.filter((threads) => threads === 2).length).toBeLessThanOrEqual(2);
  });

  it('prefers fewer threads where more gain next to nothing', async () => {
    expect((await search(8, (threads) => (threads < 4 ? 160 / threads : 40 - threads * 0.05))).choice).toBe(4);
  });

  it('comes within 5 % of the best of all numbers on any machine with one bend, and keeps to the cores', async () => {
    const machine = fc.record({ cores: fc.integer({ min: 1, max: 32 }), best: fc.integer({ min: 1, max: 32 }), single: fc.integer({ min: 5, max: 400 }), lost: fc.double({ min: 0, max: 0.5, noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(machine, async ({ cores, best, single, lost }) => {
        const timeOf = bending(Math.min(best, cores), single, lost);
        const { choice, order } = await search(cores, timeOf, 20_000);
        const all = Array.from({ length: cores }, (_, index) => timeOf(index + 1));
        expect(timeOf(choice)).toBeLessThanOrEqual(Math.min(...all) * 1.05);
        expect(order.every((threads) => threads >= 1 && threads <= cores)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no longer than three times what it may, but for a try of each number that it begins with', async () => {
    const times = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 32, maxLength: 32 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 32 }), times, async (cores, all) => {
        const { spent } = await search(cores, (threads) => all[threads - 1] ?? 0);
        expect(spent).toBeLessThanOrEqual(3 * 1500 + 6 * 9000);
      }),
    );
  });
});

describe('the median', () => {
  it('is the middle one, or between the two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 9, 5, 3])).toBe(4);
    expect(median([])).toBe(Infinity);
  });
});
