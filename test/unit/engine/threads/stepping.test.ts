import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDelay, longestDelay, observe, startStepping, type Stepping } from '../../../../src/engine/threads/stepping.ts';

/** A machine: how long a token takes with so many threads, ms. */
type Machine = (threads: number, depth: number, at: number) => number;

interface Run {
  readonly state: Stepping;
  /** Numbers of threads, each with when it began, ms. */
  readonly changes: readonly { readonly at: number; readonly count: number }[];
  readonly at: number;
  readonly depth: number;
}

function begin(ceiling: number, normalMs?: number): Run {
  return { state: startStepping(ceiling, normalMs), changes: [], at: 0, depth: 0 };
}

/** Tokens one after the other. */
function write(run: Run, tokens: number, machine: Machine, depth = run.depth): Run {
  let { state, at } = run;
  const changes = [...run.changes];
  for (let index = 0; index < tokens; index++) {
    const ms = machine(state.count, depth + index, at);
    at += ms;
    const next = observe(state, { ms, depth: depth + index, at });
    if (next.count !== state.count) changes.push({ at, count: next.count });
    state = next;
  }
  return { state, changes, at, depth: depth + tokens };
}

/** All cores are free: memory is the limit from four threads on. A token takes longer the more stands before it. */
const free: Machine = (threads, depth) => (80 / Math.min(threads, 4)) * (1 + depth / 3500);
/** One core is taken: who uses all of them waits. */
const taken = (cores: number, factor = 20): Machine => (threads, depth, at) => free(threads, depth, at) * (threads >= cores ? factor : 1);
/** Slower whatever one does: a laptop that has become hot. */
const throttled: Machine = (threads, depth, at) => free(threads, depth, at) * 3;

const counts = ({ changes }: Run): number[] => changes.map(({ count }) => count);

