/** Answers of a short while ago, which serve again when their text is typed, deleted back or undone. Pure but for its memory. */
import type { Hole } from './hole.ts';
import { spotOf, typedSince, type Spot } from './spot.ts';

interface Answer {
  readonly spot: Spot;
  readonly text: string;
}

/** Answers kept; the least lately used one goes first. */
const capacity = 50;

export class RecentAnswers {
  /** The latest used last. */
  #answers: Answer[] = [];

  add(hole: Hole, text: string): void {
    const spot = spotOf(hole);
    const others = this.#answers.filter((other) => other.spot.before !== spot.before || other.spot.after !== spot.after);
    this.#answers = [...others, { spot, text }].slice(-capacity);
  }

  /** What is left of an answer whose beginning, maybe nothing of it, has been typed since; undefined where there is none. */
  find(hole: Hole): string | undefined {
    for (const answer of this.#answers.toReversed()) {
      const typed = typedSince(answer.spot, answer.text, hole);
      if (typed === undefined || typed === answer.text) continue;
      this.#answers = [...this.#answers.filter((other) => other !== answer), answer];
      return answer.text.slice(typed.length);
    }
    return undefined;
  }

  clear(): void {
    this.#answers = [];
  }
}
