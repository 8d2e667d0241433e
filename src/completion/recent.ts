/** Answers of a short while ago, which serve again when their text is typed, deleted back or undone. Pure but for its memory. */
import type { Hole } from './hole.ts';

interface Answer {
  readonly before: string;
  readonly after: string;
  readonly text: string;
}

/** Answers kept; the least lately used one goes first. */
const capacity = 50;
/** By so much of the document on either side a place is known again, UTF-16 units. */
const context = 500;

export class RecentAnswers {
  /** The latest used last. */
  #answers: Answer[] = [];

  add(hole: Hole, text: string): void {
    const answer = { before: hole.prefix.slice(-context), after: hole.suffix.slice(0, context), text };
    const others = this.#answers.filter(({ before, after }) => before !== answer.before || after !== answer.after);
    this.#answers = [...others, answer].slice(-capacity);
  }

  /** What is left of an answer whose beginning, maybe nothing of it, has been typed since; undefined where there is none. */
  find(hole: Hole): string | undefined {
    const answer = this.#answers.findLast((candidate) => typedOf(candidate, hole) !== undefined);
    if (!answer) return undefined;
    this.#answers = [...this.#answers.filter((other) => other !== answer), answer];
    return answer.text.slice(typedOf(answer, hole));
  }

  clear(): void {
    this.#answers = [];
  }
}

/** How much of an answer's text stands before the cursor, in UTF-16 units; undefined where it is another place. */
function typedOf({ before, after, text }: Answer, { prefix, suffix }: Hole): number | undefined {
  if (suffix.slice(0, context) !== after) return undefined;
  for (let typed = 0; typed < Math.min(text.length, prefix.length + 1); typed++) {
    const place = prefix.length - typed;
    if (prefix.endsWith(text.slice(0, typed)) && prefix.slice(Math.max(0, place - context), place) === before) return typed;
  }
  return undefined;
}
