/**
 * How many threads a loaded model runs with. `llama.maxThreads` caps those of each evaluation that begins after it was set,
 * of whatever context, so a number takes effect with the next token and no context is made anew. It is set before each
 * evaluation, because windows with other numbers may share the library.
 */
import type { Llama } from 'node-llama-cpp';
import type { LoadOptions } from '../llama.ts';
import type { Pass } from '../scheduler.ts';
import { observe, startStepping, type Stepping } from './stepping.ts';
import type { Tuning } from './tuning-store.ts';

export interface ThreadOptions {
  readonly llama: Pick<Llama, 'maxThreads'>;
  /** Contexts are made for so many: never more. */
  readonly most: number;
  /** Whether the number may change: not where the user has set it, nor where the GPU does it all. */
  readonly adapts: boolean;
  readonly log: LoadOptions['log'];
}

export class ThreadControl {
  readonly most: number;
  /** Undefined until measured. */
  #tuning: Tuning | undefined;
  #stepping: Stepping;

  constructor(private readonly options: ThreadOptions) {
    this.most = options.most;
    this.#stepping = startStepping(options.most);
  }

  get adapts(): boolean {
    return this.options.adapts;
  }

  /** For writing, now. */
  get count(): number {
    return this.#stepping.count;
  }

  get tuning(): Tuning | undefined {
    return this.#tuning;
  }

  use(tuning: Tuning): void {
    if (!this.adapts) return;
    this.#tuning = tuning;
    const speed = tuning.speeds.find(({ threads }) => threads === tuning.threads)?.tokensPerSecond ?? 0;
    const threads = Math.min(this.most, tuning.threads);
    // Measured while others were busy, it holds as long as they are: more threads stay within reach.
    this.#stepping = startStepping(tuning.disturbed ? this.most : threads, speed > 0 ? 1000 / speed : undefined, threads);
  }

  /** Steps run with the number for reading, unless they say that they write. */
  pass(pass: Pass): Pass {
    return {
      signal: pass.signal,
      step: (evaluate) =>
        pass.step(() => {
          this.options.llama.maxThreads = this.#reading;
          return evaluate();
        }),
    };
  }

  /**
   * Runs a step that writes.
   * @param depth tokens in the KV cache before the one that is decoded; undefined where its time tells nothing
   */
  async write<T>(depth: number | undefined, evaluate: () => Promise<T>): Promise<T> {
    this.options.llama.maxThreads = this.count;
    const before = performance.now();
    const result = await evaluate();
    if (depth !== undefined && this.adapts) this.#observe(performance.now() - before, depth);
    return result;
  }

  get #reading(): number {
    const { count, ceiling } = this.#stepping;
    // Short of cores, reading is no better off.
    return count < ceiling ? count : Math.min(this.most, this.#tuning?.reading ?? this.most);
  }

  #observe(ms: number, depth: number): void {
    const before = this.#stepping;
    this.#stepping = observe(before, { ms, depth, at: performance.now() });
    const { count, ceiling } = this.#stepping;
    if (count === before.count) return;
    const mean = before.recent.reduce((sum, each) => sum + each, ms) / (before.recent.length + 1);
    this.options.log('info', `threads: ${String(before.count)} → ${String(count)} of ${String(ceiling)}; the last tokens took ${mean.toFixed(0)} ms`);
  }
}
