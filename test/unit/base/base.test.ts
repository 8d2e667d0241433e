import { describe, expect, it, vi } from 'vitest';
import { AsyncQueue, Mutex, untilAborted } from '../../../src/base/async.ts';
import { DisposableStore } from '../../../src/base/disposable.ts';
import { isAbort, PonderError, toPonderError } from '../../../src/base/errors.ts';
import { Emitter } from '../../../src/base/event.ts';

describe('DisposableStore', () => {
  it('disposes in reverse order, and at once what comes too late', () => {
    const order: number[] = [];
    const store = new DisposableStore();
    store.add({ dispose: () => order.push(1) });
    store.add({ dispose: () => order.push(2) });
    store.dispose();
    store.add({ dispose: () => order.push(3) });
    store.dispose();
    expect(order).toEqual([2, 1, 3]);
  });
});

describe('Emitter', () => {
  it('lets one listener fail without the others', () => {
    const failed = vi.fn();
    const heard = vi.fn();
    const emitter = new Emitter<number>(failed);
    emitter.event(() => {
      throw new Error('mine');
    });
    const second = emitter.event(heard);
    emitter.fire(1);
    second.dispose();
    emitter.fire(2);
    expect(heard.mock.calls).toEqual([[1]]);
    expect(failed).toHaveBeenCalledTimes(2);
  });
});

describe('Mutex', () => {
  it('runs one at a time, in order, past failures and aborted waiters', async () => {
    const mutex = new Mutex();
    const order: string[] = [];
    const aborter = new AbortController();
    const first = mutex.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push('first');
      throw new Error('fails');
    });
    const second = mutex.run(() => Promise.resolve(order.push('second')), aborter.signal);
    const third = mutex.run(() => Promise.resolve(order.push('third')));
    aborter.abort();
    await expect(first).rejects.toThrow('fails');
    await expect(second).rejects.toSatisfy(isAbort);
    await third;
    expect(order).toEqual(['first', 'third']);
  });
});

describe('AsyncQueue', () => {
  it('yields what was pushed before it throws', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    setTimeout(() => {
      queue.push(2);
      queue.close(new Error('end'));
    }, 1);
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const item of queue) seen.push(item);
      })(),
    ).rejects.toThrow('end');
    expect(seen).toEqual([1, 2]);
  });
});

describe('untilAborted', () => {
  const endless = async function* (ended: () => void): AsyncGenerator<number, void, void> {
    try {
      yield 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      yield 2;
    } finally {
      ended();
    }
  };

  it('yields what its source does', async () => {
    const seen: number[] = [];
    for await (const item of untilAborted(endless(() => undefined), new AbortController().signal)) seen.push(item);
    expect(seen).toEqual([1, 2]);
  });

  it('does not wait for a source that takes its time to end, but lets it end', async () => {
    const aborter = new AbortController();
    const ended = vi.fn();
    const items = untilAborted(endless(ended), aborter.signal);
    expect(await items.next()).toEqual({ done: false, value: 1 });
    const next = items.next();
    aborter.abort();
    await expect(next).rejects.toThrow('Cancelled');
    expect(ended).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(ended).toHaveBeenCalled());
  });

  it('yields nothing more once the signal has aborted between two items', async () => {
    const aborter = new AbortController();
    const items = untilAborted(endless(() => undefined), aborter.signal);
    await items.next();
    aborter.abort();
    await expect(items.next()).rejects.toThrow();
  });
});

describe('errors', () => {
  it('keeps known errors and names the others internal', () => {
    const known = new PonderError('model-missing', 'gone');
    expect(toPonderError(known)).toBe(known);
    expect(toPonderError('text')).toMatchObject({ code: 'internal', message: 'text' });
  });
});
