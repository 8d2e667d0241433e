/** The text in the composer, kept by the host: a webview's own state is written too late for a window that is reloaded at once. */
import type { Memento } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';

const key = 'draft';
/** Typing is written once it pauses, ms. */
const pause = 300;

export class Draft implements Disposable {
  #text: string;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly memento: Memento) {
    const kept = memento.get<unknown>(key);
    this.#text = typeof kept === 'string' ? kept : '';
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), pause);
  }

  dispose(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#write();
  }

  #write(): void {
    this.#timer = undefined;
    // An empty draft is none.
    void this.memento.update(key, this.#text || undefined);
  }
}
