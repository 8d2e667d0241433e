import type { Token } from 'node-llama-cpp';

/** Holds tokens back until they make whole characters: one of four bytes may be spread over as many tokens. */
export class Characters {
  #tokens: Token[] = [];

  constructor(private readonly decode: (tokens: readonly Token[]) => string) {}

  /** The text that the tokens so far make; empty while that is not decided. */
  push(token: Token): string {
    this.#tokens.push(token);
    const text = this.decode(this.#tokens);
    if (text.endsWith('\uFFFD') && this.#tokens.length < 4) return '';
    this.#tokens = [];
    return text;
  }

  /** What was held back, as it is. */
  end(): string {
    const text = this.#tokens.length > 0 ? this.decode(this.#tokens) : '';
    this.#tokens = [];
    return text;
  }
}
