/** What a text is found by: the parts of its identifiers, these as a whole, and pairs of characters of CJK scripts. Pure. */

/** A longer word is data, UTF-16 units. */
const longestWord = 64;
const longestPart = 25;
/** Words of which the terms are remembered. */
const remembered = 30_000;

const wordRun = /[\w$\u0080-\uffff]+/g;
const plain = /^[\w$]+$/;
/** Runs of CJK scripts, and words of all others. */
const anyScript = /(?<cjk>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+)|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー])[\p{L}\p{M}\p{N}_$])+/gu;
const identifierPart = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+|\p{Lu}|\p{N}+/gu;

export interface Word {
  /** As it is written. */
  readonly text: string;
  readonly cjk: boolean;
}

/** The words of a text in their order: identifiers as a whole, runs of CJK characters. */
export function wordsOf(text: string): Word[] {
  const runs = text.match(wordRun) ?? [];
  return runs.flatMap((run) => (plain.test(run) ? { text: run, cjk: false } : [...run.matchAll(anyScript)].map((match) => ({ text: match[0], cjk: match.groups?.['cjk'] !== undefined }))));
}

/** `parseHTTPHeader2` as `parse`, `HTTP`, `Header` and `2`. */
export function partsOf(identifier: string): string[] {
  return identifier.match(identifierPart) ?? [];
}

/** Makes terms of words, and remembers those of many. */
export class Splitter {
  readonly #known = new Map<string, readonly string[]>();

  /** @param without parts that make no term, lower-case */
  constructor(private readonly without: ReadonlySet<string> = new Set()) {}

  /** The terms that a word is found by, lower-case, the parts stemmed; the last one is the whole word if it has parts. */
  termsOf({ text, cjk }: Word): readonly string[] {
    if (cjk) return bigrams(text);
    const known = this.#known.get(text);
    if (known) return known;
    if (this.#known.size >= remembered) this.#known.clear();
    const word = detached(text);
    const terms = word.length > longestWord ? [] : this.#split(word);
    this.#known.set(word, terms);
    return terms;
  }

  /** How often each term stands in a text, in the order of their first places; no more than `most` terms. */
  count(text: string, most: number): Map<string, number> {
    const words = new Map<string, number>();
    for (const run of text.match(wordRun) ?? []) words.set(run, (words.get(run) ?? 0) + 1);
    const counts = new Map<string, number>();
    for (const [run, times] of words) {
      for (const term of this.#termsOfRun(run)) {
        const count = counts.get(term);
        if (count !== undefined) counts.set(term, count + times);
        else if (counts.size < most) counts.set(term, times);
      }
    }
    return counts;
  }

  #termsOfRun(run: string): readonly string[] {
    return this.#known.get(run) ?? (plain.test(run) ? this.termsOf({ text: run, cjk: false }) : wordsOf(run).flatMap((word) => this.termsOf(word)));
  }

  #split(word: string): string[] {
    const parts = partsOf(word).map((part) => part.toLowerCase());
    const terms = parts.filter((part) => part.length > 1 && part.length < longestPart && !this.without.has(part)).map(stem);
    const whole = wholeOf(word);
    if (parts.length > 1 && whole.length > 2 && !/^\d/.test(whole)) terms.push(whole);
    return [...new Set(terms)];
  }
}

/** The term for an identifier as a whole: `_` and `$` at its ends belong to nobody's name for it. */
export function wholeOf(identifier: string): string {
  return identifier.toLowerCase().replace(/^[_$]+|[_$]+$/g, '');
}

/** A part of a longer string keeps all of that in memory, in V8; a copy does not. */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

/** Two characters each, one where there is only one. */
export function bigrams(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/** Rules in the order of trying: an ending, and what takes its place if three characters stay before it. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/(?:ations?|ators?|ating|ated|ates?)$/, ''],
  [/(?:ions?)$/, ''],
  [/ies$/, 'y'],
  [/(?:ings?|ed|ers?)$/, ''],
  [/(?<=s|x|z|ch|sh)es$/, ''],
  [/(?<![su])s$/, ''],
];

/** A rough stem, so that "cancelled" finds `cancel` and `cancellation`. It need not be a word; it only has to be the same for all. */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  for (const [ending, instead] of endings) {
    const shorter = word.replace(ending, instead);
    if (shorter === word || shorter.length < 3 || !/[aeiouy]/.test(shorter)) continue;
    return finish(shorter);
  }
  return finish(word);
}

/** Without a last e, and with one consonant for two. */
function finish(word: string): string {
  const plainEnd = word.length > 3 ? word.replace(/e$/, '') : word;
  return plainEnd.length > 3 ? plainEnd.replace(/([bdfgklmnprt])\1$/, '$1') : plainEnd;
}
