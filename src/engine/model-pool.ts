/** The weights that are in memory, each copy once for all windows that use it, and gone with the last of them. */
import { stat } from 'node:fs/promises';
import type { Llama, LlamaModel, LlamaModelOptions } from 'node-llama-cpp';
import { Mutex } from '../base/async.ts';
import type { GpuBackend, ModelParams } from '../protocol/engine.ts';
import { loadModel, openBackend, type LoadOptions } from './llama.ts';

/** How weights are loaded. What differs in any of it cannot be shared. */
export type Layout = Required<Pick<LlamaModelOptions, 'gpuLayers'>> & Pick<LlamaModelOptions, 'metadataOverrides'>;

/** Bytes that llama.cpp has allocated. */
export interface Usage {
  readonly cpuRam: number;
  readonly gpuVram: number;
}

/** A share in what is loaded; to be released once, and nothing made of it may live on. */
export interface Lease<T> {
  readonly value: T;
  readonly release: () => Promise<void>;
}

export interface LoadedModel {
  readonly model: LlamaModel;
  readonly usage: Usage;
}

export interface Copy {
  readonly gpuLayers: number;
  readonly metadataOverrides: Layout['metadataOverrides'];
  readonly usage: Usage;
}

interface Entry {
  readonly loading: Promise<LoadedModel>;
  readonly aborter: AbortController;
  /** Hear of the progress. */
  readonly listeners: Set<LoadOptions['onProgress']>;
  readonly path: string;
  readonly layout: Layout;
  users: number;
}

interface Backend {
  readonly opening: Promise<Llama>;
  users: number;
}

export class ModelPool {
  readonly #backends = new Map<GpuBackend, Backend>();
  readonly #entries = new Map<string, Entry>();
  /** What is allocated is measured by a difference, so one allocates at a time. */
  readonly #allocating = new Mutex();
  #loads = 0;

  /** @param log hears what llama.cpp has to say */
  constructor(private readonly log: LoadOptions['log']) {}

  get models(): number {
    return this.#entries.size;
  }

  /** Since the process began. */
  get loads(): number {
    return this.#loads;
  }

  /** @throws PonderError as `openBackend` does */
  async backend(gpu: GpuBackend): Promise<Lease<Llama>> {
    const backend = this.#backends.get(gpu) ?? { opening: openBackend(gpu, this.log), users: 0 };
    this.#backends.set(gpu, backend);
    backend.users++;
    const release = once(async () => {
      if (--backend.users > 0) return;
      if (this.#backends.get(gpu) === backend) this.#backends.delete(gpu);
      await (await settled(backend.opening))?.dispose();
    });
    return leased(backend.opening, release);
  }

  /** @throws PonderError as `loadModel` does; an AbortError */
  async model(llama: Llama, params: ModelParams, layout: Layout, { signal, onProgress }: Pick<LoadOptions, 'signal' | 'onProgress'>): Promise<Lease<LoadedModel>> {
    const key = await keyOf(params, layout);
    signal.throwIfAborted();
    const entry = this.#entries.get(key) ?? this.#load(llama, params, layout);
    this.#entries.set(key, entry);
    entry.users++;
    entry.listeners.add(onProgress);
    const release = once(async () => {
      signal.removeEventListener('abort', giveUp);
      entry.listeners.delete(onProgress);
      if (--entry.users > 0) return;
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      entry.aborter.abort();
      await (await settled(entry.loading))?.model.dispose();
    });
    // Others may be waiting for the same load: it ends early only when nobody is left.
    let abort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => (abort = () => reject(new DOMException('Cancelled', 'AbortError'))));
    const giveUp = (): void => abort();
    signal.addEventListener('abort', giveUp, { once: true });
    const lease = await leased(Promise.race([entry.loading, aborted]), release);
    signal.removeEventListener('abort', giveUp);
    entry.listeners.delete(onProgress);
    return lease;
  }

  /**
   * The copies of a file that others than the asking one use.
   * @param own what the asking one has of it, if it has
   */
  async copiesOfOthers(path: string, own?: LlamaModel): Promise<Copy[]> {
    const copies: Copy[] = [];
    for (const { loading, layout, users, path: other } of [...this.#entries.values()]) {
      const { gpuLayers, metadataOverrides } = layout;
      if (other !== path || typeof gpuLayers !== 'number') continue;
      const loaded = await settled(loading);
      if (loaded && (loaded.model !== own || users > 1)) copies.push({ gpuLayers, metadataOverrides, usage: loaded.usage });
    }
    return copies;
  }

  /** Runs what allocates something, alone. */
  async measured<T>(llama: Llama, allocate: () => Promise<T>): Promise<{ readonly value: T; readonly usage: Usage }> {
    return this.#allocating.run(async () => {
      const before = await llama.getLlamaMemoryUsage();
      const value = await allocate();
      const after = await llama.getLlamaMemoryUsage();
      // Somebody may have freed something meanwhile.
      const more = (device: keyof Usage): number => Math.max(0, after[device] - before[device]);
      return { value, usage: { cpuRam: more('cpuRam'), gpuVram: more('gpuVram') } };
    });
  }

  #load(llama: Llama, params: ModelParams, layout: Layout): Entry {
    const aborter = new AbortController();
    const listeners = new Set<LoadOptions['onProgress']>();
    const onProgress = (fraction: number): void => listeners.forEach((listener) => listener(fraction));
    const loading = this.measured(llama, async () => {
      this.#loads++;
      return loadModel(llama, params, layout, { signal: aborter.signal, onProgress });
    }).then(({ value, usage }) => ({ model: value, usage }));
    return { loading, aborter, listeners, path: params.modelPath, layout, users: 0 };
  }
}

/** A file that has been replaced is another one. */
async function keyOf({ modelPath, gpu }: ModelParams, layout: Layout): Promise<string> {
  const { ino, size, mtimeMs } = await stat(modelPath);
  return JSON.stringify([gpu, modelPath, ino, size, mtimeMs, layout]);
}

async function leased<T>(value: Promise<T>, release: () => Promise<void>): Promise<Lease<T>> {
  try {
    return { value: await value, release };
  } catch (error) {
    await release();
    throw error;
  }
}

function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}

function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= task());
}
