/** How much of a file and of others a model is shown: what it reads in a moment, and no more. Pure. */
import type { Reach } from './anchor.ts';

export interface Budget extends Reach {
  /** For all other files together, UTF-16 units. */
  readonly neighbours: number;
}

/**
 * By reading speed, tokens per second. A window is read once in a while and typed in many times, so a few seconds for it
 * are well spent; Qwen3-4B reads about 28 a second on two cores of a CPU, and thousands on a graphics card. Code has
 * about 3.5 units to a token. The largest, grown by half (anchor.ts), is about 3,400 tokens.
 */
const large: Budget = { prefix: 5000, suffix: 1500, neighbours: 3000 };
const medium: Budget = { prefix: 2500, suffix: 750, neighbours: 1200 };
const small: Budget = { prefix: 1000, suffix: 300, neighbours: 0 };

/** @param speed tokens per second; 0 while unknown */
export function budgetFor(speed: number, onGpu: boolean): Budget {
  if (speed === 0) return onGpu ? large : small;
  return speed >= 500 ? large : speed >= 100 ? medium : small;
}

/** The same for a window that turned out too small: a script may take a token or more for each unit. */
export function scaled(budget: Budget, factor: number): Budget {
  return { prefix: Math.floor(budget.prefix * factor), suffix: Math.floor(budget.suffix * factor), neighbours: Math.floor(budget.neighbours * factor) };
}

/** Tokens to write at most: a line, or a block, or what the model writes in about six seconds. */
export function lengthLimit(wantsLines: boolean, writeSpeed: number): number {
  const most = wantsLines ? 192 : 64;
  return writeSpeed > 0 ? Math.max(24, Math.min(most, Math.round(writeSpeed * 6))) : most;
}
