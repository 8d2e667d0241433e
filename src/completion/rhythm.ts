/**
 * How long to wait after a key before asking the model. Someone in full flow outruns a slow model: each request would be
 * aborted by the next key. Then it is better to wait for a pause. Where the model answers between two keys, waiting only
 * costs time. Pure: times come from the caller.
 */

/** Bounds of a wait, ms. */
const shortest = 20;
const longest = 1000;
/** Longer than this is a pause and no rhythm, ms. */
const pause = 1500;
/** Weight of what was measured last. */
const weight = 0.3;

export interface Rhythm {
  /** Between two keys, ms. */
  readonly interval: number;
  /** From a request to its first text, ms. */
  readonly latency: number;
  /** When, ms on a steady clock. */
  readonly lastKey: number | undefined;
}

/** Before anything is measured: five keys a second, and a model that takes as long as a key. */
export const unmeasured: Rhythm = { interval: 200, latency: 200, lastKey: undefined };

export function afterKey(rhythm: Rhythm, now: number): Rhythm {
  const since = rhythm.lastKey === undefined ? Infinity : now - rhythm.lastKey;
  return { ...rhythm, lastKey: now, interval: since > pause ? rhythm.interval : blend(rhythm.interval, since) };
}

export function afterAnswer(rhythm: Rhythm, latency: number): Rhythm {
  return { ...rhythm, latency: blend(rhythm.latency, latency) };
}

/** Milliseconds to wait from the last key on. */
export function waitOf({ interval, latency }: Rhythm): number {
  if (latency <= interval / 2) return shortest;
  // A key that is half an interval late makes a pause; a slow model is asked more sparingly still.
  return Math.min(longest, Math.max(shortest, interval * 1.5, latency / 4));
}

function blend(before: number, now: number): number {
  return before + weight * (now - before);
}
