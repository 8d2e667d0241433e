/** What the next question would find: how full the window is, what does not fit, and what can be read before it is asked. */
import type { Backend } from '../backends/backend.ts';
import type { Disposable } from '../base/disposable.ts';
import { isAbort } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Given } from '../context/item.ts';
import type { ModelInfo } from '../protocol/engine.ts';
import type { Assembled } from './assemble.ts';
import type { ChatSession } from './session.ts';

export interface NextTurnOptions {
  readonly session: ChatSession;
  readonly backend: Backend;
  /** What stands in the composer. */
  readonly question: () => string;
  readonly given: () => Promise<Given>;
  readonly onDidChange: () => void;
  readonly logger: Logger;
}

export interface Outlook {
  readonly assembled: Assembled;
  readonly model: ModelInfo;
}

/** After the last change, ms: a prompt is measured at a pause in the typing, and read ahead once it is a longer one. */
const measureAfter = 250;
const readAfter = 1500;
/** A long prompt takes a while to measure (0.4 s for 100,000 tokens), and is measured so much the more seldom. */
const share = 3;

export class NextTurn implements Disposable {
  #outlook: Outlook | undefined;
  #timer: NodeJS.Timeout | undefined;
  #aborter = new AbortController();
  /** The last measuring, ms. */
  #took = 0;

  constructor(private readonly options: NextTurnOptions) {}

  /** Undefined while unknown: nothing is loaded, or a turn runs. */
  get outlook(): Outlook | undefined {
    return this.#outlook;
  }

  /** Room for more, in the largest window there may be; the answer has its own. */
  get tokensLeft(): number | undefined {
    if (!this.#outlook) return undefined;
    const { assembled, model } = this.#outlook;
    return Math.max(0, model.largestContext - assembled.reserve - assembled.measure.tokens);
  }

  /** Something the next prompt is made of may have changed. Loads nothing. */
  changed(): void {
    this.#stop();
    const { backend, session } = this.options;
    if (backend.state.kind !== 'ready') {
      this.#outlook = undefined;
      return;
    }
    if (session.busy) return;
    const { signal } = this.#aborter;
    this.#timer = setTimeout(() => void this.#look(signal), Math.max(measureAfter, this.#took * share));
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#aborter.abort();
    this.#aborter = new AbortController();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { backend, session, question, given, onDidChange, logger } = this.options;
    try {
      const began = performance.now();
      const model = await backend.ensureReady(signal);
      const assembled = await session.preview(question(), await given(), signal);
      signal.throwIfAborted();
      this.#took = performance.now() - began;
      this.#outlook = { assembled, model };
      onDidChange();
      this.#timer = setTimeout(() => void this.#readAhead(signal), readAfter);
    } catch (error) {
      if (!isAbort(error)) logger.debug(`Measuring the next prompt: ${String(error)}`);
    }
  }

  async #readAhead(signal: AbortSignal): Promise<void> {
    try {
      await this.options.session.readAhead(signal);
    } catch (error) {
      if (!isAbort(error)) this.options.logger.debug(`Reading ahead: ${String(error)}`);
    }
  }
}
