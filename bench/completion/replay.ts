import { Completer, type CompleterOptions, type Outcome, type Place } from '../../src/completion/completer.ts';
import { lineBefore } from '../../src/completion/hole.ts';
import type { PromptFile } from '../../src/context/format.ts';
import type { SkippingClock } from './clock.ts';
import type { Task } from './trace.ts';
import { Typist } from './typist.ts';

/** A key that changed the document, and what was shown for it. Times are the clock's, ms. */
export interface Key {
  readonly at: number;
  /** What is new since the key before: the file, the place in it, the line, or nothing but a key. */
  readonly news: 'file' | 'place' | 'line' | 'key';
  outcome: Outcome | undefined;
  answeredAt: number;
}

/** In a pause of so long, ms, the provider reads ahead (src/completion/vscode.ts). */
const idle = 1500;

export interface Typing {
  readonly options: Pick<CompleterOptions, 'strategy' | 'syntax'>;
  readonly backend: CompleterOptions['backend'];
  readonly clock: SkippingClock;
  readonly neighbours: readonly PromptFile[];
  /** Hears of each key before the completer does: its number, and what is left to type. */
  readonly onKey: (number: number, rest: string) => void;
}

/**
 * Types one trace after another as somebody does in one session, and does with each key what the provider does:
 * the request for the key before is cancelled, then the completer is asked.
 */
export class Replayer {
  readonly keys: Key[] = [];
  readonly completer: Completer;
  #busy = false;
  #request = new AbortController();

  constructor(private readonly typing: Typing) {
    this.completer = new Completer({ backend: typing.backend, clock: typing.clock, onBusy: (busy) => (this.#busy = busy), ...typing.options });
  }

  async type(task: Task): Promise<void> {
    const { clock } = this.typing;
    const typist = new Typist(task);
    let at = clock.now();
    let news: Key['news'] = 'file';
    for (const event of task.events) {
      // What has been accepted takes no time to type.
      if (!typist.needs(event)) {
        typist.apply(event);
        continue;
      }
      const [after, kind] = event;
      if (after > idle) {
        await clock.passUntil(at + idle);
        this.#readAhead(this.#place(task, typist));
      }
      at += after;
      await clock.passUntil(at);
      const effect = typist.apply(event, this.#shown);
      if (effect === 'nothing') continue;
      this.#request.abort();
      this.#moved(this.#place(task, typist));
      if (effect === 'cursor') news = 'place';
      if (effect !== 'text') continue;
      const place = this.#place(task, typist);
      if (news === 'key' && kind === 'type' && lineBefore(place.hole).trim() === '') news = 'line';
      this.typing.onKey(this.keys.length, typist.rest);
      this.#ask(place, news);
      news = 'key';
    }
    await clock.passUntil(clock.now() + idle);
    if (!typist.finished) throw new Error(`${task.path} was not typed to its end.`);
  }

  /** What stands behind the cursor in grey. */
  get #shown(): string {
    const outcome = this.keys.at(-1)?.outcome;
    return outcome?.kind === 'text' && outcome.replaces === 0 ? outcome.text : '';
  }

  #ask(place: Place, news: Key['news']): void {
    const { clock } = this.typing;
    const key: Key = { at: clock.now(), news, outcome: undefined, answeredAt: Infinity };
    this.keys.push(key);
    this.#request = new AbortController();
    void this.completer.complete({ place, manual: false }, this.#request.signal).then((outcome) => {
      key.outcome = outcome;
      key.answeredAt = clock.now();
    });
  }

  #moved({ hole }: Place): void {
    if (this.#busy) this.completer.moved(hole);
  }

  #readAhead(place: Place): void {
    if (this.completer.counts.started > 0) void this.completer.warm(place);
  }

  #place({ path }: Task, { hole }: Typist): Place {
    return { document: `file:///ponder/${path}`, path, repository: 'ponder', hole, neighbours: (budget) => Promise.resolve(within(this.typing.neighbours, budget)) };
  }
}

/** As many of the files as fit. */
function within(files: readonly PromptFile[], budget: number): PromptFile[] {
  let left = budget;
  return files.filter(({ path, content }) => {
    const size = path.length + content.length;
    if (size > left) return false;
    left -= size;
    return true;
  });
}
