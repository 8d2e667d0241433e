/** Somebody who types a function by a trace: what the document is after each event. Pure. */
import type { Hole } from '../../src/completion/hole.ts';
import type { Task, TraceEvent } from './trace.ts';

/** What an event did: `skipped` where an accepted text holds what it would have typed. */
export type Effect = 'text' | 'cursor' | 'nothing' | 'skipped';

export class Typist {
  #text: string;
  #cursor: number;
  /** Where the function begins. */
  #start: number;
  /** Units of the function that stand there, and units behind them that do not belong there. */
  #done = 0;
  #wrong = 0;
  /** The same had nothing been accepted. */
  readonly #script = { done: 0, wrong: 0 };

  constructor(private readonly task: Task) {
    this.#text = task.before + task.after;
    this.#cursor = this.#start = task.before.length;
  }

  /** With as much of the document as the provider looks at (src/completion/vscode/hole-at.ts). */
  get hole(): Hole {
    const { language, indent } = this.task;
    const [start, end] = [Math.max(0, this.#cursor - 12_500), this.#cursor + 2500];
    return { prefix: this.#text.slice(start, this.#cursor), suffix: this.#text.slice(this.#cursor, end), language, indent };
  }

  /** Whether the function stands there. */
  get finished(): boolean {
    return this.#done === this.task.target.length && this.#wrong === 0;
  }

  /** What is left to type at the cursor; empty while something else is being done. */
  get rest(): string {
    const here = this.#wrong === 0 && this.#cursor === this.#start + this.#done;
    return here ? this.task.target.slice(this.#done) : '';
  }

  /** Whether the event would still type or delete something. */
  needs([, kind, amount]: TraceEvent): boolean {
    if (this.#done <= this.#script.done) return true;
    return kind === 'type' ? this.#script.done + amount > this.#done : kind !== 'wrong' && kind !== 'back';
  }

  /** @param shown what is suggested at the moment */
  apply(event: TraceEvent, shown = ''): Effect {
    const needed = this.needs(event);
    const ahead = Math.max(0, this.#done - this.#script.done);
    this.#follow(event);
    if (!needed) return 'skipped';
    const [, kind, amount] = event;
    switch (kind) {
      case 'type':
        return this.#type(this.task.target.slice(this.#done, this.#done + amount - ahead), 0);
      case 'wrong':
        return this.#type(amount, amount.length);
      case 'back':
        return this.#delete(amount);
      case 'insert':
        return this.#insert(amount);
      case 'go':
        return this.#move(this.#endOfLine(amount));
      case 'return':
        return this.#move(this.#start + this.#done + this.#wrong);
      case 'accept':
        return shown !== '' && this.rest.startsWith(shown) ? this.#type(shown, 0) : 'nothing';
    }
  }

  #follow([, kind, amount]: TraceEvent): void {
    const script = this.#script;
    if (kind === 'type') script.done += amount;
    else if (kind === 'wrong') script.wrong += amount.length;
    else if (kind === 'back') {
      const wrong = Math.min(script.wrong, amount);
      script.wrong -= wrong;
      script.done -= amount - wrong;
    }
  }

  #type(text: string, wrong: number): Effect {
    this.#wrong += wrong;
    this.#done += text.length - wrong;
    return this.#insert(text);
  }

  #insert(text: string): Effect {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    if (this.#cursor < this.#start) this.#start += text.length;
    this.#cursor += text.length;
    return 'text';
  }

  #delete(units: number): Effect {
    const wrong = Math.min(this.#wrong, units);
    this.#wrong -= wrong;
    this.#done -= units - wrong;
    this.#text = this.#text.slice(0, this.#cursor - units) + this.#text.slice(this.#cursor);
    this.#cursor -= units;
    return 'text';
  }

  #move(place: number): Effect {
    this.#cursor = place;
    return 'cursor';
  }

  /** @param lines above the function where negative, else below what is typed of it */
  #endOfLine(lines: number): number {
    let place = lines < 0 ? this.#start : this.#start + this.#done + this.#wrong;
    if (lines < 0) {
      for (let line = lines; line < 0; line++) place = this.#text.lastIndexOf('\n', place - 1);
    } else {
      for (let line = 0; line <= lines; line++) place = this.#text.indexOf('\n', place + (line > 0 ? 1 : 0));
    }
    if (place < 0) throw new Error(`${this.task.path} has no line ${String(lines)} from the function.`);
    return place;
  }
}
