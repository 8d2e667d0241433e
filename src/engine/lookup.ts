/**
 * Guesses how a text goes on from what stands in it already: an answer that changes code mostly repeats it. Follows the
 * place that is being repeated, finds its way back after a change, and makes a change again where its occasion comes
 * again. Pure.
 */
import type { Token } from 'node-llama-cpp';

/** A run of so many tokens must have come before for the text to be taken to go on as it did then. */
const leastRun = 3;
/** Longer ones are not told apart. */
const longestRun = 12;
/** Tokens behind the place where a copy was left, within which one token is enough to find it again. */
const near = 24;
/** Tokens of what was replaced, and of what replaces it, at most. */
const longestReplacement = 8;

/**
 * Guesses in a row: few after a wrong one, then twice as many and one each time that all were right. With the token that
 * they follow that makes batches of 4, 8 and 16. On a CPU these took 1.75, 3 and 5 times as long as one token.
 */
const fewest = 3;
const most = 15;

interface Guess {
  readonly token: Token;
  /** Where in the text it comes from. */
  readonly at: number;
  /** What it belongs to, where it is not a plain copy. */
  readonly replacement?: Replacement;
}

/** What was written in place of something: a name that was changed once will be changed again. */
interface Replacement {
  readonly old: readonly Token[];
  readonly by: readonly Token[];
}

/** Where a copy ended, because the text went on otherwise. */
interface Left {
  /** Where the copy would have gone on. */
  readonly source: number;
  /** Where the text went on. */
  readonly target: number;
}

interface Run {
  /** Behind its last token. */
  readonly end: number;
  readonly length: number;
}

export class Lookup {
  readonly #text: Token[] = [];
  /** How the text goes on if it goes on as before. */
  #ahead: Guess[] = [];
  /** Where what comes behind those is; undefined: nothing is being repeated. */
  #next: number | undefined;
  #left: Left | undefined;
  #replacements: readonly Replacement[] = [];
  /** A copy has just been found again, and no guess from there has been seen to be right. */
  #found: { readonly left: Left; readonly replacement: Replacement | undefined } | undefined;
  #length = fewest;
  /** Of the last guesses, those not seen to be right. */
  #open = 0;

  /** @param isMark tells tokens that are never guessed: they are no text, and change what the next ones mean. */
  constructor(private readonly isMark: (token: Token) => boolean) {}

  /** The text goes on, whether as guessed or not. */
  push(...tokens: readonly Token[]): void {
    for (const token of tokens) this.#push(token);
  }

  /** At most so many tokens; none where the text repeats nothing. */
  guess(room: number): Token[] {
    if (this.#next === undefined && this.#ahead.length === 0) this.#find();
    const wanted = Math.min(room, this.#length);
    while (this.#ahead.length < wanted && this.#extend());
    const guesses = this.#ahead.slice(0, Math.max(0, wanted)).map(({ token }) => token);
    this.#open = guesses.length;
    return guesses;
  }

  #push(token: Token): void {
    const guess = this.#ahead.shift();
    const wrong = guess ? guess.token !== token : this.#next !== undefined;
    if (guess && !wrong) this.#confirm();
    if (this.#open > 0) {
      this.#open--;
      if (wrong) this.#length = fewest;
      else if (this.#open === 0) this.#length = Math.min(most, this.#length * 2 + 1);
      if (wrong) this.#open = 0;
    }
    if (wrong) this.#leave(guess);
    this.#text.push(token);
  }

  /** False at the end of what can be copied. */
  #extend(): boolean {
    const at = this.#next;
    if (at === undefined) return false;
    const token = this.#text[at];
    if (token === undefined || this.isMark(token)) {
      this.#next = undefined;
      return false;
    }
    const replacement = this.#replacements.find(({ old }) => old.every((each, index) => this.#text[at + index] === each));
    if (replacement) for (const by of replacement.by) this.#ahead.push({ token: by, at, replacement });
    else this.#ahead.push({ token, at });
    this.#next = at + (replacement?.old.length ?? 1);
    return true;
  }

  #leave(guess: Guess | undefined): void {
    const source = guess?.at ?? this.#next;
    // It is not replaced everywhere.
    if (guess?.replacement) this.#replacements = this.#replacements.filter((each) => each !== guess.replacement);
    this.#left = this.#found?.left ?? (source === undefined ? undefined : { source, target: this.#text.length });
    this.#found = undefined;
    this.#ahead = [];
    this.#next = undefined;
  }

  #find(): void {
    const run = this.#longest();
    if (!run) return;
    this.#found = this.#left && { left: this.#left, replacement: this.#replacementBetween(this.#left, run) };
    this.#left = undefined;
    this.#next = run.end;
  }

  #confirm(): void {
    const replacement = this.#found?.replacement;
    this.#found = undefined;
    if (!replacement) return;
    const known = ({ old }: Replacement): boolean => old.length === replacement.old.length && old.every((token, index) => token === replacement.old[index]);
    this.#replacements = [replacement, ...this.#replacements.filter((other) => !known(other))];
  }

  /** The longest run that the text ends with and that came before; of several, the one next behind the copy that was left. */
  #longest(): Run | undefined {
    const text = this.#text;
    const last = text.at(-1);
    const from = this.#left?.source ?? text.length;
    let best: (Run & { readonly distance: number }) | undefined;
    for (let end = text.length - 1; end > 0; end--) {
      const after = text[end];
      if (text[end - 1] !== last || after === undefined || this.isMark(after)) continue;
      let length = 1;
      while (length < longestRun && length < end && text[end - 1 - length] === text[text.length - 1 - length]) length++;
      const ahead = end - from;
      const distance = ahead >= 0 ? ahead : near - ahead;
      if (length < leastRun && (ahead < 0 || ahead > near)) continue;
      if (!best || length > best.length || (length === best.length && distance < best.distance)) best = { end, length, distance };
    }
    return best;
  }

  /** From where a copy was left to where it is found again, one thing stands for another. */
  #replacementBetween({ source, target }: Left, { end, length }: Run): Replacement | undefined {
    const text = this.#text;
    const same = Math.min(length, text.length - target);
    const old = text.slice(source, Math.max(source, end - same));
    const by = text.slice(target, text.length - same);
    const fits = [old, by].every((side) => side.length > 0 && side.length <= longestReplacement && !side.some((token) => this.isMark(token)));
    return fits ? { old, by } : undefined;
  }
}
