/** Structurally what VS Code calls a Disposable, so that either side can hold the other's. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and disposes them in reverse order. What is added after disposal is disposed at once. */
export class DisposableStore implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
