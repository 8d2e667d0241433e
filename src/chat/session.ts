/** One open conversation and the turn running in it. Knows no view; the side bar and the command line both use it. */
import type { Backend } from '../backends/backend.ts';
import { isAbort, toPonderError, type PonderError } from '../base/errors.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import { outputBudget, recommendedSampling } from '../models/profiles.ts';
import type { ChatParams, ModelInfo } from '../protocol/engine.ts';
import type { ThinkingMode } from '../protocol/webview.ts';
import { before, withTurn, type ContextFile, type Conversation, type Turn } from './conversation.ts';
import { applyEvent, settle, startTurn, type LiveTurn } from './live-turn.ts';
import { buildMessages } from './prompt.ts';
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
  readonly thinking: () => { readonly mode: ThinkingMode; readonly budget: number };
  /** Called whenever there is something new to keep, at most every two seconds while a turn runs. */
  readonly save: (conversation: Conversation) => Promise<void>;
  readonly newId: () => string;
  /** A steady clock, ms. */
  readonly now: () => number;
  /** ms since the epoch. */
  readonly wallClock: () => number;
  readonly logger: Logger;
  /** In place of the recommended sampling; for reproducible runs. */
  readonly sampling?: ChatParams['sampling'];
}

const saveInterval = 2000;

export class ChatSession {
  readonly #changed = new Emitter<SessionChange>((error) => this.options.logger.error(String(error)));
  readonly onDidChange = this.#changed.event;
  #conversation: Conversation;
  #live: LiveTurn | undefined;
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

  /** Tokens in the window after the last turn; `cached` of them would not be read again. */
  get window(): { readonly used: number; readonly cached: number } | undefined {
    return this.#window;
  }

  /** Shows another conversation; a running turn is stopped and kept. */
  async open(conversation: Conversation): Promise<void> {
    await this.stop();
    this.#conversation = conversation;
    this.#window = undefined;
    this.#changed.fire({ type: 'conversation' });
  }

  /** Asks and waits for the end of the turn, whatever it is. While a turn runs, nothing is asked. */
  async ask(question: string, files: readonly ContextFile[] = []): Promise<void> {
    if (this.#live || question.trim() === '') return;
    const { thinking, newId, now } = this.options;
    const turn = startTurn(newId(), question.trim(), files, thinking().budget, now());
    const aborter = new AbortController();
    this.#live = turn;
    this.#aborter = aborter;
    this.#running = this.#run(turn, aborter.signal);
    await this.#running;
  }

  /** Asks a turn's question again, or another in its place. What came after it goes. */
  async resend(turnId: string, question?: string): Promise<void> {
    const turn = this.#conversation.turns.find(({ id }) => id === turnId);
    if (!turn || this.#live || question?.trim() === '') return;
    this.#conversation = before(this.#conversation, turnId);
    await this.ask(question ?? turn.question, turn.files);
  }

  /** Resolves when the engine has let go and what had streamed is kept. */
  async stop(): Promise<void> {
    this.#aborter?.abort();
    await this.#running;
  }

  async answerNow(): Promise<void> {
    if (this.#live?.status === 'thinking') await this.options.backend.answerNow();
  }

  async #run(started: LiveTurn, signal: AbortSignal): Promise<void> {
    const { backend, logger } = this.options;
    this.#changed.fire({ type: 'conversation' });
    const history = this.#conversation.turns;
    const autosave = setInterval(() => void this.#keep('stopped'), saveInterval);
    const loading = backend.onDidChangeState((state) => {
      if (state.kind === 'loading' && this.#live) this.#update({ ...this.#live, loaded: state.fraction });
    });
    let end: Pick<Turn, 'status' | 'error'> = { status: 'done' };
    try {
      await this.#keep('stopped');
      const model = await backend.ensureReady(signal);
      for await (const event of backend.chat(this.#params(started, history, model), signal)) {
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

  #params(turn: LiveTurn, history: readonly Turn[], model: ModelInfo): ChatParams {
    const { mode, budget } = this.options.thinking();
    const thinks = shouldThink(mode, model.thinking, turn.question, turn.files.length > 0);
    return {
      messages: buildMessages(history, turn.question, turn.files),
      thinking: thinks,
      thoughtBudget: budget,
      maxTokens: outputBudget(thinks),
      sampling: this.options.sampling ?? recommendedSampling(thinks),
    };
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
