/** The backend on this machine: keeps an engine process alive, with the chosen model loaded when it is needed. */
import { setTimeout as delay } from 'node:timers/promises';
import { abortable, AsyncQueue } from '../base/async.ts';
import { isAbort, PonderError, toPonderError } from '../base/errors.ts';
import { Emitter } from '../base/event.ts';
import { infillContext, type ChatEvent, type ChatParams, type EngineStatus, type GpuBackend, type Hardware, type InfillInfo, type InfillParams, type LoadParams, type ModelInfo, type ModelParams, type PromptMeasure, type PromptParams, type ScoreParams, type ThreadTuning } from '../protocol/engine.ts';
import type { Backend, BackendEvent, BackendState, InfillEvent } from './backend.ts';
import type { Ending, EngineOptions, EngineProcess } from './engine-process.ts';
import type { EveryGpu } from './every-gpu.ts';
import { IdleUnload } from './idle-unload.ts';

/** Crashes in a row, without a finished answer between, after which the engine is no longer started unasked. */
export const crashLimit = 3;

export class LocalBackend implements Backend {
  readonly #stateChanged = new Emitter<BackendState>((error) => this.options.logger.error(String(error)));
  readonly onDidChangeState = this.#stateChanged.event;
  #state: BackendState = { kind: 'missing' };
  #params: LoadParams | undefined;
  #process: Promise<EngineProcess> | undefined;
  /** The GPUs that it was started with. */
  #devices: readonly number[] | undefined;
  /** Calls under way on it. */
  readonly #calls = new Set<Promise<unknown>>();
  readonly #everyGpu = new Map<GpuBackend, Promise<EveryGpu>>();
  /** The load under way or done, with what it loads. */
  #loading: { readonly params: LoadParams; readonly model: Promise<ModelInfo> } | undefined;
  #infillModel: ModelParams | undefined;
  /** What completions run on, opened or being so, and what it was opened upon. */
  #infill: { readonly upon: unknown; readonly info: Promise<InfillInfo> } | undefined;
  #crashes = 0;
  #enabled = true;
  /** Ended by this window: what was under way on them has not met a crash. */
  readonly #restarted = new WeakSet<EngineProcess>();
  #disposed = false;
  /** Loading, a question and what is measured for it, and completions are use; what is counted or read ahead is not. */
  readonly #idle = new IdleUnload(() => {
    if (!this.loaded) return;
    this.options.logger.info('the model was idle and is unloaded');
    this.unload().catch((error: unknown) => this.options.logger.warn(toPonderError(error).message));
  });

  constructor(private readonly options: EngineOptions) {}

  get state(): BackendState {
    return this.#state;
  }

  get loaded(): boolean {
    return this.#loading !== undefined || this.#infill !== undefined;
  }

  setEnabled(enabled: boolean): void {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    this.#crashes = 0;
    // Other windows are told by the same setting, so an engine that is shared leaves as well.
    if (!enabled) void this.#forget()?.then((engine) => engine.release()).catch(() => undefined);
    this.#setState(this.#resting());
  }

  setUnloadAfter(minutes: number): void {
    this.#idle.minutes = minutes;
  }

  useModel(params: LoadParams | undefined): void {
    if (JSON.stringify(params) === JSON.stringify(this.#params)) return;
    this.#params = params;
    // Another model deserves another try.
    this.#crashes = 0;
    this.#setState(this.#resting());
    if (!params) void this.unload().catch((error: unknown) => this.options.logger.warn(toPonderError(error).message));
  }

  async ensureReady(signal?: AbortSignal): Promise<ModelInfo> {
    signal?.throwIfAborted();
    this.#checkEnabled();
    const params = this.#params;
    if (!params) throw new PonderError('model-not-chosen', 'No model is chosen.');
    if (this.#state.kind === 'down') throw unstable(this.#crashes);
    if (this.#loading?.params !== params) {
      const model = this.#load(params);
      this.#loading = { params, model };
      model.catch(() => {
        if (this.#loading?.model === model) this.#loading = undefined;
      });
    }
    return abortable(this.#loading.model, signal);
  }

  async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<BackendEvent, void, void> {
    await this.ensureReady(signal);
    const engine = await this.#engine();
    yield* this.#stream<BackendEvent>(async (push) => {
      const onEvent = (batch: ChatEvent[]): void => {
        for (const event of batch) {
          if (event.type === 'window') this.#windowChanged(event.model);
          push(event);
        }
      };
      try {
        return { type: 'end', result: await this.#guard(engine, engine.rpc.call('chat', params, { signal, onEvent })) };
      } catch (error) {
        // Nothing is loaded any more: neither another window could be had nor the old one again.
        if (toPonderError(error).code === 'context-too-large') this.#loading = undefined;
        throw error;
      }
    });
  }

  /** The same model in another window. Completions ask for their context again, which may have gone with the old one. */
  #windowChanged(model: ModelInfo): void {
    if (!this.#loading || this.#params !== this.#loading.params) return;
    this.#loading = { params: this.#params, model: Promise.resolve(model) };
    this.#setState({ kind: 'ready', model });
  }

  async measure(prompt: PromptParams, signal: AbortSignal): Promise<PromptMeasure> {
    await this.ensureReady(signal);
    const engine = await this.#engine();
    return this.#idle.during(() => this.#guard(engine, engine.rpc.call('measure', prompt, { signal })));
  }

  async preread(prompt: PromptParams, signal: AbortSignal): Promise<void> {
    if (this.#state.kind !== 'ready') return;
    const engine = await this.#engine();
    await this.#guard(engine, engine.rpc.call('preread', prompt, { signal }));
  }

  async snapshots(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
    const engine = await this.#engine();
    return this.#guard(engine, engine.rpc.call('snapshots', { folder }));
  }

  async clearSnapshots(folder: string): Promise<void> {
    const engine = await this.#engine();
    await this.#guard(engine, engine.rpc.call('clearSnapshots', { folder }));
  }

  async answerNow(): Promise<void> {
    if (this.#process) await (await this.#process).rpc.call('answerNow', {});
  }

  useInfillModel(model: ModelParams | undefined): void {
    if (JSON.stringify(model) !== JSON.stringify(this.#infillModel)) this.#infillModel = model;
  }

  async ensureInfill(signal?: AbortSignal): Promise<InfillInfo> {
    signal?.throwIfAborted();
    this.#checkEnabled();
    const model = this.#infillModel;
    // A chat model that is loaded anew takes the contexts made of it along; so does an engine that ends.
    if (!model) await this.ensureReady(signal);
    else if (this.#state.kind === 'down') throw unstable(this.#crashes);
    const upon = model ?? this.#loading?.model;
    if (!this.#infill || this.#infill.upon !== upon) {
      const info = this.#openInfill(model);
      this.#infill = { upon, info };
      info.catch(() => {
        if (this.#infill?.info === info) this.#infill = undefined;
      });
    }
    return abortable(this.#infill.info, signal);
  }

  async *infill(params: InfillParams, signal: AbortSignal): AsyncGenerator<InfillEvent, void, void> {
    await this.ensureInfill(signal);
    const engine = await this.#engine();
    yield* this.#stream<InfillEvent>((push) =>
      this.#guard(
        engine,
        engine.rpc.call('infill', params, { signal, onEvent: (batch) => batch.forEach((token) => push({ type: 'text', ...token })) }),
      ).then((result) => ({ type: 'end', result })),
    );
  }

  async score(params: ScoreParams, signal: AbortSignal): Promise<number> {
    await this.ensureInfill(signal);
    const engine = await this.#engine();
    return this.#idle.during(() => this.#guard(engine, engine.rpc.call('score', params, { signal })));
  }

  async closeInfill(): Promise<void> {
    if (!this.#infill) return;
    this.#infill = undefined;
    if (this.#process) await (await this.#process).rpc.call('closeInfill', {});
  }

  async countTokens(texts: readonly string[], signal?: AbortSignal): Promise<number[]> {
    await this.ensureReady(signal);
    const engine = await this.#engine();
    return this.#guard(engine, engine.rpc.call('countTokens', { texts: [...texts] }, { signal }));
  }

  async hardware(gpu: GpuBackend): Promise<Hardware> {
    const engine = await this.#engine();
    const devices = this.#devices;
    const seen = await this.#guard(engine, engine.rpc.call('hardware', { gpu }));
    const { listsEveryGpu, readEveryGpu, withEveryGpu } = await import('./every-gpu.ts');
    if (listsEveryGpu(seen, devices)) return seen;
    const reading = this.#everyGpu.get(gpu) ?? readEveryGpu(this.options, gpu);
    this.#everyGpu.set(gpu, reading);
    reading.catch(() => this.#everyGpu.delete(gpu));
    return withEveryGpu(seen, await reading, devices);
  }

  async tuneThreads(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<ThreadTuning> {
    await this.ensureReady(signal);
    const engine = await this.#engine();
    return this.#idle.during(() => this.#guard(engine, engine.rpc.call('tuneThreads', {}, { signal, onEvent: ({ fraction }) => onProgress(fraction) })));
  }

  /** Facts about the process, for tests and diagnosis. */
  async status(): Promise<EngineStatus & { readonly pid: number }> {
    const engine = await this.#engine();
    return { ...(await engine.rpc.call('status', {})), pid: engine.pid };
  }

  async unload(): Promise<void> {
    this.#loading = undefined;
    this.#infill = undefined;
    if (this.#process) await (await this.#process).rpc.call('unload', {});
    if (this.#state.kind !== 'down') this.#setState(this.#resting());
  }

  async restart(): Promise<void> {
    this.#checkEnabled();
    this.#crashes = 0;
    await this.#forget()?.then((engine) => {
      this.#restarted.add(engine);
      return engine.end();
    }).catch(() => undefined);
    this.#setState(this.#resting());
    if (this.#params) await this.ensureReady();
  }

  dispose(): void {
    this.#disposed = true;
    this.#idle.dispose();
    void this.#forget()?.then((engine) => engine.release()).catch(() => undefined);
    this.#stateChanged.dispose();
  }

  #load(params: LoadParams): Promise<ModelInfo> {
    this.#renewFor(params);
    return this.#idle.during(() => this.#loadNow(params));
  }

  async #loadNow(params: LoadParams): Promise<ModelInfo> {
    this.#setState({ kind: 'loading', params, fraction: 0 });
    this.#checkEnabled();
    const starting = this.#running();
    try {
      const engine = await starting;
      const onEvent = ({ fraction }: { fraction: number }): void => {
        if (this.#process === starting) this.#setState({ kind: 'loading', params, fraction });
      };
      const model = await this.#guard(engine, engine.rpc.call('load', params, { onEvent }));
      if (this.#params === params && this.#process === starting) this.#setState({ kind: 'ready', model });
      return model;
    } catch (error) {
      // After a crash the state belongs to the process started since.
      if (this.#process === starting && this.#state.kind === 'loading') this.#setState({ kind: 'idle', params });
      throw error;
    }
  }

  async #openInfill(model: ModelParams | undefined): Promise<InfillInfo> {
    if (model) this.#renewFor(model);
    const engine = await this.#engine();
    return this.#idle.during(() => this.#guard(engine, engine.rpc.call('openInfill', { contextSize: infillContext, ...(model ? { model } : {}) })));
  }

  /** The events that a call pushes, and what it ends with as the last of them. */
  async *#stream<E>(call: (push: (event: E) => void) => Promise<E>): AsyncGenerator<E, void, void> {
    const events = new AsyncQueue<E>();
    this.#idle.during(() => call((event) => events.push(event))).then(
      (end) => {
        this.#crashes = 0;
        events.push(end);
        events.close();
      },
      (error: unknown) => events.close(isAbort(error) ? error : toPonderError(error)),
    );
    yield* events;
  }

  async #engine(): Promise<EngineProcess> {
    this.#checkEnabled();
    return this.#running();
  }

  #running(): Promise<EngineProcess> {
    if (!this.#process) {
      this.#devices = (this.#params ?? this.#infillModel)?.devices;
      const starting = this.#start();
      this.#process = starting;
      starting.then(
        (engine) => void engine.exited.then((ending) => this.#ended(starting, ending)),
        (error: unknown) => this.#ended(starting, { how: String(error), asked: false }),
      );
    }
    return this.#process;
  }

  /** Other GPUs want another engine. The old one is left when what goes on there is through. */
  #renewFor({ devices }: ModelParams): void {
    if (!this.#process || JSON.stringify(devices) === JSON.stringify(this.#devices)) return;
    const calls = [...this.#calls];
    void this.#forget()
      ?.then(async (engine) => {
        await Promise.allSettled(calls);
        engine.release();
      })
      .catch(() => undefined);
  }

  async #start(): Promise<EngineProcess> {
    // Half of the extension's code speaks with the engine; none of it is needed before the first question.
    const { startEngine } = await import('./engine-process.ts');
    return startEngine({ ...this.options, ...(this.#devices ? { devices: this.#devices } : {}) });
  }

  /** Turns the failure of a call on a process that has gone into `engine-crashed` or `engine-restarted`. */
  async #guard<T>(engine: EngineProcess, call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await call;
    } catch (error) {
      if (isAbort(error) || toPonderError(error).code !== 'internal') throw error;
      this.#checkEnabled();
      // A write to a dying process fails a moment before its end is known.
      const ending = await Promise.race([engine.exited, delay(500, undefined)]);
      if (ending === undefined) throw error;
      const { how, asked } = ending;
      if (asked || this.#restarted.has(engine)) throw new PonderError('engine-restarted', `The engine was restarted (${how}).`, { by: asked ? 'another' : 'this' });
      throw this.#crashes >= crashLimit
        ? unstable(this.#crashes)
        : new PonderError('engine-crashed', `The engine ended (${how}).`, { how });
    } finally {
      this.#calls.delete(call);
    }
  }

  #ended(process: Promise<EngineProcess>, { how, asked }: Ending): void {
    if (this.#process !== process || this.#disposed) return;
    void this.#forget();
    if (asked) this.options.logger.info(`engine ended: ${how}`);
    else this.options.logger.error(`engine ended: ${how} (${String(++this.#crashes)} in a row)`);
    if (this.#crashes >= crashLimit) {
      this.#setState({ kind: 'down', crashes: this.#crashes });
    } else if (this.#params) {
      this.#setState({ kind: 'idle', params: this.#params });
      this.ensureReady().catch((error: unknown) => this.options.logger.error(toPonderError(error).message));
    }
  }

  /** Its end is not heard of any more, nor is it missed should it never have started. */
  #forget(): Promise<EngineProcess> | undefined {
    const process = this.#process;
    this.#process = undefined;
    this.#loading = undefined;
    this.#infill = undefined;
    return process;
  }

  /** What it is while nothing is loaded. */
  #resting(): BackendState {
    if (!this.#enabled) return { kind: 'off' };
    return this.#params ? { kind: 'idle', params: this.#params } : { kind: 'missing' };
  }

  /** @throws PonderError `ponder-off` */
  #checkEnabled(): void {
    if (!this.#enabled) throw new PonderError('ponder-off', 'Ponder is off.');
  }

  #setState(state: BackendState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

function unstable(crashes: number): PonderError {
  return new PonderError('engine-unstable', `The engine ended ${String(crashes)} times in a row.`, { crashes });
}
