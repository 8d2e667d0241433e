/** What of a prompt fits into the window, and what gives way to what. Pure. */

export interface Budget {
  /** Of the context window, tokens. */
  readonly window: number;
  /** Kept free for the answer, tokens. */
  readonly reserve: number;
  /** What never gives way: instructions, pinned files, the question and what was chosen for it. Tokens. */
  readonly fixed: number;
  /** Tokens of each turn, oldest first. */
  readonly turns: readonly number[];
  /** Of these, folded away before. */
  readonly folded: number;
  /** Tokens of what was picked automatically, best first. */
  readonly automatic: readonly number[];
}

export interface Packing {
  /** Indices of what was picked automatically and stays, in order. */
  readonly automatic: readonly number[];
  /** The oldest turns that the model does not read. */
  readonly folded: number;
  /** Tokens beyond the window, with nothing left that could give way; else 0. */
  readonly over: number;
}

/** Once turns have to go, so many go that the rest takes this share of the room: each fold has the history read anew. */
const shareAfterFold = 0.75;

/**
 * First what was picked automatically gives way, the lowest-ranked first, after what alone is larger than the room;
 * then the oldest turns. The question, and what was pinned or chosen, never do.
 */
export function pack({ window, reserve, fixed, turns, folded, automatic }: Budget): Packing {
  const room = window - reserve - fixed;
  const history = sum(turns.slice(folded));
  if (history > room) {
    const { count, rest } = fold(turns, folded, room * shareAfterFold);
    return { automatic: [], folded: count, over: Math.max(0, rest - room) };
  }
  const left = room - history;
  const kept = automatic.map((_, index) => index).filter((index) => (automatic[index] ?? 0) <= left);
  while (sum(kept.map((index) => automatic[index] ?? 0)) > left) kept.pop();
  return { automatic: kept, folded, over: 0 };
}

/** Folds the oldest turns until the rest takes at most `room` tokens. */
function fold(turns: readonly number[], folded: number, room: number): { readonly count: number; readonly rest: number } {
  let count = folded;
  while (count < turns.length && sum(turns.slice(count)) > room) count++;
  return { count, rest: sum(turns.slice(count)) };
}

/**
 * Tokens kept free for an answer: a thought as long as it may be and a page of text, but no more than a quarter of the
 * window, so that a small one holds a question at all.
 */
export function answerReserve(window: number, thoughtBudget: number): number {
  return Math.min(Math.floor(window / 4), thoughtBudget + 2048);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
