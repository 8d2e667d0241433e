import type { Disposable } from './disposable.ts';

export type Listener<T> = (value: T) => void;
/** Structurally VS Code's `Event<T>`. */
export type Event<T> = (listener: Listener<T>) => Disposable;

/** A typed event source. A listener that throws does not keep the others from hearing. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<Listener<T>>();

  readonly event: Event<T> = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  constructor(private readonly onError: (error: unknown) => void = () => undefined) {}

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
