import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Scheduler, type Urgency } from '../../../src/engine/scheduler.ts';

const never = new AbortController().signal;

/** Work of so many steps, each of which says its name. */
function steps(scheduler: Scheduler, urgency: Urgency, name: string, count: number, log: string[], signal = never): Promise<void> {
  return scheduler.admit(urgency, signal, async (pass) => {
    for (let index = 0; index < count; index++) {
      await pass.step(async () => {
        log.push(`${name}${String(index)}`);
        await tick();
      });
    }
  });
}

describe('the scheduler', () => {
  it('runs one step at a time', async () => {
    const scheduler = new Scheduler();
    let running = 0;
    const work = (): Promise<void> =>
      scheduler.admit('chat', never, async (pass) => {
        for (let index = 0; index < 5; index++) {
          await pass.step(async () => {
            expect(++running).toBe(1);
            await tick();
            running--;
          });
        }
      });
    await Promise.all([work(), work()]);
    expect(running).toBe(0);
  });

  it('lets the urgent go first, all of it, and the others go on where they were', async () => {
    const scheduler = new Scheduler();
    const log: string[] = [];
    const chat = steps(scheduler, 'chat', 'c', 4, log);
    await tick();
    const typing = steps(scheduler, 'typing', 't', 3, log);
    const background = steps(scheduler, 'background', 'b', 1, log);
    await Promise.all([chat, typing, background]);
    expect(log).toEqual(['c0', ...log.slice(1, log.indexOf('t0')), 't0', 't1', 't2', ...log.slice(log.indexOf('t2') + 1)]);
    expect(log.indexOf('t0')).toBeLessThan(3);
    expect(log.filter((name) => name.startsWith('c'))).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(log.at(-1)).toBe('b0');
  });

  it('lets nobody in while an urgent one is between two steps', async () => {
    const scheduler = new Scheduler();
    const log: string[] = [];
    let goOn = (): void => undefined;
    const typing = scheduler.admit('typing', never, async (pass) => {
      await pass.step(() => Promise.resolve(log.push('t0')));
      await new Promise<void>((resolve) => (goOn = resolve));
      await pass.step(() => Promise.resolve(log.push('t1')));
    });
    const chat = steps(scheduler, 'chat', 'c', 1, log);
    await tick();
    await tick();
    expect(log).toEqual(['t0']);
    goOn();
    await Promise.all([typing, chat]);
    expect(log).toEqual(['t0', 't1', 'c0']);
  });

  it('gives up waiting when aborted', async () => {
    const scheduler = new Scheduler();
    const aborter = new AbortController();
    let leave = (): void => undefined;
    const typing = scheduler.admit('typing', never, () => new Promise<void>((resolve) => (leave = resolve)));
    const log: string[] = [];
    const background = steps(scheduler, 'background', 'b', 1, log, aborter.signal);
    await tick();
    aborter.abort();
    await expect(background).rejects.toMatchObject({ name: 'AbortError' });
    leave();
    await typing;
    expect(log).toEqual([]);
  });

  it('goes on after work that failed', async () => {
    const scheduler = new Scheduler();
    await expect(scheduler.admit('typing', never, (pass) => pass.step(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    const log: string[] = [];
    await steps(scheduler, 'background', 'b', 2, log);
    expect(log).toEqual(['b0', 'b1']);
  });
});

describe('windows that share it', () => {
  it('take turns, step by step, when they want the same', async () => {
    const scheduler = new Scheduler();
    const log: string[] = [];
    await Promise.all(['a', 'b', 'c'].map((name) => steps(scheduler, 'chat', name, 6, log)));
    // Once all are in, each has had one step in any three.
    for (let at = 0; at + 3 <= log.length; at += 3) expect(new Set(log.slice(at, at + 3).map((name) => name[0])).size).toBe(3);
  });
});
