import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/event.ts';
import type {
  ChatEvent,
  ChatParams,
  ChatResult,
  EngineStatus,
  GpuBackend,
  Hardware,
  InfillInfo,
  InfillParams,
  InfillResult,
  InfillToken,
  LoadParams,
  ModelInfo,
  ModelParams,
  PromptMeasure,
  PromptParams,
  ScoreParams,
  ThreadTuning,
} from '../protocol/engine.ts';

export type BackendState =
  /** Turned off: nothing runs, whatever is asked for. */
  | { readonly kind: 'off' }
  /** No model is chosen. */
  | { readonly kind: 'missing' }
  /** A model is chosen and not loaded. */
  | { readonly kind: 'idle'; readonly params: LoadParams }
  | { readonly kind: 'loading'; readonly params: LoadParams; readonly fraction: number }
  | { readonly kind: 'ready'; readonly model: ModelInfo }
  /** The engine has ended too often in a row and waits for `restart`. */
  | { readonly kind: 'down'; readonly crashes: number };

/** What a chat yields: its events, and the result as the last of them. */
export type BackendEvent = ChatEvent | { readonly type: 'end'; readonly result: ChatResult };

/** What a completion yields: its text, and the result as the last of it. */
export type InfillEvent = ({ readonly type: 'text' } & InfillToken) | { readonly type: 'end'; readonly result: InfillResult };

/** Something that runs models. Features know this and no more. */
export interface Backend extends Disposable {
  readonly state: BackendState;
  readonly onDidChangeState: Event<BackendState>;
  /** Whether there is a model in memory, for chats or completions, or about to be. */
  readonly loaded: boolean;
  /** Off, the engine ends, and everything that needs it throws `ponder-off`. */
  setEnabled(enabled: boolean): void;
  /** Minutes without use after which the model is unloaded; 0: never. */
  setUnloadAfter(minutes: number): void;
  /** Chooses what `ensureReady` loads; costs nothing by itself. */
  useModel(params: LoadParams | undefined): void;
  /**
   * Starts and loads what is needed.
   * @throws PonderError; an AbortError when `signal` aborts (the load goes on for the next caller).
   */
  ensureReady(signal?: AbortSignal): Promise<ModelInfo>;
  /** @throws PonderError while iterated; an AbortError when `signal` aborts. */
  chat(params: ChatParams, signal: AbortSignal): AsyncIterable<BackendEvent>;
  /** How long a prompt is, and how much of it would have to be read. Throws as `chat` does. */
  measure(prompt: PromptParams, signal: AbortSignal): Promise<PromptMeasure>;
  /**
   * Reads a prompt ahead whose last message will go on, while nothing else wants the engine. Does nothing where
   * no model is loaded. @throws an AbortError when anything else wants the engine, or `signal` aborts
   */
  preread(prompt: PromptParams, signal: AbortSignal): Promise<void>;
  /** What the snapshots of the KV cache take on disk. */
  snapshots(folder: string): Promise<{ readonly files: number; readonly bytes: number }>;
  clearSnapshots(folder: string): Promise<void>;
  /** Closes the thought of the running chat. */
  answerNow(): Promise<void>;
  /** Chooses what completions run on: a model of its own, or the chat's; costs nothing by itself. */
  useInfillModel(model: ModelParams | undefined): void;
  /**
   * Starts and loads what completions need.
   * @throws PonderError; an AbortError when `signal` aborts (the load goes on for the next caller).
   */
  ensureInfill(signal?: AbortSignal): Promise<InfillInfo>;
  /** One at a time; whoever asks for a second one aborts the first. @throws PonderError while iterated; an AbortError when `signal` aborts. */
  infill(params: InfillParams, signal: AbortSignal): AsyncIterable<InfillEvent>;
  /** Mean log-probability per token of a known middle, at most 0. Throws as `infill` does. */
  score(params: ScoreParams, signal: AbortSignal): Promise<number>;
  /** Frees what completions hold; the next one loads it again. */
  closeInfill(): Promise<void>;
  /** Exact token counts of texts, one each. Needs a loaded model. */
  countTokens(texts: readonly string[], signal?: AbortSignal): Promise<number[]>;
  /**
   * What the machine has for models; starts the engine if need be, and loads nothing.
   * @throws PonderError `gpu-unavailable` where the backend that is asked for cannot be had
   */
  hardware(gpu: GpuBackend): Promise<Hardware>;
  /**
   * Measures anew which number of threads is fastest for the model, which is loaded if need be. Takes two or three seconds.
   * @throws PonderError; an AbortError when `signal` aborts
   */
  tuneThreads(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<ThreadTuning>;
  /** How the process stands: starts it if need be. */
  status(): Promise<EngineStatus>;
  /** Frees the model's memory; the next use loads it again. */
  unload(): Promise<void>;
  /** Starts afresh after `down`, or whenever the user wants to. */
  restart(): Promise<void>;
}
