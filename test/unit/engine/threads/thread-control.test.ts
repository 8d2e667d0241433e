import { describe, expect, it } from 'vitest';
import type { Pass } from '../../../../src/engine/scheduler.ts';
import { ThreadControl } from '../../../../src/engine/threads/thread-control.ts';
import type { Tuning } from '../../../../src/engine/threads/tuning-store.ts';

const tuning: Tuning = { threads: 3, reading: 6, speeds: [{ threads: 3, tokensPerSecond: 20 }], disturbed: false, at: 0 };
const open: Pass = { signal: new AbortController().signal, step: (evaluate) => evaluate() };

function control(most = 8, adapts = true): { readonly threads: ThreadControl; readonly llama: { maxThreads: number }; readonly during: (pass: Pass, writes?: boolean) => Promise<number> } {
  const llama = { maxThreads: 99 };
  const threads = new ThreadControl({ llama, most, adapts, log: () => undefined });
  const look = (): Promise<number> => Promise.resolve(llama.maxThreads);
  return { threads, llama, during: (pass, writes = false) => threads.pass(pass).step(() => (writes ? threads.write(undefined, look) : look())) };
}

describe('the threads of a model', () => {
  it('are all that there may be until measured', async () => {
    const { during } = control();
    expect([await during(open), await during(open, true)]).toEqual([8, 8]);
  });

  it('are those measured for reading and for writing', async () => {
    const { threads, during } = control();
    threads.use(tuning);
    expect([await during(open), await during(open, true), threads.count]).toEqual([6, 3, 3]);
  });

  it('are never more than there may be, whatever was measured', async () => {
    const { threads, during } = control(2);
    threads.use(tuning);
    expect([await during(open), await during(open, true)]).toEqual([2, 2]);
  });

  it('may become more than what was measured while others were busy, and not than what was measured in peace', async () => {
    for (const [disturbed, most] of [[true, 8], [false, 3]] as const) {
      const { threads } = control();
      threads.use({ ...tuning, disturbed });
      expect(threads.count).toBe(3);
      let seen = 0;
      for (let token = 0; token < 60; token++) {
        await threads.write(token, () => Promise.resolve());
        seen = Math.max(seen, threads.count);
      }
      expect(seen).toBeLessThanOrEqual(most);
      if (disturbed) expect(seen).toBeGreaterThan(3);
    }
  });

  it('stay what the user has set', async () => {
    const { threads, during } = control(5, false);
    threads.use(tuning);
    expect([await during(open), await during(open, true), threads.tuning]).toEqual([5, 5, undefined]);
  });

  it('are set anew for each step, since another window may run with others', async () => {
    const { llama, during } = control();
    await during(open);
    llama.maxThreads = 1;
    expect(await during(open)).toBe(8);
  });

  it('are not set before the step’s turn comes', async () => {
    const { llama, during } = control();
    let turn = (): void => undefined;
    const waiting: Pass = { signal: open.signal, step: async (evaluate) => {
      await new Promise<void>((resolve) => (turn = resolve));
      return evaluate();
    } };
    const step = during(waiting);
    expect(llama.maxThreads).toBe(99);
    turn();
    expect(await step).toBe(8);
  });
});
