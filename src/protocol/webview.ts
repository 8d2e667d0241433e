/**
 * All that crosses between the extension host and the two webviews.
 *
 * The host pushes whole state; the view renders it. Two small messages (`turn` and `append`) keep a streamed answer
 * from re-sending the conversation for every token. What a view sends is validated on arrival, because a webview
 * renders text from a model and is not trusted.
 */
import * as v from 'valibot';

/** How the user wants the model to think. `auto` leaves short, plain questions unthought. */
export const thinkingModes = ['auto', 'on', 'off'] as const;
export type ThinkingMode = (typeof thinkingModes)[number];

/** Whether a model thinks: by switch (`hybrid`), at every turn, or not at all. */
export type ThinkingKind = 'hybrid' | 'always' | 'never';

/** Bounds of the thought budget, in tokens. */
export const thoughtBudget = { min: 512, max: 16_384, default: 4096 } as const;

export type TurnStatus =
  /** Waiting for the model to load. */
  | 'loading'
  /** The prompt is being read (prefill). */
  | 'reading'
  | 'thinking'
  | 'writing'
  | 'done'
  /** Stopped by the user; what had streamed stays. */
  | 'stopped'
  /** Ended by an error; what had streamed stays and `error` says why. */
  | 'failed';

/** A clickable way out of an error. The host owns the ids; a view sends them back unread. */
export interface ErrorAction {
  readonly id: string;
  /** Verb first: "Use 8k". */
  readonly label: string;
  /** What it costs or brings: "Needs 1.2 GB". */
  readonly detail?: string;
}

export interface ErrorCard {
  readonly code: string;
  /** One plain sentence. */
  readonly title: string;
  readonly detail?: string;
  /** Memory asked for against memory free, in bytes: drawn as a bar. */
  readonly memory?: { readonly needed: number; readonly free: number };
  /** The first one is the primary action. */
  readonly actions: readonly ErrorAction[];
}

export interface TurnState {
  readonly id: string;
  readonly question: string;
  /** Files sent along with the question. */
  readonly files: readonly { readonly path: string; readonly tokens: number | undefined }[];
  readonly status: TurnStatus;
  /** While `loading`: share of the model loaded, 0 to 1. */
  readonly loaded?: number;
  /** While `reading`: tokens of the prompt. `cached` of `total` needed no reading; `done` counts from `cached` up. */
  readonly reading?: {
    readonly done: number;
    readonly total: number;
    readonly cached: number;
    readonly msLeft: number | undefined;
  };
  /** Absent when nothing was thought. `ms` is the time spent thinking so far. */
  readonly thought?: { readonly ms: number; readonly tokens: number };
  /** Markdown. */
  readonly answer: string;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  /** Of the answer so far, or of the finished answer. */
  readonly stats?: {
    /** Tokens of the answer, without its thought. */
    readonly tokens: number;
    readonly tokensPerSecond: number;
    /** From sending to the first token of thought or answer, ms. */
    readonly firstTokenMs: number;
    readonly model: string;
  };
  /** Why the answer ended before the model was done, when it did. */
  readonly cut?: 'length';
  readonly error?: ErrorCard;
}

export interface ModelState {
  /** "Qwen3-4B". */
  readonly name: string;
  /** "Q4_K_M". */
  readonly quantisation: string | undefined;
  readonly thinking: ThinkingKind;
  /** "36/36 layers on the GPU" or "CPU": a ready sentence part. */
  readonly placement: string;
  /** Context window in tokens. */
  readonly contextSize: number;
  /** True for the bundled demonstration model. */
  readonly demo: boolean;
}

export type EngineState =
  /** No model is chosen. */
  | { readonly kind: 'missing' }
  /** A model is chosen and loads with the first question. */
  | { readonly kind: 'idle'; readonly name: string }
  | { readonly kind: 'loading'; readonly name: string; readonly fraction: number }
  | { readonly kind: 'ready'; readonly model: ModelState }
  /** The engine process has ended unexpectedly and stays down until asked for. */
  | { readonly kind: 'down'; readonly message: string };

