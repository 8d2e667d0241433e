/** A backend that plays a script: for tests of what lies above it, never the only proof. */
import { Emitter } from '../base/event.ts';
import type { ChatParams, EngineStatus, Hardware, InfillInfo, InfillParams, LoadParams, ModelInfo, ModelParams, PromptMeasure, PromptParams, ScoreParams, ThreadTuning } from '../protocol/engine.ts';
import type { Backend, BackendEvent, BackendState, InfillEvent } from './backend.ts';

export const fakeModel: ModelInfo = {
  path: '/models/fake.gguf',
  name: 'Fake',
  architecture: 'qwen3',
  size: 0,
  layers: 36,
  gpuLayers: 0,
  gpu: 'cpu',
  threads: 1,
  contextSize: 4096,
  trainedContext: 4096,
  largestContext: 4096,
  yarnFactor: 1,
  kvType: 'f16',
  thinking: 'hybrid',
  tools: true,
  infill: false,
};

export const fakeInfill: InfillInfo = {
  name: 'Fake',
  fingerprint: 'fake',
  contextSize: 4096,
  gpu: 'cpu',
  forms: { file: true, repository: true, chat: true },
};

const GiB = 2 ** 30;

/** An office machine without a GPU. */
export const fakeHardware: Hardware = {
  backend: 'cpu',
  gpus: [],
  vram: { total: 0, free: 0 },
  unified: false,
  ram: { total: 16 * GiB, free: 10 * GiB },
  cores: { physical: 4, logical: 8 },
};

/** Two cores are better than one. */
export const fakeTuning: ThreadTuning = { threads: 2, reading: 2, speeds: [{ threads: 1, tokensPerSecond: 5.2 }, { threads: 2, tokensPerSecond: 9.81 }], disturbed: false, inForce: 2 };

/** Yields events; an error among them is thrown, a promise is awaited. */
export type Script = readonly (BackendEvent | Error | Promise<void>)[];

export class FakeBackend implements Backend {
  readonly #stateChanged = new Emitter<BackendState>();
  readonly onDidChangeState = this.#stateChanged.event;
  state: BackendState;
  /** What was asked, in order. */
  readonly requests: ChatParams[] = [];
  /** What was to be read ahead, in order. */
  readonly prereads: PromptParams[] = [];
  answersWanted = 0;
  /** Completions asked for, in order, and how each one's signal stands. */
  readonly infills: { readonly params: InfillParams; readonly signal: AbortSignal }[] = [];
  /** One script a completion; the last one stays. */
  infillScripts: readonly (readonly (InfillEvent | Error | Promise<void>)[])[] = [];
  /** What `score` says of a prompt. */
  scoreOf: (params: ScoreParams) => number = () => -1;
  infillModel: ModelParams | undefined;
  infillInfo = fakeInfill;
  infillsClosed = 0;
  machine: Hardware = fakeHardware;
  tuning: ThreadTuning = fakeTuning;
  unloadAfter = 0;

  constructor(
    /** One script a request; the last one stays. */
    public scripts: readonly Script[] = [],
    private readonly model: ModelInfo = fakeModel,
  ) {
    this.state = { kind: 'ready', model };
  }

  get loaded(): boolean {
    return this.state.kind === 'ready';
  }

  setEnabled(enabled: boolean): void {
    this.setState(enabled ? { kind: 'ready', model: this.model } : { kind: 'off' });
  }

  setUnloadAfter(minutes: number): void {
    this.unloadAfter = minutes;
  }

  useModel(params: LoadParams | undefined): void {
    this.setState(params ? { kind: 'idle', params } : { kind: 'missing' });
  }

  ensureReady(signal?: AbortSignal): Promise<ModelInfo> {
    signal?.throwIfAborted();
    return Promise.resolve(this.model);
  }

  status(): Promise<EngineStatus> {
    return Promise.resolve({ library: '0.0.0', loaded: this.state.kind === 'ready', active: 0, evaluatedTokens: 0, cpuMs: 0, memory: 0, windows: 1, models: 1, modelLoads: 1 });
  }

  hardware(): Promise<Hardware> {
    return Promise.resolve(this.machine);
  }

  tuneThreads(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<ThreadTuning> {
    signal.throwIfAborted();
    onProgress(1);
    return Promise.resolve(this.tuning);
  }

  async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<BackendEvent, void, void> {
    yield* play(this.scripts[Math.min(this.requests.push(params), this.scripts.length) - 1] ?? [], signal);
  }

  useInfillModel(model: ModelParams | undefined): void {
    this.infillModel = model;
  }

  ensureInfill(signal?: AbortSignal): Promise<InfillInfo> {
    signal?.throwIfAborted();
    return Promise.resolve(this.infillInfo);
  }

  async *infill(params: InfillParams, signal: AbortSignal): AsyncGenerator<InfillEvent, void, void> {
    yield* play(this.infillScripts[Math.min(this.infills.push({ params, signal }), this.infillScripts.length) - 1] ?? [], signal);
  }

  score(params: ScoreParams, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    return Promise.resolve(this.scoreOf(params));
  }

  closeInfill(): Promise<void> {
    this.infillsClosed++;
    return Promise.resolve();
  }

  measure({ messages }: PromptParams, signal: AbortSignal): Promise<PromptMeasure> {
    signal.throwIfAborted();
    const tokens = messages.reduce((sum, { content }) => sum + countOf(content) + 5, 0);
    return Promise.resolve({ tokens, cached: 0, restorable: 0, readSpeed: 0 });
  }

  preread(prompt: PromptParams, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.prereads.push(prompt);
    return Promise.resolve();
  }

  snapshots(): Promise<{ readonly files: number; readonly bytes: number }> {
    return Promise.resolve({ files: 0, bytes: 0 });
  }

  clearSnapshots(): Promise<void> {
    return Promise.resolve();
  }

  answerNow(): Promise<void> {
    this.answersWanted++;
    return Promise.resolve();
  }

  countTokens(texts: readonly string[]): Promise<number[]> {
    return Promise.resolve(texts.map(countOf));
  }

  unload(): Promise<void> {
    return Promise.resolve();
  }

  restart(): Promise<void> {
    this.setState({ kind: 'ready', model: this.model });
    return Promise.resolve();
  }

  setState(state: BackendState): void {
    this.state = state;
    this.#stateChanged.fire(state);
  }

  dispose(): void {
    this.#stateChanged.dispose();
  }
}

function countOf(text: string): number {
  return Math.ceil(text.length / 4);
}

async function* play<E>(script: readonly (E | Error | Promise<void>)[], signal: AbortSignal): AsyncGenerator<E, void, void> {
  for (const step of script) {
    signal.throwIfAborted();
    if (step instanceof Error) throw step;
    if (step instanceof Promise) await step;
    else yield step;
  }
}
