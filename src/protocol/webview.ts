/**
 * All that crosses between the extension host and the two webviews.
 *
 * The host pushes whole state; the view renders it. Two small messages (`turn` and `append`) keep a streamed answer
 * from re-sending the conversation for every token. What a view sends is validated on arrival, because a webview
 * renders text from a model and is not trusted.
 */
import * as v from 'valibot';
import { setupRequests, type SetupState } from './setup.ts';

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

/** What can be put into the context. Notes and terminals come with a question, never from the menu. */
export const contextKinds = ['file', 'folder', 'selection', 'editors', 'problems', 'diff', 'symbol', 'workspace', 'notes', 'terminal'] as const;
export type ContextKind = (typeof contextKinds)[number];

/** Something in the composer that the next question is to be read with. */
export interface ChipState {
  /** The host's; a view sends it back unread. */
  readonly id: string;
  readonly kind: ContextKind;
  /** "stream.ts", "Lines 48–71", "3 problems". */
  readonly label: string;
  /** Where it is: a path, or the names of what it stands for. */
  readonly detail?: string;
  /** Of what would be read of it, exactly; absent while being counted. */
  readonly tokens: number | undefined;
  /** Stays from question to question; otherwise it goes with the next one. */
  readonly pinned: boolean;
  /** What is wrong with it, in one sentence: "Not there any more". */
  readonly problem?: string;
}

/** Offered, never forced: the current file, the selection. Adding it takes a click. */
export type OfferState = Pick<ChipState, 'id' | 'kind' | 'label' | 'detail'>;

/** A file that `@workspace` has picked for the question in the composer. */
export interface PickState {
  readonly id: string;
  readonly path: string;
  readonly tokens: number | undefined;
  /** Why, in a few words: "names parseConfig", "imported by app.ts". */
  readonly why?: string;
}

export interface PicksState {
  /** `indexing`: the files of the workspace are being looked through; `picking`: the list is not of the present text. */
  readonly status: 'indexing' | 'picking' | 'ready';
  /** While `indexing`: files looked at, of those found so far. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** Best first. */
  readonly files: readonly PickState[];
}

/** Something that was to be read and was not. */
export interface LeftOutState {
  readonly label: string;
  readonly tokens: number | undefined;
  /** In a few words: "does not fit", "binary", "ignored by .gitignore". */
  readonly why: string;
}

export interface ContextState {
  readonly chips: readonly ChipState[];
  readonly offers: readonly OfferState[];
  /** Present with the chip `workspace`. */
  readonly picks?: PicksState;
  /** What the next question would leave out. */
  readonly leftOut: readonly LeftOutState[];
}

/** One line of the menu that opens at `@`. */
export interface MentionState {
  readonly id: string;
  readonly kind: ContextKind;
  readonly label: string;
  readonly detail?: string;
  /** UTF-16 offsets into `label` of what matches the query. */
  readonly matches: readonly number[];
  /** Known for what has been counted before. */
  readonly tokens?: number;
  /** Takes the place of the query in the question: the name of a file, say. Empty where words need none. */
  readonly insert: string;
}

export interface MentionGroup {
  readonly title: string;
  readonly items: readonly MentionState[];
}

/** A line of the menu that opens at `/` as the first character. */
export interface SlashState {
  /** Without the slash. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly description: string;
  /** What may follow it: "what to change". */
  readonly hint?: string;
  /** UTF-16 offsets into `name` of what matches the query. */
  readonly matches: readonly number[];
  /** Of a prompt file: where it stands. */
  readonly path?: string;
}

