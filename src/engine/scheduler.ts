/** Most urgent first. */
export const urgencies = ['typing', 'chat', 'background'] as const;
export type Urgency = (typeof urgencies)[number];

/** Leave to use the engine, a step at a time. */
export interface Pass {
  /** Aborts when the work is no longer wanted. */
  readonly signal: AbortSignal;
  /** Runs one evaluation, once none is running and nobody more urgent is in. Aborts while it waits. */
  step<T>(evaluate: () => Promise<T>): Promise<T>;
}

/**
 * Who may evaluate next. A context each lets a completion and a chat keep their caches; but side by side they would
 * take each other's cores, and llama.cpp's threads lose most of their time waiting for one another. So one evaluates
 * at a time, a chunk or a token, and while someone more urgent is in, the others stand still and lose nothing.
 */
export class Scheduler {
  readonly #inside: Record<Urgency, number> = { typing: 0, chat: 0, background: 0 };
  #busy = false;
  /** Woken one and all at every change; there are never more than a few. */
  #waiting: (() => void)[] = [];

  /** Lets work in. From now until it ends, its steps go before less urgent ones. */
  async admit<T>(urgency: Urgency, signal: AbortSignal, work: (pass: Pass) => Promise<T>): Promise<T> {
    this.#inside[urgency]++;
    try {
      return await work({ signal, step: (evaluate) => this.#step(urgency, signal, evaluate) });
    } finally {
      this.#inside[urgency]--;
      this.#wake();
    }
  }

  async #step<T>(urgency: Urgency, signal: AbortSignal, evaluate: () => Promise<T>): Promise<T> {
    while (this.#busy || this.#outranked(urgency)) {
      signal.throwIfAborted();
      await this.#changed(signal);
    }
    signal.throwIfAborted();
    this.#busy = true;
    try {
      return await evaluate();
    } finally {
      this.#busy = false;
      this.#wake();
    }
  }

  #outranked(urgency: Urgency): boolean {
    return urgencies.slice(0, urgencies.indexOf(urgency)).some((higher) => this.#inside[higher] > 0);
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.push(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
