import { setImmediate as tick } from 'node:timers/promises';
import type { Clock } from '../../../../src/completion/completer.ts';

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly ring: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  delay(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new DOMException('Cancelled', 'AbortError'));
      if (signal.aborted) return fail();
      signal.addEventListener('abort', fail, { once: true });
      this.#timers.push({ at: this.#now + ms, ring: resolve });
    });
  }

  /** Lets time pass, and all that follows from it happen. */
  async pass(ms: number): Promise<void> {
    await settle();
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.ring();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets promises that can go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await tick();
}