export interface TurnState {
  readonly id: string;
  readonly question: string;
  /** What was sent along with the question. */
  readonly files: readonly { readonly path: string; readonly tokens: number | undefined; readonly kind?: ContextKind }[];
  /** What was to be sent along and was not. */
  readonly leftOut?: readonly LeftOutState[];
  /** What the engine did for this turn, a sentence each: "The window has grown to 65,536 tokens: YaRN ×2." */
  readonly notices?: readonly string[];
  readonly status: TurnStatus;
  /** While `loading`: share of the model loaded, 0 to 1. */
  readonly loaded?: number;
  /** While `reading`: tokens of the prompt. `cached` of `total` needed no reading; `done` counts from `cached` up. */
  readonly reading?: {
    readonly done: number;
    readonly total: number;
    readonly cached: number;
    /** Of `cached`, restored from a snapshot on disk. */
    readonly restored?: number;
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
  /** Ponder is turned off. */
  | { readonly kind: 'off' }
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
  /** Models to choose from; present while none is chosen. */
  readonly setup?: SetupState;
  readonly thinking: { readonly mode: ThinkingMode; readonly budget: number };
  /** What the next question is read with. */
  readonly context: ContextState;
  /** Rules of the workspace that every question is read with, AGENTS.md say. */
  readonly rules?: readonly { readonly path: string; readonly tokens: number | undefined }[];
  /**
   * The context window as the next question would fill it, in tokens; `cached` of `used` would not be read again.
   * `native` is the window the model was trained with, where `size` reaches beyond it. `largest` is what `size` may
   * grow to by itself. `firstTokenMs` is foretold from the speed of late.
   */
  readonly window?: {
    readonly used: number;
    readonly cached: number;
    readonly size: number;
    readonly native?: number;
    readonly largest?: number;
    readonly firstTokenMs?: number;
  };
  /**
   * The oldest `turns` turns are not read by the model any more; `summary` stands for them where one was made.
   * `busy` while one is being written.
   */
  readonly folded?: { readonly turns: number; readonly summary?: string; readonly busy?: boolean };
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
  /** An answer to `mention`, for the same query. `tokensLeft` is the room in the window. */
  | { readonly type: 'mentions'; readonly query: string; readonly groups: readonly MentionGroup[]; readonly tokensLeft?: number }
  /** An answer to `slash`, for the same query. */
  | { readonly type: 'slashes'; readonly query: string; readonly items: readonly SlashState[] }
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
/** Of something in the context; the host makes these. */
const contextId = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

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
  /** Proposes the code as a change: of the file that it names, or of the one in front. */
  v.strictObject({ type: v.literal('applyCode'), code: text, path: v.optional(v.pipe(v.string(), v.maxLength(1024))) }),
  /** Proposes all of an answer's code blocks that name their file, as one change. */
  v.strictObject({ type: v.literal('applyAll'), turnId: id }),
  v.strictObject({ type: v.literal('openThought'), turnId: id }),
  v.strictObject({ type: v.literal('setThinking'), mode: v.picklist(thinkingModes) }),
  v.strictObject({
    type: v.literal('setBudget'),
    tokens: v.pipe(v.number(), v.integer(), v.minValue(thoughtBudget.min), v.maxValue(thoughtBudget.max)),
  }),
  v.strictObject({ type: v.literal('pickModel') }),
  v.strictObject({ type: v.literal('errorAction'), turnId: id, action: v.pipe(v.string(), v.maxLength(64)) }),
  v.strictObject({ type: v.literal('restartEngine') }),
  v.strictObject({ type: v.literal('turnOn') }),
  /** What follows `@` in the composer, as it is typed; empty: what there is to choose from. */
  v.strictObject({ type: v.literal('mention'), query: v.pipe(v.string(), v.maxLength(256)) }),
  /** What follows `/` at the beginning of the composer, as it is typed. */
  v.strictObject({ type: v.literal('slash'), query: v.pipe(v.string(), v.maxLength(256)) }),
  /** Opens a rule file, by its path as it was shown. */
  v.strictObject({ type: v.literal('openRule'), path: v.pipe(v.string(), v.maxLength(4096)) }),
  /** Adds an offer, or a line of the menu. */
  v.strictObject({ type: v.literal('addContext'), id: contextId }),
  v.strictObject({ type: v.literal('removeContext'), id: contextId }),
  v.strictObject({ type: v.literal('openContext'), id: contextId }),
  /** Dropped onto the view: URIs from the explorer, tabs or another program. */
  v.strictObject({ type: v.literal('dropContext'), uris: v.pipe(v.array(v.pipe(v.string(), v.maxLength(4096))), v.maxLength(256)) }),
  /** Takes a file off the list that `@workspace` has picked. */
  v.strictObject({ type: v.literal('removePick'), id: contextId }),
  /** Keeps a picked file in the context. */
  v.strictObject({ type: v.literal('pinPick'), id: contextId }),
  /** Has the model write a summary in place of the turns it has read so far, or takes that back. */
  v.strictObject({ type: v.literal('compact') }),
  v.strictObject({ type: v.literal('undoCompact') }),
  ...setupRequests,
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