export interface ChatState {
  readonly conversationId: string;
  readonly title: string;
  readonly turns: readonly TurnState[];
  readonly engine: EngineState;
  readonly thinking: { readonly mode: ThinkingMode; readonly budget: number };
  /**
   * Context window after the last turn, in tokens; `cached` of `used` would not be read again. `native` is the window
   * the model was trained with, where `size` reaches beyond it.
   */
  readonly window?: { readonly used: number; readonly cached: number; readonly size: number; readonly native?: number };
  /** Speed of the last answer, for "about 1 min 35 s at most". */
  readonly tokensPerSecond?: number;
  /** What stood in the composer when the view was last open; read once, as the view opens. */
  readonly draft?: string;
  /** Questions offered in an empty conversation. `icon` is a codicon name. */
  readonly starters: readonly { readonly icon: string; readonly text: string }[];
}

/** Host to chat view. */
export type ChatMessage =
  | { readonly type: 'state'; readonly state: ChatState }
  /** One turn has changed; replaces the turn of that id. */
  | { readonly type: 'turn'; readonly turn: TurnState }
  /** Text streamed onto the answer of a turn. */
  | { readonly type: 'append'; readonly turnId: string; readonly text: string }
  /** Put the caret into the composer, optionally with a text to send. */
  | { readonly type: 'compose'; readonly text?: string }
  /** Scroll to an answer and mark it for a moment. */
  | { readonly type: 'reveal'; readonly turnId: string };

/** One turn's thought. */
export interface ThoughtState {
  readonly turnId: string;
  readonly question: string;
  readonly text: string;
  readonly status: 'streaming' | 'done' | 'stopped';
  /** Time spent thinking, ms. */
  readonly ms: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Tokens after which the thought is closed. */
  readonly budget: number;
  /** Who ended the thought. */
  readonly endedBy?: 'model' | 'budget' | 'user';
  /** Where each paragraph starts (UTF-16 offset into `text`) and when (ms since the thought began). */
  readonly steps: readonly { readonly start: number; readonly ms: number }[];
}

export interface ThinkingState {
  /** Of the chosen model; absent while unknown. */
  readonly kind: ThinkingKind | undefined;
  readonly modelName: string | undefined;
  readonly mode: ThinkingMode;
  /** Oldest first; the last one may be streaming. */
  readonly thoughts: readonly ThoughtState[];
}

/** Host to thinking view. */
export type ThinkingMessage =
  | { readonly type: 'state'; readonly state: ThinkingState }
  | { readonly type: 'thought'; readonly thought: ThoughtState }
  | { readonly type: 'append'; readonly turnId: string; readonly text: string }
  /** Unfold a thought and scroll to it. */
  | { readonly type: 'reveal'; readonly turnId: string }
  /** Open the find box. */
  | { readonly type: 'find' }
  | { readonly type: 'collapseAll' };

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
/** Bounds what a view may send: 4 Mi UTF-16 units, far beyond any window. */
const text = v.pipe(v.string(), v.maxLength(4 * 1024 * 1024));

/** Chat view to host. */
export const chatRequest = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('send'), text }),
  v.strictObject({ type: v.literal('draft'), text }),
  v.strictObject({ type: v.literal('stop') }),
  v.strictObject({ type: v.literal('answerNow') }),
  v.strictObject({ type: v.literal('regenerate'), turnId: id }),
  v.strictObject({ type: v.literal('resend'), turnId: id, text }),
  v.strictObject({ type: v.literal('copy'), text }),
  v.strictObject({ type: v.literal('insertCode'), code: text }),
  v.strictObject({ type: v.literal('newFile'), code: text, language: v.pipe(v.string(), v.maxLength(64)) }),
  v.strictObject({ type: v.literal('openThought'), turnId: id }),
  v.strictObject({ type: v.literal('setThinking'), mode: v.picklist(thinkingModes) }),
  v.strictObject({
    type: v.literal('setBudget'),
    tokens: v.pipe(v.number(), v.integer(), v.minValue(thoughtBudget.min), v.maxValue(thoughtBudget.max)),
  }),
  v.strictObject({ type: v.literal('pickModel') }),
  v.strictObject({ type: v.literal('errorAction'), turnId: id, action: v.pipe(v.string(), v.maxLength(64)) }),
  v.strictObject({ type: v.literal('restartEngine') }),
]);
export type ChatRequest = v.InferOutput<typeof chatRequest>;

/** Thinking view to host. */
export const thinkingRequest = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('answerNow') }),
  v.strictObject({ type: v.literal('openAnswer'), turnId: id }),
  v.strictObject({ type: v.literal('copy'), text }),
]);
export type ThinkingRequest = v.InferOutput<typeof thinkingRequest>;
