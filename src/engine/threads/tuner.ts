/** The threads of a loaded model: what was measured for it earlier, and measuring it. */
import { arch, availableParallelism, cpus, platform } from 'node:os';
import type { Llama, LlamaModel } from 'node-llama-cpp';
import type { ModelParams } from '../../protocol/engine.ts';
import { openContext, plainShape } from '../context.ts';
import { fingerprint } from '../fingerprint.ts';
import { libraryVersion } from '../library.ts';
import type { LoadOptions } from '../llama.ts';
import type { ModelPool } from '../model-pool.ts';
import type { Pass } from '../scheduler.ts';
import { coresFor } from './cores.ts';
import { measuredContext, measureThreads } from './measure.ts';
import { ThreadControl } from './thread-control.ts';
import { readTuning, writeTuning, type Tuning, type TuningKey } from './tuning-store.ts';

/** What a measuring takes, ms: twice so much on a machine that is slow or busy. */
const budgetMs = 1500;
/** What was measured while others were busy is used, and measured again in the first quiet moment so much later. Ms. */
const staleMs = 900_000;

export interface TuneOptions {
  readonly pool: ModelPool;
  readonly pass: Pass;
  /** Measured in any case, whatever is known. */
  readonly anew: boolean;
  readonly onProgress?: (fraction: number) => void;
}

export class ThreadTuner {
  /** Why no measuring is worth a try any more. */
  #failed = false;

  private constructor(
    readonly control: ThreadControl,
    private readonly llama: Llama,
    private readonly model: LlamaModel,
    private readonly folder: string | undefined,
    private readonly key: TuningKey,
    private readonly log: LoadOptions['log'],
  ) {}

  /** With what is known already. */
  static async open({ modelPath, threads, tuning: folder }: ModelParams, llama: Llama, model: LlamaModel, log: LoadOptions['log']): Promise<ThreadTuner> {
    const key = await keyOf(modelPath, llama, model);
    // Where the GPU does it all, the CPU's threads only wait for it.
    const adapts = threads === undefined && (llama.gpu === false || model.gpuLayers < model.fileInsights.totalLayers);
    const control = new ThreadControl({ llama, most: threads === undefined ? key.cores : Math.min(threads, key.parallelism), adapts, log });
    const tuner = new ThreadTuner(control, llama, model, folder, key, log);
    if (adapts && folder !== undefined) await tuner.#recall(folder);
    return tuner;
  }

  /** Whether it should be measured once nobody wants anything. */
  get wanted(): boolean {
    const { adapts, tuning } = this.control;
    if (!adapts || this.folder === undefined || this.#failed) return false;
    return tuning === undefined || (tuning.disturbed && Date.now() - tuning.at > staleMs);
  }

  /** @throws PonderError `context-too-large`; an AbortError when the pass's signal aborts */
  async tune({ pool, pass, anew, onProgress }: TuneOptions): Promise<Tuning> {
    const { folder, control } = this;
    // Another window may have been quicker. What was kept stays until there is something newer: it may be cancelled.
    if (folder !== undefined && !anew && (await this.#recall(folder)) && !this.wanted && control.tuning) return control.tuning;
    try {
      const tuning = await this.#measure(pool, pass, onProgress);
      control.use(tuning);
      this.log('info', `threads: measured ${inWords(tuning)}`);
      if (folder !== undefined) await this.#remember(folder, tuning);
      return tuning;
    } catch (error) {
      this.#failed = !pass.signal.aborted;
      throw error;
    }
  }

  async #measure(pool: ModelPool, pass: Pass, onProgress: ((fraction: number) => void) | undefined): Promise<Tuning> {
    const { llama, model, key } = this;
    const shape = { ...plainShape(model, measuredContext), batchSize: 64 };
    const { value: context } = await pool.measured(llama, () => pass.step(() => openContext(model, shape, key.cores)));
    try {
      return await measureThreads({ llama, model, context, cores: key.cores, budgetMs, step: (evaluate) => pass.step(evaluate), ...(onProgress ? { onProgress } : {}) });
    } finally {
      await context.dispose();
    }
  }

  async #recall(folder: string): Promise<boolean> {
    const tuning = await readTuning(folder, this.key);
    if (!tuning) return false;
    this.control.use(tuning);
    this.log('info', `threads: from an earlier measuring ${inWords(tuning)}`);
    return true;
  }

  /** What cannot be kept is measured again next time. */
  async #remember(folder: string, tuning: Tuning): Promise<void> {
    try {
      await writeTuning(folder, this.key, tuning);
    } catch (error) {
      this.log('warn', `threads: what was measured cannot be kept: ${String(error)}`);
    }
  }
}

async function keyOf(modelPath: string, llama: Llama, model: LlamaModel): Promise<TuningKey> {
  return {
    cpu: cpus()[0]?.model ?? '',
    system: `${platform()} ${arch()}`,
    cores: coresFor(llama.cpuMathCores),
    parallelism: availableParallelism(),
    library: libraryVersion(),
    backend: llama.gpu === false ? 'cpu' : llama.gpu,
    model: await fingerprint(modelPath),
    gpuLayers: llama.gpu === false ? 0 : model.gpuLayers,
  };
}

function inWords({ threads, reading, speeds, disturbed }: Tuning): string {
  const each = speeds.map((speed) => `${String(speed.threads)}: ${speed.tokensPerSecond.toPrecision(3)}`).join(', ');
  return `(${each} tokens/s${disturbed ? ', others were busy' : ''}): ${String(threads)} for writing, ${String(reading)} for reading`;
}
