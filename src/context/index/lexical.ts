/**
 * The inverted index: which file has which terms, ranked by BM25F. Pure.
 *
 * Of a file and a term it keeps one small integer, so that 20,000 files take tens of megabytes and a question with common
 * words takes milliseconds. What is deleted leaves nothing behind: an index that has been changed ranks as a new one does.
 */

import { Best } from './best.ts';

const fields = ['path', 'symbols', 'text'] as const;
type Field = (typeof fields)[number];

/** Of a file, by field: terms and how often each stands there. */
export type FileTerms = Readonly<Record<Field, ReadonlyMap<string, number>>>;

/** Something that is looked for. */
export interface Concept {
  /** By what it may be found, and how much that counts, above 0. */
  readonly terms: ReadonlyMap<string, number>;
}

export interface Hit {
  readonly id: string;
  readonly score: number;
  /** Which of the concepts were found, by their places in the question. */
  readonly concepts: readonly number[];
}

/** How much a term counts where it stands, and how much longer fields count less (0 to 1). */
const weights: Readonly<Record<Field, number>> = { path: 3, symbols: 2.5, text: 1 };
const lengthShare: Readonly<Record<Field, number>> = { path: 0.4, symbols: 0.5, text: 0.7 };
/** How soon repetition stops counting. */
const saturation = 1.2;
/** What a file keeps of its score that has but a small part of what is looked for. */
const fewConcepts = 0.4;
/** Concepts beyond are not looked for: each has a bit of an integer. */
export const mostConcepts = 30;

/** A posting is the file's slot, then how often the term stands in each field, saturated. */
const bits = { slot: 7, path: 6, symbols: 4, text: 0 } as const;
const most = { path: 1, symbols: 3, text: 15 } as const;

interface FileSlot {
  readonly id: string;
  readonly terms: Uint32Array;
  readonly lengths: readonly number[];
}

export class LexicalIndex {
  readonly #numbers = new Map<string, number>();
  /** By term number; emptied ones are used again. */
  readonly #terms: { name: string; postings: number[] }[] = [];
  readonly #freeTerms: number[] = [];
  readonly #files: (FileSlot | undefined)[] = [];
  readonly #freeFiles: number[] = [];
  readonly #slots = new Map<string, number>();
  readonly #totals = fields.map(() => 0);
  #postings = 0;
  /** Kept until a file changes. */
  #shortening: Float64Array | undefined;

  get files(): number {
    return this.#slots.size;
  }

  /** Entries in all lists together: what memory grows with. */
  get postings(): number {
    return this.#postings;
  }

  /** In place of what was known of the file. */
  set(id: string, terms: FileTerms): void {
    this.delete(id);
    const slot = this.#freeFiles.pop() ?? this.#files.length;
    const counts = packed(terms);
    const numbers = new Uint32Array(counts.size);
    let place = 0;
    for (const [term, count] of counts) {
      const number = this.#numberOf(term);
      this.#terms[number]?.postings.push((slot << bits.slot) | count);
      numbers[place++] = number;
    }
    const lengths = fields.map((field) => terms[field].size);
    this.#files[slot] = { id, terms: numbers, lengths };
    this.#slots.set(id, slot);
    this.#count(lengths, numbers.length, 1);
  }

  delete(id: string): void {
    const slot = this.#slots.get(id);
    const file = slot === undefined ? undefined : this.#files[slot];
    if (slot === undefined || !file) return;
    for (const number of file.terms) this.#deletePosting(number, slot);
    this.#files[slot] = undefined;
    this.#freeFiles.push(slot);
    this.#slots.delete(id);
    this.#count(file.lengths, file.terms.length, -1);
  }

