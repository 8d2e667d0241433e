/** Threads as the engine measures them, with the tiny model: which number wins is the machine's affair, and not asked here. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalBackend } from '../../src/backends/local.ts';
import type { LoadParams } from '../../src/protocol/engine.ts';
import { engineEntry, modelPath, question, run, until } from './support/backend.ts';

let root: string;
let folder: string;
let lines: string[];
let backends: LocalBackend[];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-threads-'));
  folder = path.join(root, 'threads');
  lines = [];
  backends = [];
});
afterEach(() => {
  for (const backend of backends) backend.dispose();
  rmSync(root, { recursive: true, force: true });
});

function open(more: Partial<LoadParams> = {}, share?: readonly string[]): LocalBackend {
  const say = (message: string): void => void lines.push(message);
  const backend = new LocalBackend({ entry: engineEntry, logger: { debug: () => undefined, info: say, warn: say, error: say }, ...(share ? { share } : {}) });
  backend.useModel({ modelPath: modelPath(), gpu: 'cpu', contextSize: 2048, tuning: folder, ...more });
  backends.push(backend);
  return backend;
}

const said = (what: string): number => lines.filter((line) => line.includes(what)).length;
const measured = (): number => said('threads: measured');
const recalled = (): number => said('threads: from an earlier measuring');
/** Longer than the engine waits before it measures. */
const aWhile = (): Promise<void> => delay(3000);

function files(): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

describe('the number of threads', () => {
  it('is measured once nobody wants anything, and kept', async () => {
    const backend = open();
    await backend.ensureReady();
    await until('it is measured', () => files().length === 1);
    const [name = ''] = files();
    const kept = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { readonly threads: number; readonly speeds: readonly unknown[] };
    const { threads } = await backend.status();
    expect(threads).toBe(kept.threads);
    expect(threads).toBeGreaterThanOrEqual(1);
    expect(threads).toBeLessThanOrEqual(availableParallelism());
    expect(kept.speeds.length).toBeGreaterThan(0);
  });

  it('is taken from disk at the next load, and not measured again', async () => {
    await open().tuneThreads(() => undefined, new AbortController().signal);
    const before = files().map((name) => readFileSync(path.join(folder, name), 'utf8'));
    expect(before).toHaveLength(1);
    lines = [];
    const again = open();
    const { threads } = await again.ensureReady();
    await aWhile();
    expect([measured(), recalled()]).toEqual([0, 1]);
    expect(files().map((name) => readFileSync(path.join(folder, name), 'utf8'))).toEqual(before);
    expect((JSON.parse(before[0] ?? '') as { readonly threads: number }).threads).toBe(threads);
  });

  it('is measured again where what was kept is damaged', async () => {
    await open().tuneThreads(() => undefined, new AbortController().signal);
    const [name = ''] = files();
    writeFileSync(path.join(folder, name), '{"version":1,');
    lines = [];
    await open().ensureReady();
    await until('it is measured', () => measured() === 1);
    expect(recalled()).toBe(0);
    await until('it is kept', () => readFileSync(path.join(folder, name), 'utf8').includes('"speeds"'));
  });

  it('is what the settings say, without measuring, where they do', async () => {
    const backend = open({ threads: 1 });
    expect((await backend.ensureReady()).threads).toBe(1);
    await aWhile();
    expect([measured(), files()]).toEqual([0, []]);
  });

  it('is not measured unasked where it could not be kept', async () => {
    const backend = open();
    backend.useModel({ modelPath: modelPath(), gpu: 'cpu', contextSize: 2048 });
    await backend.ensureReady();
    await aWhile();
    expect(measured()).toBe(0);
  });

  it('is measured when asked, with progress, and the settings keep the last word', async () => {
    const backend = open({ threads: 1 });
    const progress: number[] = [];
    const { speeds, threads, inForce } = await backend.tuneThreads((fraction) => progress.push(fraction), new AbortController().signal);
    expect(inForce).toBe(1);
    expect(speeds.map((each) => each.threads)).toContain(threads);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect((await backend.status()).threads).toBe(1);
  });

  it('leaves the KV cache alone while it is measured', async () => {
    const backend = open();
    const ask = question('What can you do?');
    const { answer } = await run(backend, ask);
    const before = await backend.measure({ messages: ask.messages, thinking: ask.thinking }, new AbortController().signal);
    await backend.tuneThreads(() => undefined, new AbortController().signal);
    expect(await backend.measure({ messages: ask.messages, thinking: ask.thinking }, new AbortController().signal)).toMatchObject({ tokens: before.tokens, cached: before.cached });
    expect((await run(backend, ask)).answer).toBe(answer);
  });

  it('makes no question wait: one that comes meanwhile goes first, and measuring begins anew after it', async () => {
    const backend = open();
    await backend.ensureReady();
    // In the middle of it, most often.
    await delay(2000);
    const { result } = await run(backend, question('What can you do?'));
    expect(result.answerTokens).toBeGreaterThan(0);
    await until('it is measured', () => files().length === 1);
  });

  it('is not measured for a model that is unloaded first', async () => {
    const backend = open();
    await backend.ensureReady();
    await backend.unload();
    await aWhile();
    expect([measured(), files()]).toEqual([0, []]);
  });

  it('can be cancelled while it is measured, and the model goes on', async () => {
    const backend = open();
    await backend.ensureReady();
    const cancelled = new AbortController();
    await expect(backend.tuneThreads(() => cancelled.abort(), cancelled.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect((await run(backend, question('What can you do?'))).result.answerTokens).toBeGreaterThan(0);
  });

  it('is measured once for two windows', async () => {
    const share = [path.join(root, 'meet')];
    const [first, second] = [open({}, share), open({}, share)];
    await Promise.all([first.ensureReady(), second.ensureReady()]);
    await until('both know', () => measured() + recalled() === 2);
    expect([measured(), recalled()]).toEqual([1, 1]);
    expect((await first.status()).threads).toBe((await second.status()).threads);
  });
});
