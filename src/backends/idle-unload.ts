/** Lets a model go when nobody has used it for a while. */
import type { Disposable } from '../base/disposable.ts';

const minute = 60_000;

/** Time runs from the end of the last use, and not while there is one. */
export class IdleUnload implements Disposable {
  #minutes = 0;
  #uses = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param unload called once each time that the model has been idle for so long, if anything was used before */
  constructor(private readonly unload: () => void) {}

  /** 0: never. Takes effect at once: the idle time begins anew. */
  set minutes(minutes: number) {
    if (minutes === this.#minutes) return;
    const waits = this.#timer !== undefined || this.#minutes === 0;
    this.#minutes = minutes;
    if (waits) this.#wait();
  }

  /** @returns ends it; calling it again does nothing */
  begin(): () => void {
    this.#uses++;
    this.#stop();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#uses--;
      this.#wait();
    };
  }

  async during<T>(use: () => Promise<T>): Promise<T> {
    const end = this.begin();
    try {
      return await use();
    } finally {
      end();
    }
  }

  dispose(): void {
    this.#minutes = 0;
    this.#stop();
  }

  #wait(): void {
    this.#stop();
    if (this.#uses > 0 || this.#minutes === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.unload();
    }, this.#minutes * minute);
    // No process stays for it.
    this.#timer.unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