  /** The files that have a term among their symbols. */
  defining(term: string): string[] {
    const found = this.#terms[this.#numbers.get(term) ?? -1]?.postings.filter((entry) => ((entry >> bits.symbols) & most.symbols) > 0) ?? [];
    return found.flatMap((entry) => this.#files[entry >> bits.slot]?.id ?? []);
  }

  /**
   * The files that have something of what is looked for, best first.
   * @param factor what the score of a file is multiplied with
   */
  search(concepts: readonly Concept[], limit: number, factor: (id: string) => number = () => 1): Hit[] {
    const asked = concepts.slice(0, mostConcepts);
    const scores = new Float64Array(this.#files.length);
    const found = new Uint32Array(this.#files.length);
    const shortening = (this.#shortening ??= this.#measureFields());
    asked.forEach(({ terms }, place) => {
      for (const [term, weight] of terms) this.#score(term, weight, 1 << place, shortening, scores, found);
    });
    const best = new Best<FileSlot & { readonly mask: number }>(limit, (a, b) => a.id < b.id);
    this.#files.forEach((file, slot) => {
      const mask = found[slot] ?? 0;
      if (!file || mask === 0) return;
      const share = fewConcepts + ((1 - fewConcepts) * bitsIn(mask)) / asked.length;
      const score = (scores[slot] ?? 0) * share * factor(file.id);
      if (best.takes(score)) best.add(score, { ...file, mask });
    });
    return best.items().map(({ score, item: { id, mask } }) => ({ id, score, concepts: asked.flatMap((_, place) => (mask & (1 << place) ? place : [])) }));
  }

  #score(term: string, weight: number, bit: number, shortening: Float64Array, scores: Float64Array, found: Uint32Array): void {
    const postings = this.#terms[this.#numbers.get(term) ?? -1]?.postings ?? [];
    const rarity = Math.log(1 + (this.files - postings.length + 0.5) / (postings.length + 0.5));
    const whole = weight * rarity * (saturation + 1);
    for (const entry of postings) {
      const slot = entry >> bits.slot;
      const at = slot * fields.length;
      const frequency =
        weights.path * ((entry >> bits.path) & most.path) * (shortening[at] ?? 1) +
        weights.symbols * ((entry >> bits.symbols) & most.symbols) * (shortening[at + 1] ?? 1) +
        weights.text * (entry & most.text) * (shortening[at + 2] ?? 1);
      scores[slot] = (scores[slot] ?? 0) + (whole * frequency) / (frequency + saturation);
      found[slot] = (found[slot] ?? 0) | bit;
    }
  }

  /** By slot and field: the longer a field against the others, the less a term in it says. */
  #measureFields(): Float64Array {
    const factors = new Float64Array(this.#files.length * fields.length);
    const averages = this.#totals.map((total) => Math.max(1, total / Math.max(1, this.files)));
    this.#files.forEach((file, slot) => {
      fields.forEach((field, place) => {
        const share = lengthShare[field];
        factors[slot * fields.length + place] = 1 / (1 - share + (share * (file?.lengths[place] ?? 0)) / (averages[place] ?? 1));
      });
    });
    return factors;
  }

  #numberOf(term: string): number {
    const known = this.#numbers.get(term);
    if (known !== undefined) return known;
    const number = this.#freeTerms.pop() ?? this.#terms.length;
    this.#terms[number] = { name: term, postings: [] };
    this.#numbers.set(term, number);
    return number;
  }

  #deletePosting(number: number, slot: number): void {
    const term = this.#terms[number];
    if (!term) return;
    const { postings } = term;
    const place = postings.findIndex((entry) => entry >> bits.slot === slot);
    const last = postings.pop();
    // The order does not matter, so the last one takes the empty place.
    if (last !== undefined && place >= 0 && place < postings.length) postings[place] = last;
    if (postings.length > 0) return;
    this.#numbers.delete(term.name);
    this.#terms[number] = { name: '', postings: [] };
    this.#freeTerms.push(number);
  }

  #count(lengths: readonly number[], terms: number, sign: 1 | -1): void {
    lengths.forEach((length, place) => (this.#totals[place] = (this.#totals[place] ?? 0) + sign * length));
    this.#postings += sign * terms;
    this.#shortening = undefined;
  }
}

/** By term, how often it stands in each field: a posting without its slot. */
function packed(terms: FileTerms): Map<string, number> {
  const counts = new Map<string, number>();
  for (const field of fields) {
    for (const [term, times] of terms[field]) counts.set(term, (counts.get(term) ?? 0) | (Math.min(times, most[field]) << bits[field]));
  }
  return counts;
}

function bitsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
