export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Pair {
  readonly ours: number;
  readonly bare: number;
}

/**
 * Measures both sides in turn, so that a machine that warms up or gets busy meets both alike; which one goes first
 * alternates.
 */
export async function interleave(count: number, ours: (round: number) => Promise<number>, bare: (round: number) => Promise<number>): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < count; round++) {
    if (round % 2 === 0) {
      const first = await ours(round);
      pairs.push({ ours: first, bare: await bare(round) });
    } else {
      const first = await bare(round);
      pairs.push({ ours: await ours(round), bare: first });
    }
  }
  return pairs;
}

/** "12.3", short enough for a note. */
export function brief(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
