/** A backend that plays a script: for tests of what lies above it, never the only proof. */
import { Emitter } from '../base/event.ts';
import type { ChatParams, LoadParams, ModelInfo } from '../protocol/engine.ts';
import type { Backend, BackendEvent, BackendState } from './backend.ts';

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
  thinking: 'hybrid',
  tools: true,
  infill: false,
};

/** Yields events; an error among them is thrown, a promise is awaited. */
export type Script = readonly (BackendEvent | Error | Promise<void>)[];

export class FakeBackend implements Backend {
  readonly #stateChanged = new Emitter<BackendState>();
  readonly onDidChangeState = this.#stateChanged.event;
  state: BackendState;
  /** What was asked, in order. */
  readonly requests: ChatParams[] = [];
  answersWanted = 0;

  constructor(
    /** One script a request; the last one stays. */
    public scripts: readonly Script[] = [],
    private readonly model: ModelInfo = fakeModel,
  ) {
    this.state = { kind: 'ready', model };
  }

  useModel(params: LoadParams | undefined): void {
    this.setState(params ? { kind: 'idle', params } : { kind: 'missing' });
  }

  ensureReady(signal?: AbortSignal): Promise<ModelInfo> {
    signal?.throwIfAborted();
    return Promise.resolve(this.model);
  }

  async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<BackendEvent, void, void> {
    const script = this.scripts[Math.min(this.requests.push(params), this.scripts.length) - 1] ?? [];
    for (const step of script) {
      signal.throwIfAborted();
      if (step instanceof Error) throw step;
      if (step instanceof Promise) await step;
      else yield step;
    }
  }

  answerNow(): Promise<void> {
    this.answersWanted++;
    return Promise.resolve();
  }

  countTokens(texts: readonly string[]): Promise<number[]> {
    return Promise.resolve(texts.map((text) => Math.ceil(text.length / 4)));
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
