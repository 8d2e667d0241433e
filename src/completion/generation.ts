/** One answer as it grows: where it is over, and what of it may be shown. Knows neither the engine nor the editor. */
import { isAbort, toPonderError, type PonderError } from '../base/errors.ts';
import type { InfillToken } from '../protocol/engine.ts';
import { confidentText, isWeak } from './confidence.ts';
import { cutLines, finish, type Filtered } from './finish/index.ts';
import { lineBefore, type Hole } from './hole.ts';
import { endOf, wantsLines } from './length.ts';
import { spotOf, typedSince, type Spot } from './spot.ts';
import type { SyntaxJudge } from './syntax.ts';

/** Typed beyond what has arrived, UTF-16 units: so much is waited for before something else is asked. */
const ahead = 64;

export interface GenerationOptions {
  readonly hole: Hole;
  /** With this text the answer is over. */
  readonly end: string | undefined;
  readonly syntax: SyntaxJudge | undefined;
}

export class Generation {
  /** What of it may be shown so far: whole lines, as they will stay. Empty until there is something. */
  text = '';
  /** UTF-16 units of the cursor's line that it takes the place of. */
  replaces = 0;
  /** Why there is nothing to show; known at the end. */
  filtered: Filtered | undefined;
  settled = false;
  error: PonderError | undefined;
  readonly #spot: Spot;
  readonly #tokens: InfillToken[] = [];
  #raw = '';
  /** UTF-16 units of the raw text that belong to the answer, once known. */
  #limit: number | undefined;
  #waiting: (() => void)[] = [];

  constructor(private readonly options: GenerationOptions) {
    this.#spot = spotOf(options.hole);
  }

  get hole(): Hole {
    return this.options.hole;
  }

  /** @returns true once the answer is over and nothing more is wanted */
  push({ text, probability }: InfillToken): boolean {
    const token = { text: text.replaceAll('\r', ''), probability };
    this.#tokens.push(token);
    this.#raw += token.text;
    this.#limit = this.#endOf(token);
    if (this.#limit === undefined && token.text.includes('\n')) this.#show(this.#raw.slice(0, this.#raw.lastIndexOf('\n') + 1));
    return this.#limit !== undefined;
  }

  /** The last of it has arrived. */
  settle(): void {
    this.settled = true;
    this.#show(this.#raw.slice(0, this.#limit));
  }

  /** Nothing more will come. What has not been whole by then is not shown. */
  fail(error: unknown): void {
    this.settled = true;
    if (!isAbort(error)) this.error = toPonderError(error);
    this.#wake();
  }

  /** What has been typed of it since it began; undefined where it is of no use any more. */
  typedSince(hole: Hole): string | undefined {
    // What is shown may differ from what arrived; otherwise that is longer.
    const text = this.settled || !this.#raw.startsWith(this.text) ? this.text : this.#raw;
    const typed = typedSince(this.#spot, text, hole, this.settled ? 0 : ahead);
    // All of it has been typed or accepted: what comes next is another question.
    return this.settled && text !== '' && typed === text ? undefined : typed;
  }

  /** Resolves at the next change. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.settled) resolve();
      else this.#waiting.push(resolve);
    });
  }

  #endOf(token: InfillToken): number | undefined {
    const { hole, end, syntax } = this.options;
    const raw = this.#raw;
    // The end mark begins with a line end, which may be the one that the cursor stands behind.
    const lineEnd = lineBefore(hole).trim() === '' ? '\n' : '';
    const mark = end === undefined ? -1 : (lineEnd + raw).indexOf(end);
    if (mark >= 0) return Math.max(0, mark - lineEnd.length);
    if (isWeak(token)) return raw.length;
    if (!token.text.includes('\n')) return undefined;
    const lines = raw.slice(0, raw.lastIndexOf('\n') + 1);
    if (cutLines(lines, hole)) return lines.length;
    const byIndentation = endOf(raw, hole);
    if (!syntax || !wantsLines(hole)) return byIndentation;
    // Lines of a string may stand further out than its statement.
    const fits = byIndentation !== undefined && syntax.mayEnd(raw, hole, byIndentation);
    const ends = [syntax.endOf(raw, hole), fits ? byIndentation : undefined].filter((place) => place !== undefined);
    return ends.length > 0 ? Math.min(...ends) : undefined;
  }

  #show(candidate: string): void {
    const sure = confidentText(this.#tokens);
    // What the model is sure of may break off in the middle of a line; that is the end of it.
    const text = sure.length < candidate.length ? sure : candidate;
    const finished = candidate !== '' && sure === '' ? { filtered: 'weak' as const } : finish(text, this.options.hole);
    this.text = 'text' in finished ? finished.text : '';
    this.replaces = 'text' in finished ? finished.replaces : 0;
    this.filtered = 'text' in finished ? undefined : finished.filtered;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
