/** One open conversation and the turn running in it. Knows no view; the side bar and the command line both use it. */
import type { Backend } from '../backends/backend.ts';
import { isAbort, toPonderError, type PonderError } from '../base/errors.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import type { Generation } from '../models/generation.ts';
import type { ChatParams, ModelInfo, PromptParams } from '../protocol/engine.ts';
import type { ThinkingMode } from '../protocol/webview.ts';
import { nothingGiven, type ContextItem, type Given } from '../context/item.ts';
import { orderPinned } from '../context/pin-order.ts';
import type { TokenCounts } from '../context/token-counts.ts';
import { assemble, type Assembled } from './assemble.ts';
import { before, withTurn, type Conversation, type Turn } from './conversation.ts';
import { folded, summarised, unsummarised } from './fold.ts';
import { applyEvent, settle, startTurn, type LiveTurn } from './live-turn.ts';
import { buildMessages, compactQuestion } from './prompt.ts';
import { shouldThink } from './thinking.ts';

export type SessionChange =
  /** Another conversation, or turns added, settled or taken away. */
  | { readonly type: 'conversation' }
  /** The running turn has moved on, apart from its texts. */
  | { readonly type: 'turn'; readonly turn: LiveTurn }
  /** Text has arrived; `turn` holds it already. */
  | { readonly type: 'thought' | 'answer'; readonly turn: LiveTurn; readonly text: string };

export interface SessionOptions {
  readonly backend: Backend;
  readonly counts: TokenCounts;
  readonly thinking: () => { readonly mode: ThinkingMode; readonly budget: number };
  /** Rules of the workspace, as they are now. Absent: none. */
  readonly rules?: () => Promise<readonly ContextItem[]>;
  /** What every question is read with, as it is now. Absent: nothing. */
  readonly pinned?: (signal: AbortSignal) => Promise<readonly ContextItem[]>;
  /** Called whenever there is something new to keep, at most every two seconds while a turn runs. */
  readonly save: (conversation: Conversation) => Promise<void>;
  readonly newId: () => string;
  /** A steady clock, ms. */
  readonly now: () => number;
  /** ms since the epoch. */
  readonly wallClock: () => number;
  readonly logger: Logger;
  /** How a turn is sampled and how much it may write. */
  readonly generation: (model: ModelInfo, thinks: boolean, thoughtBudget: number) => Generation | Promise<Generation>;
  /** In place of that sampling; for reproducible runs. */
  readonly sampling?: ChatParams['sampling'];
}

const saveInterval = 2000;
/** Of a summary, at most. */
const summaryTokens = 1024;

export class ChatSession {
  readonly #changed = new Emitter<SessionChange>((error) => this.options.logger.error(String(error)));
  readonly onDidChange = this.#changed.event;
  #conversation: Conversation;
  #live: LiveTurn | undefined;
  #compacting = false;
  /** As they were sent last, for the sake of their order. */
  #pinned: readonly ContextItem[] = [];
  #aborter: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #window: { readonly used: number; readonly cached: number } | undefined;

  constructor(
    private readonly options: SessionOptions,
    conversation: Conversation,
  ) {
    this.#conversation = conversation;
  }

  /** Without the running turn. */
  get conversation(): Conversation {
    return this.#conversation;
  }

  get live(): LiveTurn | undefined {
    return this.#live;
  }

  /** True while a turn runs or a summary is written. */
  get busy(): boolean {
    return this.#live !== undefined || this.#compacting;
  }

  get compacting(): boolean {
    return this.#compacting;
  }

  /** Tokens in the window after the last turn; `cached` of them would not be read again. */
  get window(): { readonly used: number; readonly cached: number } | undefined {
    return this.#window;
  }

  /** Shows another conversation; a running turn is stopped and kept. */
  async open(conversation: Conversation): Promise<void> {
    await this.stop();
    this.#conversation = conversation;
    this.#pinned = [];
    this.#window = undefined;
    this.#changed.fire({ type: 'conversation' });
  }

  /** Asks and waits for the end of the turn, whatever it is. While a turn runs, nothing is asked. */
  async ask(question: string, given: Given = nothingGiven): Promise<void> {
    if (this.busy || question.trim() === '') return;
    const { thinking, newId, now } = this.options;
    const turn = startTurn(newId(), question.trim(), given, thinking().budget, now());
    const aborter = new AbortController();
    this.#live = turn;
    this.#aborter = aborter;
    this.#running = this.#run(turn, given, aborter.signal);
    await this.#running;
  }

