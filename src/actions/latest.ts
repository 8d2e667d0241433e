/** Shows the newest of what comes, as fast as it can be shown: what comes meanwhile is passed over, but for the last. */
export class Latest<T> {
  #next: { readonly value: T } | undefined;
  #showing: Promise<void> | undefined;
  #failed: { readonly error: unknown } | undefined;

  constructor(private readonly show: (value: T) => Promise<void>) {}

  /** Throws what an earlier showing failed with. */
  offer(value: T): void {
    if (this.#failed) throw this.#failed.error;
    this.#next = { value };
    this.#showing ??= this.#showAll();
  }

  /** Resolves when the last one is shown; rejects with what a showing failed with. */
  async settled(): Promise<void> {
    await this.#showing;
    if (this.#failed) throw this.#failed.error;
  }

  async #showAll(): Promise<void> {
    try {
      while (this.#next) {
        const { value } = this.#next;
        this.#next = undefined;
        await this.show(value);
      }
    } catch (error) {
      this.#failed = { error };
    } finally {
      this.#showing = undefined;
    }
  }
}
