import type { ChatEvent } from '../protocol/engine.ts';

/** Time between two batches, ms: one frame at 60 Hz. */
const interval = 16;

/**
 * Gathers events into batches and merges text of the same kind, because a message between processes costs as much
 * as decoding several tokens of a small model. The first event after a pause leaves at once.
 */
export class EventBatcher {
  #batch: ChatEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastFlush = 0;

  constructor(private readonly send: (batch: ChatEvent[]) => void) {}

  push(event: ChatEvent): void {
    const last = this.#batch.at(-1);
    if ((event.type === 'thought' || event.type === 'answer') && last?.type === event.type) {
      this.#batch[this.#batch.length - 1] = { ...event, text: last.text + event.text };
    } else if (event.type === 'reading' && last?.type === 'reading') {
      this.#batch[this.#batch.length - 1] = event;
    } else {
      this.#batch.push(event);
    }
    if (this.#timer) return;
    const wait = this.#lastFlush + interval - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), wait);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastFlush = performance.now();
    if (this.#batch.length > 0) this.send(this.#batch.splice(0));
  }
}