  /**
   * What asking would send, without sending it.
   * @throws PonderError, or an AbortError
   */
  async preview(question: string, given: Given, signal: AbortSignal): Promise<Assembled> {
    const model = await this.options.backend.ensureReady(signal);
    return this.#assemble(question, given, this.#conversation, model, signal);
  }

  /** Asks a turn's question again, or another in its place. What came after it goes. */
  async resend(turnId: string, question?: string): Promise<void> {
    const turn = this.#conversation.turns.find(({ id }) => id === turnId);
    if (!turn || this.busy || question?.trim() === '') return;
    this.#conversation = before(this.#conversation, turnId);
    await this.ask(question ?? turn.question, { items: turn.files, automatic: [], leftOut: turn.leftOut ?? [] });
  }

  /**
   * Reads what the next question will need whatever it is, while nobody waits: rules, pinned files and history.
   * @throws PonderError; an AbortError when `signal` aborts or anybody wants the engine
   */
  async readAhead(signal: AbortSignal): Promise<void> {
    const { turns, fold } = this.#conversation;
    const { rules, pinned } = await this.#standing(signal);
    const history = turns.slice(fold?.turns ?? 0);
    if (rules.length === 0 && pinned.length === 0 && history.length === 0) return;
    const messages = buildMessages({ rules, history, summary: fold?.summary, pinned, question: '' });
    await this.options.backend.preread({ messages, thinking: false }, signal);
  }

