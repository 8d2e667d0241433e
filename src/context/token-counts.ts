/** Exact token counts, each text counted once. */
import { createHash } from 'node:crypto';
import type { Backend } from '../backends/backend.ts';

/** Counts remembered; a count takes some 100 bytes. */
const capacity = 20_000;

export class TokenCounts {
  readonly #known = new Map<string, number>();
  readonly #counting = new Map<string, Promise<number>>();
  #batch: { readonly text: string; readonly resolve: (tokens: number) => void; readonly reject: (error: unknown) => void }[] = [];

  constructor(private readonly backend: Pick<Backend, 'countTokens' | 'state'>) {}

  /** What is asked for within one turn of the event loop goes to the engine together. Rejects as `countTokens` does. */
  all(texts: readonly string[]): Promise<number[]> {
    return Promise.all(texts.map((text) => this.#one(text)));
  }

  #one(text: string): Promise<number> {
    const key = this.#key(text);
    const known = this.#known.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const counting = this.#counting.get(key);
    if (counting) return counting;
    const count = new Promise<number>((resolve, reject) => {
      if (this.#batch.length === 0) setImmediate(() => void this.#send());
      this.#batch.push({ text, resolve, reject });
    });
    this.#counting.set(key, count);
    count.then(
      (tokens) => this.#remember(key, tokens),
      () => this.#counting.delete(key),
    );
    return count;
  }

  async #send(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    try {
      const counts = await this.backend.countTokens(batch.map(({ text }) => text));
      batch.forEach(({ resolve }, index) => resolve(counts[index] ?? 0));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #remember(key: string, tokens: number): void {
    this.#counting.delete(key);
    if (this.#known.size >= capacity) this.#known.clear();
    this.#known.set(key, tokens);
  }

  /** Which model counts. */
  #tokenizer(): string {
    const { state } = this.backend;
    if (state.kind === 'ready') return state.model.path;
    return state.kind === 'idle' || state.kind === 'loading' ? state.params.modelPath : '';
  }

  /** By content: a file saved, closed and opened again is the same text. */
  #key(text: string): string {
    return `${this.#tokenizer()}\n${createHash('sha1').update(text).digest('base64')}`;
  }
}