describe('the number of threads', () => {
  it('stays where it is on a machine of our own, however deep the context gets', () => {
    expect(counts(write(begin(4, 20), 30_000, free))).toEqual([]);
  });

  it('stays when nothing was measured before, once fewer have been tried', () => {
    expect(counts(write(begin(4), 20_000, free))).toEqual([2, 1, 4]);
  });

  it('goes down where the machine is contended from the first token on and nothing was measured', () => {
    const run = write(begin(4), 60, taken(2));
    expect(counts(run)).toEqual([2, 1]);
    expect(counts(write({ ...run, changes: [] }, 2000, free))).toEqual([2, 4]);
  });

  it('stays when another chat goes on far deeper, and when a short one follows it', () => {
    let run = write(begin(4, 20), 200, free);
    for (const depth of [8000, 100, 24_000, 0, 12_000, 31_000, 50]) run = write(run, 100, free, depth);
    expect(counts(run)).toEqual([]);
  });

  it('is halved within a few tokens of a collapse', () => {
    const calm = write(begin(2, 40), 100, free);
    expect(counts(write(calm, 3, taken(2)))).toEqual([1]);
  });

  it('is halved after some more when the rate is only under half', () => {
    const calm = write(begin(2, 40), 100, free);
    expect(counts(write(calm, 6, taken(2, 2.8)))).toEqual([1]);
  });

  it('stays when the rate is a little over half', () => {
    const calm = write(begin(2, 40), 100, free);
    expect(counts(write(calm, 300, taken(2, 1.8)))).toEqual([]);
  });

  it('goes down as far as it takes, and not below 1', () => {
    const calm = write(begin(8, 20), 100, free);
    const run = write(calm, 40, taken(2));
    expect(counts(run)).toEqual([4, 2, 1]);
  });

  it('does not change for one token that took an hour: the computer slept', () => {
    const calm = write(begin(2, 40), 100, free);
    const slept = write(calm, 1, () => 3_600_000);
    expect(counts(write(slept, 100, free))).toEqual([]);
  });

  it('comes back when the machine is free again', () => {
    const contended = write(write(begin(2, 40), 100, free), 50, taken(2));
    expect(contended.state.count).toBe(1);
    const after = write(contended, 400, free);
    expect(after.state.count).toBe(2);
    expect(after.state.trial).toBeUndefined();
  });

  it('comes back to the ceiling by doubling, and to one that is no power of two', () => {
    const contended = write(write(begin(6, 20), 100, free), 60, taken(2));
    expect(contended.state.count).toBe(1);
    expect(counts(write({ ...contended, changes: [] }, 2000, (threads, depth, at) => free(threads, depth, at) / (threads > 4 ? 1.2 : 1)))).toEqual([2, 4, 6]);
  });

  it('is tried again ever more seldom while the machine stays contended', () => {
    const run = write(write(begin(2, 40), 100, free), 40_000, taken(2));
    expect(run.at).toBeGreaterThan(3_000_000);
    const raises = run.changes.filter(({ count }) => count === 2);
    expect(raises.length).toBeGreaterThan(5);
    expect(raises.length).toBeLessThan(6 + run.at / longestDelay + 2);
    // And what it costs is little: five or so tokens of a try.
    const alone = write(begin(1), 40_100, free).at;
    expect(run.at - alone).toBeLessThan(alone / 20);
  });

  it('is taken back when fewer are no better, and then leaves that alone for longer each time', () => {
    const hot = write(write(begin(4, 20), 100, free), 5000, throttled);
    expect(hot.state.count).toBe(4);
    expect(counts(hot)).toEqual([2, 1, 4]);
  });

  it('is tried again at once in a chat that comes minutes later', () => {
    const contended = write(write(begin(2, 40), 100, free), 50, taken(2));
    const later = { ...contended, at: contended.at + 600_000, changes: [] };
    expect(counts(write(later, 8, free, 500))).toEqual([2]);
  });

  it('is what it was before when a trial is cut off by another chat', () => {
    const calm = write(begin(2, 40), 100, free);
    const trying = write(calm, 4, taken(2));
    expect(trying.state.trial).toBeDefined();
    const other = write(trying, 1, free, 9000);
    expect(other.state).toMatchObject({ count: 2, trial: undefined });
  });

  it('is never above the ceiling nor below 1, and does not flip more often than the delays allow, whatever happens', () => {
    const stretch = fc.record({
      tokens: fc.integer({ min: 1, max: 60 }),
      factor: fc.constantFrom(0.1, 0.5, 1, 1, 1.9, 3, 8, 50),
      from: fc.integer({ min: 1, max: 16 }),
      depth: fc.option(fc.integer({ min: 0, max: 40_000 })),
      noise: fc.double({ min: 0, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.option(fc.double({ min: 1, max: 500, noNaN: true })), fc.array(stretch, { maxLength: 60 }), (ceiling, normalMs, stretches) => {
        let run = begin(ceiling, normalMs ?? undefined);
        for (const { tokens, factor, from, depth, noise } of stretches) {
          const machine: Machine = (threads, deep, at) => free(threads, deep, at) * (threads >= from ? factor : 1) * (1 + (Math.floor(at) % 7 === 0 ? noise : 0));
          run = write(run, tokens, machine, depth ?? run.depth);
        }
        for (const count of counts(run)) {
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(ceiling);
        }
        // Each way up is a try, or comes from reductions that were taken back, and both wait before they come again.
        const ups = 2 * (run.at / firstDelay + 1);
        expect(counts(run).filter((count, index) => count > (counts(run)[index - 1] ?? ceiling)).length).toBeLessThanOrEqual(ups);
      }),
      { numRuns: 400 },
    );
  });

  it('that begins below the ceiling reaches it once that helps', () => {
    const low: Run = { ...begin(4), state: startStepping(4, 80, 1) };
    expect(counts(write(low, 400, free))).toEqual([2, 4]);
    expect(write(low, 400, taken(2)).state.count).toBe(1);
  });

  it('is one thread for ever where there is one core', () => {
    expect(counts(write(begin(1, 80), 500, taken(1)))).toEqual([]);
  });
});
