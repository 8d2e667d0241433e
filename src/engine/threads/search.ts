/** Finds the number of threads that is fastest, by timing a few. Pure but for what it is given to time with. */

export interface Timing {
  readonly threads: number;
  /** Of each try, ms. */
  readonly times: readonly number[];
}

export interface Search {
  /** Most threads that are tried. */
  readonly cores: number;
  /** After it nothing is timed for better certainty, after twice as long no further number, and nothing after three times. Ms. */
  readonly budgetMs: number;
  /** Runs the work once with so many threads. @returns ms */
  readonly time: (threads: number) => Promise<number>;
  /** Ms. */
  readonly now: () => number;
}

/** Tries of a number before it is judged: a busy moment hits one of them, and the median leaves it out. */
const tries = 3;
/** Its fastest try being so many times the median of the best, a number needs no more of them. */
const hopeless = 1.5;
/** What fewer threads may cost: the cores that they leave free are worth as much. */
const tolerance = 1.02;

/**
 * All numbers on up to four cores; on more the quarters first, then halfway to the neighbours of the best, as often as there
 * are numbers between. In turns, forwards and backwards, so that a busy moment meets all of them.
 * @returns by number of threads; those that were given up early have a try or two
 */
export async function searchThreads({ cores, budgetMs, time, now }: Search): Promise<Timing[]> {
  const times = new Map<number, number[]>();
  const start = now();
  const spent = (): number => now() - start;
  const round = async (candidates: readonly number[], backwards: boolean): Promise<void> => {
    for (const threads of backwards ? candidates.toReversed() : candidates) {
      // Whatever happens, each gets one try.
      if (times.has(threads) && spent() > 3 * budgetMs) return;
      const ms = await time(threads);
      times.set(threads, [...(times.get(threads) ?? []), ms]);
    }
  };
  const race = async (candidates: readonly number[], rounds: number): Promise<void> => {
    for (let done = 0; done < rounds; done++) await round(promising(candidates, times), done % 2 === 1);
  };
  await race(firstCandidates(cores), tries);
  for (let step = cores > 4 ? Math.ceil(cores / 8) : 0; step > 0 && spent() < 2 * budgetMs; step = step > 1 ? Math.ceil(step / 2) : 0) {
    const best = chooseThreads(timings(times));
    const around = [best - step, best + step].filter((threads) => threads >= 1 && threads <= cores && !times.has(threads));
    if (around.length > 0) await race([best, ...around], tries);
  }
  // What time is left goes to those that are close to each other.
  for (let rounds = 0; spent() < budgetMs && rounds < 20; rounds++) {
    const close = promising([...times.keys()], times);
    if (close.length < 2) break;
    await round(close, rounds % 2 === 1);
  }
  return timings(times);
}

/** The fewest threads that are as fast as any, nearly. */
export function chooseThreads(timings: readonly Timing[]): number {
  const fastest = Math.min(...timings.map(({ times }) => median(times)));
  return Math.min(...timings.filter(({ times }) => median(times) <= fastest * tolerance).map(({ threads }) => threads));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Infinity, high = Infinity] = sorted.length % 2 === 0 ? sorted.slice(middle - 1, middle + 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

function firstCandidates(cores: number): number[] {
  if (cores <= 4) return Array.from({ length: cores }, (_, index) => index + 1);
  return [...new Set([1, ...[0.25, 0.5, 0.75, 1].map((part) => Math.round(cores * part))])];
}

/** Those without a try among them. */
function promising(candidates: readonly number[], times: ReadonlyMap<number, readonly number[]>): number[] {
  const best = Math.min(...[...times.values()].map(median));
  return candidates.filter((threads) => {
    const own = times.get(threads) ?? [];
    return own.length < 2 || Math.min(...own) <= best * hopeless;
  });
}

function timings(times: ReadonlyMap<number, readonly number[]>): Timing[] {
  return [...times].map(([threads, own]) => ({ threads, times: own })).toSorted((a, b) => a.threads - b.threads);
}
