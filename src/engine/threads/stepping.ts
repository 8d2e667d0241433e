/**
 * Fewer threads while the machine is contended, and more again later. Pure: token times in, a number of threads out.
 *
 * llama.cpp's threads wait for each other after every layer, spinning. When something else takes a core, all of them wait
 * for the one that was put aside, and a token takes up to 50 times as long; with a thread less it may take hardly longer
 * than usual. What is usual is known only roughly, since a token takes longer the more stands before it. So a rate that
 * looks collapsed is a reason to try fewer threads, and the times then decide: a change that does not help is taken back.
 */

/** One token. */
export interface Sample {
  /** Its decoding took so long. */
  readonly ms: number;
  /** Tokens that stand before it in the KV cache. */
  readonly depth: number;
  /** When it was there, ms. */
  readonly at: number;
}

interface Trial {
  /** What it began with, and goes back to. */
  readonly from: number;
  /** Mean with that, ms. */
  readonly before: number;
}

export interface Stepping {
  /** Threads with nothing else going on: never more. */
  readonly ceiling: number;
  /** Threads now. */
  readonly count: number;
  /** Times of the last tokens at this count and about this depth, ms. */
  readonly recent: readonly number[];
  readonly depth: number;
  readonly trial: Trial | undefined;
  /** Least means by number of threads and depth (`place`), ms. */
  readonly normal: ReadonlyMap<string, number>;
  /** A raise is not tried before this, which comes so much later each time that one fails. */
  readonly raiseAfter: number;
  readonly raiseDelay: number;
  /** Likewise a reduction. */
  readonly lowerAfter: number;
  readonly lowerDelay: number;
  /** When the ceiling was reached. */
  readonly topSince: number;
}

/** From a reduction to the first try at going back, and between tries at the most, ms. */
export const firstDelay = 5000;
export const longestDelay = 300_000;
/** So long at the ceiling, and the next reduction is one of its own, not the last one again. Ms. */
const calm = 60_000;

/** Tokens that are looked at together. */
const span = 6;
/** Tokens that a trial takes at the most. */
const trialSpan = 4;
/** Times the usual, on the average of a span. */
const collapse = 2;
/** What one token counts at the most, times the usual: a computer that slept for an hour is no collapse. */
const most = 4;
/** And when a trial is compared with what was before. */
const sleep = 16;
/** What a trial must come to, of the time before. Fewer threads must pay clearly; more of them at all. */
const lowerGain = 0.8;
const raiseGain = 0.95;
/** Tokens of context that may double the time of a token: a steep slope, as of few cores and no flash attention. */
const doubling = 2048;

/**
 * @param normalMs a token's time with `count` threads and little before it, where that is known
 * @param count what it begins with; below the ceiling, more are tried soon
 */
export function startStepping(ceiling: number, normalMs?: number, count = ceiling): Stepping {
  const normal = new Map(normalMs === undefined ? [] : [[place(count, 0), normalMs]]);
  const never = -Infinity;
  return { ceiling, count, recent: [], depth: 0, trial: undefined, normal, raiseAfter: never, raiseDelay: firstDelay, lowerAfter: never, lowerDelay: firstDelay, topSince: never };
}

/** The state after one more token. */
export function observe(state: Stepping, sample: Sample): Stepping {
  const far = Math.abs(sample.depth - state.depth) > Math.max(64, state.depth / 4);
  // Another conversation: what was timed before says nothing about it.
  if (far && state.trial) return observe(interrupted(state, state.trial, sample), sample);
  const recent = [...(far ? [] : state.recent), sample.ms].slice(-span);
  const now = { ...state, recent, depth: sample.depth };
  return now.trial ? judge(now, now.trial, sample) : watch(now, sample);
}

function watch(state: Stepping, { at, depth }: Sample): Stepping {
  const { count, ceiling, recent } = state;
  const usual = expected(state, depth);
  // Where nothing is known of this number, fewer are tried too: it may be contended already.
  const unknown = usual === Infinity && recent.length === span;
  if (count > 1 && at >= state.lowerAfter && (unknown || collapsed(recent, usual))) {
    return { ...state, count: count >> 1, recent: [], trial: { from: count, before: mean(recent.map((ms) => Math.min(ms, usual * sleep))) } };
  }
  if (recent.length < span) return state;
  const known = learned(state, count, depth, mean(recent));
  if (count < ceiling && at >= state.raiseAfter) return { ...known, count: Math.min(ceiling, count * 2), recent: [], trial: { from: count, before: mean(recent) } };
  return known;
}

