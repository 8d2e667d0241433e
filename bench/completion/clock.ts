import { setImmediate as tick } from 'node:timers/promises';
import type { Clock } from '../../src/completion/completer.ts';

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/**
 * Real time while something works, and none in between: where nobody does anything until the next key, the clock is
 * put forward to it. So what is typed meets an engine that is as busy as it would be, and nothing is squeezed.
 */
export class SkippingClock implements Clock {
  #skipped = 0;
  #stoppedAt: number | undefined;
  #works = 0;
  readonly #timers = new Set<Timer>();
  #wake = (): void => undefined;

  now(): number {
    return this.#stoppedAt ?? performance.now() + this.#skipped;
  }

  delay(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = { at: this.now() + ms, ring: () => end(resolve) };
      const onAbort = (): void => end(() => reject(new DOMException('Cancelled', 'AbortError')));
      const end = (settle: () => void): void => {
        this.#timers.delete(timer);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#timers.add(timer);
      this.#wake();
    });
  }

  /** Until the work is done, time passes as it does. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#works++;
    try {
      return await work();
    } finally {
      this.#works--;
      this.#wake();
    }
  }

  /** What is no part of what is measured takes no time. */
  async aside<T>(task: () => Promise<T>): Promise<T> {
    if (this.#stoppedAt !== undefined) return task();
    const [real, stoppedAt] = [performance.now(), this.now()];
    this.#stoppedAt = stoppedAt;
    try {
      return await task();
    } finally {
      this.#skipped -= performance.now() - real;
      this.#stoppedAt = undefined;
    }
  }

  /** Lets time pass, and all that follows from it happen. */
  async passUntil(at: number): Promise<void> {
    for (;;) {
      await settle();
      const now = this.now();
      const due = [...this.#timers].filter((timer) => timer.at <= now).toSorted((a, b) => a.at - b.at);
      for (const timer of due) timer.ring();
      if (due.length > 0) continue;
      if (now >= at) return;
      const left = Math.min(at, ...[...this.#timers].map((timer) => timer.at)) - now;
      if (this.#works > 0) await this.#sleep(left);
      else this.#skipped += left;
    }
  }

  /** So long in real time, or until something changes. */
  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#wake = end;
    });
  }
}

/** Lets promises that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await tick();
}
