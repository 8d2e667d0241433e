import type { LogLevel } from '../base/log.ts';
import { Mutex } from '../base/async.ts';
import { PonderError } from '../base/errors.ts';
import type { ChatEvent, ChatParams, ChatResult, EngineStatus, LoadParams, ModelInfo } from '../protocol/engine.ts';
import { runChat } from './chat.ts';
import { EventBatcher } from './event-batcher.ts';
import { load, type Loaded } from './llama.ts';

interface Call<E> {
  readonly signal: AbortSignal;
  readonly emit: (event: E) => void;
}

/** One model and the requests on it, a turn at a time. */
export class Engine {
  #loaded: Loaded | undefined;
  /** Loading, unloading and chatting exclude each other. */
  readonly #turns = new Mutex();
  #active = 0;
  #answerWanted = false;

  constructor(private readonly log: (level: LogLevel, message: string) => void) {}

  load(params: LoadParams, { signal, emit }: Call<{ fraction: number }>): Promise<ModelInfo> {
    return this.#exclusive(signal, async () => {
      await this.#free();
      this.#loaded = await load(params, { signal, onProgress: (fraction) => emit({ fraction }), log: this.log });
      return this.#loaded.info;
    });
  }

  async unload(): Promise<Record<string, never>> {
    await this.#exclusive(undefined, () => this.#free());
    return {};
  }

  chat(params: ChatParams, { signal, emit }: Call<ChatEvent[]>): Promise<ChatResult> {
    return this.#exclusive(signal, async () => {
      const batcher = new EventBatcher(emit);
      this.#answerWanted = false;
      try {
        return await runChat(this.#require().machine, params, {
          signal,
          emit: (event) => batcher.push(event),
          wantsAnswer: () => this.#answerWanted,
        });
      } finally {
        batcher.flush();
      }
    });
  }

  answerNow(): Promise<Record<string, never>> {
    this.#answerWanted = true;
    return Promise.resolve({});
  }

  countTokens(texts: readonly string[]): Promise<number[]> {
    const { model } = this.#require().machine;
    return Promise.resolve(texts.map((text) => model.tokenize(text).length));
  }

  status(): Promise<EngineStatus> {
    const { user, system } = process.cpuUsage();
    const meter = this.#loaded?.machine.sequence.tokenMeter.getState();
    return Promise.resolve({
      loaded: this.#loaded !== undefined,
      active: this.#active,
      evaluatedTokens: meter ? meter.usedInputTokens + meter.usedOutputTokens : 0,
      cpuMs: (user + system) / 1000,
      memory: process.memoryUsage().rss,
    });
  }

  async #exclusive<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
    this.#active++;
    try {
      return await this.#turns.run(task, signal);
    } finally {
      this.#active--;
    }
  }

  async #free(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    await loaded?.dispose();
  }

  #require(): Loaded {
    if (!this.#loaded) throw new PonderError('model-not-chosen', 'No model is loaded.');
    return this.#loaded;
  }
}