function judge(state: Stepping, trial: Trial, sample: Sample): Stepping {
  const { count, recent } = state;
  const raises = count > trial.from;
  const sum = recent.reduce((total, ms) => total + ms, 0);
  const bound = trial.before * (raises ? raiseGain : lowerGain);
  // Nothing that comes can make up for it.
  if (sum > bound * trialSpan) return back(state, trial, sample);
  if (recent.length < trialSpan) return state;
  return raises ? raised(state, sample) : lowered(state, sample);
}

function raised(state: Stepping, { at, depth }: Sample): Stepping {
  const top = state.count === state.ceiling;
  return { ...learned(state, state.count, depth, mean(state.recent)), trial: undefined, recent: [], raiseAfter: at + firstDelay, topSince: top ? at : state.topSince };
}

function lowered(state: Stepping, { at }: Sample): Stepping {
  // A raise that did not last has failed too, later.
  const again = at - state.topSince < calm || state.trial?.from !== state.ceiling;
  const raiseDelay = again ? Math.min(longestDelay, state.raiseDelay * 2) : firstDelay;
  return { ...state, trial: undefined, recent: [], raiseDelay, raiseAfter: at + raiseDelay, lowerDelay: firstDelay };
}

/** A trial that told nothing. */
function interrupted(state: Stepping, { from }: Trial, { at }: Sample): Stepping {
  return { ...state, count: from, recent: [], trial: undefined, raiseAfter: at + state.raiseDelay, lowerAfter: at + state.lowerDelay };
}

/** A trial that did not help: still fewer threads, or in the end what was before, and later the next time. */
function back(state: Stepping, trial: Trial, { at, depth }: Sample): Stepping {
  const before: Stepping = { ...state, count: trial.from, recent: [], trial: undefined };
  if (state.count > trial.from) {
    const raiseDelay = Math.min(longestDelay, state.raiseDelay * 2);
    return { ...before, raiseDelay, raiseAfter: at + raiseDelay };
  }
  // What took a core may have taken more of them.
  if (state.count > 1) return { ...state, count: state.count >> 1, recent: [] };
  // As it was is as good as it gets: that is the usual now.
  const others = [...state.normal].filter(([key]) => !key.startsWith(place(trial.from)));
  const normal = new Map([...others, [place(trial.from, depth), trial.before]]);
  return { ...before, normal, lowerDelay: Math.min(longestDelay, state.lowerDelay * 2), lowerAfter: at + state.lowerDelay };
}

/** Whether a few of the last tokens were far too slow, or most of them too slow. */
function collapsed(recent: readonly number[], usual: number): boolean {
  const times = recent.map((ms) => Math.min(most, ms / usual));
  // Those that have not come yet count as usual.
  const total = times.reduce((sum, each) => sum + each, span - times.length);
  return total > collapse * span;
}

function learned(state: Stepping, count: number, depth: number, ms: number): Stepping {
  const key = place(count, depth);
  if ((state.normal.get(key) ?? Infinity) <= ms) return state;
  return { ...state, normal: new Map([...state.normal, [key, ms]]) };
}

/** The least that is known to be an upper bound for a token at this depth; Infinity where nothing is. */
function expected({ normal, count }: Stepping, depth: number): number {
  const own = place(count);
  let least = Infinity;
  for (const [key, ms] of normal) {
    if (!key.startsWith(own)) continue;
    const from = Number(key.slice(own.length));
    least = Math.min(least, ms * Math.max(1, slope(depth) / slope(depthAt(from))));
  }
  return least;
}

function slope(depth: number): number {
  return 1 + depth / doubling;
}

/** Depths that belong together, and their name for a number of threads; without a depth, what all of its names begin with. */
function place(count: number, depth?: number): string {
  return `${String(count)}:${depth === undefined ? '' : String(Math.round(Math.log2(1 + depth / 512) * 2))}`;
}

function depthAt(index: number): number {
  return 512 * (2 ** (index / 2) - 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