  /** Has the model write a summary, which from then on stands for all that was said so far. While a turn runs, does nothing. */
  async compact(): Promise<void> {
    const { turns } = this.#conversation;
    if (this.busy || turns.every(({ answer }) => answer === '')) return;
    const aborter = new AbortController();
    this.#aborter = aborter;
    this.#compacting = true;
    this.#changed.fire({ type: 'conversation' });
    this.#running = this.#summarise(aborter.signal).finally(() => {
      this.#compacting = false;
      this.#aborter = undefined;
      this.#changed.fire({ type: 'conversation' });
    });
    await this.#running;
  }

  async undoCompact(): Promise<void> {
    if (this.busy || this.#conversation.fold?.summary === undefined) return;
    await this.#change(unsummarised(this.#conversation));
  }

  /** Keeps a change of the conversation that is none of its turns: of what is pinned, say. */
  async update(change: (conversation: Conversation) => Conversation): Promise<void> {
    await this.#change(change(this.#conversation));
  }

  /** Resolves when the engine has let go and what had streamed is kept. */
  async stop(): Promise<void> {
    this.#aborter?.abort();
    await this.#running;
  }

  async answerNow(): Promise<void> {
    if (this.#live?.status === 'thinking') await this.options.backend.answerNow();
  }

  async #run(started: LiveTurn, given: Given, signal: AbortSignal): Promise<void> {
    const { backend, logger } = this.options;
    this.#changed.fire({ type: 'conversation' });
    const earlier = this.#conversation;
    const autosave = setInterval(() => void this.#keep('stopped'), saveInterval);
    const loading = backend.onDidChangeState((state) => {
      if (state.kind === 'loading' && this.#live) this.#update({ ...this.#live, loaded: state.fraction });
    });
    let end: Pick<Turn, 'status' | 'error'> = { status: 'done' };
    try {
      await this.#keep('stopped');
      const model = await backend.ensureReady(signal);
      const { prompt, pinned, items, leftOut, folded: turns } = await this.#assemble(started.question, given, earlier, model, signal);
      this.#pinned = pinned;
      this.#conversation = folded(this.#conversation, turns);
      const kept = [...given.leftOut, ...leftOut];
      const params = await this.#params(prompt, model);
      const { thoughtBudget: thoughts = started.budget } = params;
      this.#update({ ...(this.#live ?? started), budget: thoughts, files: [...items], ...(kept.length > 0 ? { leftOut: kept } : {}) });
      for await (const event of backend.chat(params, signal)) {
        const turn = this.#live ?? started;
        const next = applyEvent(turn, event, model.name, this.options.now());
        this.#live = next;
        const streams = event.type === 'thought' || event.type === 'answer';
        this.#changed.fire(streams ? { type: event.type, turn: next, text: event.text } : { type: 'turn', turn: next });
      }
    } catch (thrown) {
      end = isAbort(thrown) ? { status: 'stopped' } : { status: 'failed', error: describe(toPonderError(thrown)) };
      if (end.error) logger.error(`turn failed: ${end.error.code}: ${end.error.message}`);
    } finally {
      clearInterval(autosave);
      loading.dispose();
    }
    await this.#settle(end);
  }

  async #assemble(question: string, { items, automatic }: Given, { turns, fold }: Conversation, model: ModelInfo, signal: AbortSignal): Promise<Assembled> {
    const { backend, counts, thinking } = this.options;
    const { mode, budget } = thinking();
    const { rules, pinned } = await this.#standing(signal);
    const thinks = shouldThink(mode, model.thinking, question, pinned.length + items.length + automatic.length > 0);
    const { thoughtBudget } = await this.options.generation(model, thinks, budget);
    return assemble({ history: turns, fold, rules, pinned, question, items, automatic, thinking: thinks, thoughtBudget }, model, {
      count: (texts) => counts.all(texts),
      measure: (prompt) => backend.measure(prompt, signal),
    });
  }

  /** What stands before the history. */
  async #standing(signal: AbortSignal): Promise<{ readonly rules: readonly ContextItem[]; readonly pinned: readonly ContextItem[] }> {
    const { rules, pinned } = this.options;
    const [standing = [], files = []] = await Promise.all([rules?.(), pinned?.(signal)]);
    return { rules: standing, pinned: orderPinned(files, this.#pinned) };
  }

  async #params(prompt: PromptParams, model: ModelInfo): Promise<ChatParams> {
    const { generation, sampling: fixed, thinking } = this.options;
    const { sampling, maxTokens, thoughtBudget } = await generation(model, prompt.thinking, thinking().budget);
    return { ...prompt, thoughtBudget, maxTokens, sampling: fixed ?? sampling };
  }

  async #summarise(signal: AbortSignal): Promise<void> {
    const { backend, logger } = this.options;
    const { turns, fold } = this.#conversation;
    try {
      const model = await backend.ensureReady(signal);
      const history = turns.slice(fold?.turns ?? 0);
      const rules = await this.options.rules?.();
      const messages = buildMessages({ ...(rules ? { rules } : {}), history, summary: fold?.summary, pinned: this.#pinned, question: compactQuestion });
      const params = { ...(await this.#params({ messages, thinking: false }, model)), maxTokens: summaryTokens };
      let summary = '';
      for await (const event of backend.chat(params, signal)) {
        if (event.type === 'answer') summary += event.text;
      }
      if (summary.trim() !== '') await this.#change(summarised(this.#conversation, summary.trim()));
    } catch (thrown) {
      if (isAbort(thrown)) return;
      logger.error(`no summary: ${toPonderError(thrown).message}`);
      throw thrown;
    }
  }

  async #change(conversation: Conversation): Promise<void> {
    this.#conversation = conversation;
    this.#changed.fire({ type: 'conversation' });
    if (conversation.turns.length > 0) await this.#save(conversation);
  }

  #update(turn: LiveTurn): void {
    this.#live = turn;
    this.#changed.fire({ type: 'turn', turn });
  }

  async #settle({ status, error }: Pick<Turn, 'status' | 'error'>): Promise<void> {
    if (!this.#live) return;
    this.#window = this.#live.window ?? this.#window;
    this.#conversation = withTurn(this.#conversation, settle(this.#live, status, error), this.options.wallClock());
    this.#live = undefined;
    this.#aborter = undefined;
    this.#changed.fire({ type: 'conversation' });
    await this.#save(this.#conversation);
  }

  async #keep(status: Turn['status']): Promise<void> {
    if (this.#live) await this.#save(withTurn(this.#conversation, settle(this.#live, status), this.options.wallClock()));
  }

  async #save(conversation: Conversation): Promise<void> {
    try {
      await this.options.save(conversation);
    } catch (error) {
      this.options.logger.error(`conversation not saved: ${String(error)}`);
    }
  }
}

function describe({ code, message, data }: PonderError): NonNullable<Turn['error']> {
  return { code, message, data: { ...data } };
}
