/** Lets one holder in at a time, in the order of asking. A waiter whose signal has aborted
 * gives up when its turn comes. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();

  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#tail;
    let release = (): void => undefined;
    this.#tail = new Promise<void>((resolve) => (release = resolve));
    try {
      await before;
      signal?.throwIfAborted();
      return await task();
    } finally {
      release();
    }
  }
}

/** A push-fed async iterable: what a callback delivers becomes a `for await`. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #closed = false;
  #error: Error | undefined;
  #wake = (): void => undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** Ends the iteration after the items already pushed; with an error, by throwing it. */
  close(error?: Error): void {
    this.#closed = true;
    this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      yield* this.#items.splice(0);
      if (this.#items.length > 0) continue;
      if (this.#closed) {
        if (this.#error) throw this.#error;
        return;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** A promise's value if it comes in time, else the fallback; the promise goes on. Rejects only if it does so in time. */
export async function inTime<T>(promise: Promise<T>, ms: number, fallback: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(resolve, ms, fallback)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    // Nobody hears of it any more.
    promise.catch(() => undefined);
  }
}

/** The promise's outcome, or an AbortError as soon as the signal aborts; one that has aborted before is not looked at. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new DOMException('Cancelled', 'AbortError'));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What a source yields until the signal aborts; then an AbortError at once, while the source ends in its own time. */
export async function* untilAborted<T>(source: AsyncGenerator<T, void, void>, signal: AbortSignal): AsyncGenerator<T, void, void> {
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await abortable(source.next(), signal);
      if (done === true) return;
      yield value;
    }
  } finally {
    // Nobody hears of it any more.
    source.return().catch(() => undefined);
  }
}
