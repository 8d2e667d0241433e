/** The inverted index: which file has which terms, ranked by BM25. */
import MiniSearch from 'minisearch';

const fields = ['path', 'symbols', 'text'] as const;
type Field = (typeof fields)[number];

/** Of a file, by field: terms and how often each stands there. */
export type FileTerms = Readonly<Record<Field, ReadonlyMap<string, number>>>;

export interface Hit {
  readonly id: string;
  readonly score: number;
  /** Those of the terms asked for that were found. */
  readonly terms: readonly string[];
}

/** How much a term counts where it stands. */
const boosts: Readonly<Record<Field, number>> = { path: 3, symbols: 2, text: 1 };
/** BM25 makes little difference beyond, and each costs time. */
const mostRepeats = 4;

export class LexicalIndex {
  /** The library takes texts and splits them; these are split already, so it is handed the names of the fields. */
  readonly #index: MiniSearch<{ readonly id: string }>;
  #adding: FileTerms | undefined;
  #asking: readonly string[] = [];
  readonly #postings = new Map<string, number>();
  #total = 0;

  constructor() {
    this.#index = new MiniSearch<{ readonly id: string }>({
      fields: [...fields],
      extractField: (file, name) => (name === 'id' ? file.id : name),
      tokenize: (_, field) => (field === undefined ? [...this.#asking] : repeated(this.#adding?.[field as Field])),
      processTerm: (term) => term,
      logger: () => undefined,
    });
  }

  /** Entries in all lists together: what memory grows with. */
  get postings(): number {
    return this.#total;
  }

  /** In place of what was known of the file. */
  set(id: string, terms: FileTerms): void {
    this.delete(id);
    this.#adding = terms;
    this.#index.add({ id });
    this.#adding = undefined;
    const count = fields.reduce((sum, field) => sum + terms[field].size, 0);
    this.#postings.set(id, count);
    this.#total += count;
  }

  delete(id: string): void {
    if (!this.#index.has(id)) return;
    this.#index.discard(id);
    this.#total -= this.#postings.get(id) ?? 0;
    this.#postings.delete(id);
  }

  /** Every file with one of the terms, best first. @param weights of the terms, above 0 */
  search(weights: ReadonlyMap<string, number>): Hit[] {
    this.#asking = [...weights.keys()];
    return this.#index.search('', { boost: boosts, boostTerm: (term) => weights.get(term) ?? 1 }).map(({ id, score, queryTerms }) => ({ id: String(id), score, terms: queryTerms }));
  }

  /** Sweeps out what deleted files have left behind, in slices; until then it counts a little in the weight of terms. */
  async tidy(): Promise<void> {
    await this.#index.vacuum();
  }
}

function repeated(counts: ReadonlyMap<string, number> | undefined): string[] {
  return [...(counts ?? [])].flatMap(([term, count]) => (count === 1 ? term : Array<string>(Math.min(count, mostRepeats)).fill(term)));
}
