import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KvStore, snapshotUsage } from '../../../src/engine/kv-store.ts';
import type { Reader } from '../../../src/engine/prefill.ts';
import { IdleTimer, Snapshots } from '../../../src/engine/snapshots.ts';

const key = { model: 'm', library: '1', yarnFactor: 1, kvType: 'F16/F16', attention: 'false' };
const pass = { signal: new AbortController().signal, step: <T>(evaluate: () => Promise<T>): Promise<T> => evaluate() };
const alone = pass.step;

let folder: string;
let snapshots: Snapshots;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'snapshots-'));
  const log = (): void => undefined;
  snapshots = new Snapshots({ store: new KvStore({ folder, limit: 1e8, log, now: () => Date.now() }), key: () => Promise.resolve(key), log, leastUnsaved: 100 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const range = (from: number, to: number): Token[] => Array.from({ length: to - from }, (_, index) => (from + index) as Token);

/** Stands for llama.cpp: its state is the tokens as JSON, filled up to a size. */
function reader(tokens: Token[], { readingSpeed = 0, stateBytes = 1000 } = {}): Reader {
  const sequence = {
    contextTokens: tokens,
    contextSize: 10_000,
    context: { stateSize: stateBytes },
    saveStateToFile: (file: string) => {
      writeFileSync(file, JSON.stringify(sequence.contextTokens).padEnd(stateBytes));
      return Promise.resolve({ fileSize: stateBytes });
    },
    loadStateFromFile: (file: string) => {
      sequence.contextTokens = JSON.parse(readFileSync(file, 'utf8')) as Token[];
      return Promise.resolve();
    },
  };
  return { sequence: sequence as unknown as LlamaContextSequence, readingSpeed };
}

const restorable = async (by: Reader, prompt: readonly Token[]): Promise<number> => (await snapshots.restorable(by, prompt, 10_000)).tokens;

const count = async (): Promise<number> => (await snapshotUsage(folder)).files;

describe('saving', () => {
  it('is for what is on disk nowhere, if that is enough', async () => {
    await snapshots.save(reader(range(0, 99)), alone);
    expect(await count()).toBe(0);
    await snapshots.save(reader(range(0, 300)), alone);
    expect(await count()).toBe(1);
    await snapshots.save(reader([...range(0, 300), ...range(900, 999)]), alone);
    expect(await restorable(reader([]), [...range(0, 300), ...range(900, 999), 5 as Token])).toBe(300);
    await snapshots.save(reader([...range(0, 300), ...range(900, 1000)]), alone);
    expect(await restorable(reader([]), [...range(0, 300), ...range(900, 1000), 5 as Token])).toBe(400);
    expect(await count()).toBe(1);
  });

  it('leaves nothing when something was read before its turn came, or it was not let in', async () => {
    const busy = reader(range(0, 500));
    await snapshots.save(busy, (evaluate) => {
      Object.assign(busy.sequence, { contextTokens: range(0, 501) });
      return evaluate();
    });
    await snapshots.save(reader(range(0, 500)), () => Promise.reject(new DOMException('x', 'AbortError')));
    expect(await snapshotUsage(folder)).toEqual({ files: 0, bytes: 0 });
  });
});

describe('restoring', () => {
  it('is for 256 tokens more than the KV cache has', async () => {
    await snapshots.save(reader(range(0, 1000)), alone);
    const prompt = range(0, 1001);
    expect(await restorable(reader(range(0, 745)), prompt)).toBe(0);
    expect(await restorable(reader(range(0, 744)), prompt)).toBe(1000);
    const cold = reader([]);
    expect(await snapshots.restore(cold, prompt, pass)).toBe(1000);
    expect(cold.sequence.contextTokens).toEqual(range(0, 1000));
    // Again there is nothing to gain.
    expect(await snapshots.restore(cold, prompt, pass)).toBe(0);
  });

  it('leaves the last token of a prompt to be evaluated', async () => {
    await snapshots.save(reader(range(0, 1000)), alone);
    expect(await snapshots.restore(reader([]), range(0, 500), pass)).toBe(499);
  });

  it('is not for those who read faster than a disk', async () => {
    // 1,000 tokens of 28 kB: 200 ms to load.
    await snapshots.save(reader(range(0, 1000), { stateBytes: 28_000_000 }), alone);
    expect(await restorable(reader([], { readingSpeed: 4 }), range(0, 1001))).toBe(1000);
    expect(await restorable(reader([], { readingSpeed: 6 }), range(0, 1001))).toBe(0);
  });
});

describe('the idle timer', () => {
  it('calls once nothing has happened for the whole time', () => {
    vi.useFakeTimers();
    let calls = 0;
    const timer = new IdleTimer(1000, () => calls++);
    timer.restart();
    vi.advanceTimersByTime(900);
    timer.restart();
    vi.advanceTimersByTime(900);
    expect(calls).toBe(0);
    vi.advanceTimersByTime(100);
    expect(calls).toBe(1);
    timer.restart();
    timer.stop();
    vi.advanceTimersByTime(5000);
    expect(calls).toBe(1);
    vi.useRealTimers();
  });
});
