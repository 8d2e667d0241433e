/** Bytes a second, over the last few seconds: steady enough to read, quick enough to be true. Pure. */

/** ms. */
const span = 6000;
/** Between two samples, ms. */
const apart = 200;

export class SpeedMeter {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** @param at ms on any clock @param bytes there now; fewer than before begins anew */
  add(at: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.reset();
    else if (last && at - last.at < apart) return;
    this.#samples.push({ at, bytes });
    // One that is older than the span stays as the beginning of it.
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) > span) this.#samples.shift();
  }

  reset(): void {
    this.#samples = [];
  }

  /** 0 as long as it cannot be told. */
  get bytesPerSecond(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at === first.at) return 0;
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }
}

/** Seconds; undefined where it cannot be told. */
export function secondsLeft(done: number, total: number | undefined, bytesPerSecond: number): number | undefined {
  if (total === undefined || bytesPerSecond <= 0) return undefined;
  return Math.max(0, (total - done) / bytesPerSecond);
}
