import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Llama } from 'node-llama-cpp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelPool, type Layout, type Lease, type LoadedModel } from '../../../src/engine/model-pool.ts';

/** Loads that llama.cpp works on: each ends when a test says so. */
interface Load {
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

const { loads, gone, loadModel } = vi.hoisted(() => {
  const all: Load[] = [];
  const disposed: unknown[] = [];
  const load = (_llama: unknown, { modelPath }: { modelPath: string }, _layout: unknown, { signal, onProgress }: { signal: AbortSignal; onProgress: (fraction: number) => void }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const model = { path: modelPath, dispose: () => Promise.resolve(disposed.push(model)) };
      signal.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      all.push({ signal, progress: onProgress, done: () => resolve(model), failed: reject });
    });
  return { loads: all, gone: disposed, loadModel: load };
});
vi.mock('../../../src/engine/llama.ts', () => ({ loadModel, openBackend: () => Promise.reject(new Error('none')) }));

const llama = { getLlamaMemoryUsage: () => Promise.resolve({ cpuRam: 0, gpuVram: 0 }) } as unknown as Llama;
const layout: Layout = { gpuLayers: 0 };

let folder: string;
let file: string;
let pool: ModelPool;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pool-'));
  file = path.join(folder, 'model.gguf');
  writeFileSync(file, 'one');
  pool = new ModelPool(() => undefined);
  loads.length = gone.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lease(more: { signal?: AbortSignal; onProgress?: (fraction: number) => void; layout?: Layout } = {}): Promise<Lease<LoadedModel>> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = more;
  const leased = pool.model(llama, { modelPath: file, gpu: 'cpu' }, more.layout ?? layout, { signal, onProgress });
  leased.catch(() => undefined);
  return leased;
}

/** Loads that have begun. */
async function begun(count: number): Promise<Load> {
  await vi.waitFor(() => expect(loads).toHaveLength(count));
  return loads[count - 1] ?? expect.fail('no load');
}

/** So many wait for the load, for the pool looks at the file first. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function loaded(leased: Promise<Lease<LoadedModel>>, count = 1): Promise<Lease<LoadedModel>> {
  (await begun(count)).done();
  return leased;
}

describe('weights that several want', () => {
  it('are loaded once, and go with the last who has them', async () => {
    const one = await loaded(lease());
    const two = await lease();
    expect(two.value.model).toBe(one.value.model);
    expect([pool.models, pool.loads]).toEqual([1, 1]);
    await one.release();
    // A second release of the same lease takes nothing from the other.
    await one.release();
    expect([pool.models, gone]).toEqual([1, []]);
    await two.release();
    expect([pool.models, gone]).toEqual([0, [one.value.model]]);
  });

  it('in another layout are another copy', async () => {
    const one = await loaded(lease());
    const two = await loaded(lease({ layout: { gpuLayers: 4 } }), 2);
    expect(two.value.model).not.toBe(one.value.model);
    expect(await pool.copiesOfOthers(file, one.value.model)).toMatchObject([{ gpuLayers: 4 }]);
  });

  it('are joined while they are being loaded, and all hear of the progress', async () => {
    const heard: [string, number][] = [];
    const one = lease({ onProgress: (fraction) => heard.push(['one', fraction]) });
    const load = await begun(1);
    const two = lease({ onProgress: (fraction) => heard.push(['two', fraction]) });
    await settle();
    load.progress(0.5);
    load.done();
    expect((await one).value.model).toBe((await two).value.model);
    load.progress(1);
    expect(heard).toEqual([['one', 0.5], ['two', 0.5]]);
    expect(pool.loads).toBe(1);
  });

  it('of a file that has been replaced are loaded anew', async () => {
    const one = await loaded(lease());
    writeFileSync(file, 'another');
    const two = await loaded(lease(), 2);
    expect(two.value.model).not.toBe(one.value.model);
    await one.release();
    expect(gone).toEqual([one.value.model]);
    expect(pool.models).toBe(1);
  });
});

describe('a load that fails', () => {
  it('fails for all who wait, and the next one is another try', async () => {
    const both = [lease(), lease()];
    const load = await begun(1);
    await settle();
    load.failed(new Error('damaged'));
    for (const leased of both) await expect(leased).rejects.toThrow('damaged');
    expect(pool.models).toBe(0);
    const again = await loaded(lease(), 2);
    expect((again.value.model as unknown as { path: string }).path).toBe(file);
    expect(gone).toEqual([]);
  });
});

describe('giving up', () => {
  it('leaves the load to the other who waits for it', async () => {
    const aborter = new AbortController();
    const [one, two] = [lease({ signal: aborter.signal }), lease()];
    const load = await begun(1);
    await settle();
    aborter.abort();
    await expect(one).rejects.toMatchObject({ name: 'AbortError' });
    expect(load.signal.aborted).toBe(false);
    load.done();
    await (await two).release();
    expect(pool.models).toBe(0);
  });

  it('of the last one ends it', async () => {
    const aborters = [new AbortController(), new AbortController()];
    const both = aborters.map(({ signal }) => lease({ signal }));
    const load = await begun(1);
    await settle();
    for (const aborter of aborters) aborter.abort();
    for (const leased of both) await expect(leased).rejects.toMatchObject({ name: 'AbortError' });
    expect(load.signal.aborted).toBe(true);
    expect(pool.models).toBe(0);
  });

  it('before anything has begun loads nothing', async () => {
    await expect(lease({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect([pool.models, pool.loads]).toEqual([0, 0]);
  });

  it('when it is loaded already changes nothing', async () => {
    const aborter = new AbortController();
    const one = await loaded(lease({ signal: aborter.signal }));
    aborter.abort();
    expect(pool.models).toBe(1);
    await one.release();
  });
});
