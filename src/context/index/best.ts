/** The best few of many, without sorting all. Pure. */

export interface Scored<T> {
  readonly score: number;
  readonly item: T;
}

export class Best<T> {
  readonly #items: Scored<T>[] = [];

  /** @param before which of two equals comes first */
  constructor(
    private readonly limit: number,
    private readonly before: (a: T, b: T) => boolean,
  ) {}

  /** Whether one with this score may be among them. */
  takes(score: number): boolean {
    return this.#items.length < this.limit || score >= (this.#items.at(-1)?.score ?? Infinity);
  }

  add(score: number, item: T): void {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#items[middle];
      if (other && (other.score > score || (other.score === score && this.before(other.item, item)))) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, { score, item });
    if (this.#items.length > this.limit) this.#items.pop();
  }

  /** Best first. */
  items(): readonly Scored<T>[] {
    return this.#items;
  }
}
