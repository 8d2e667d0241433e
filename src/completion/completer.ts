/**
 * The flow of completions: a key comes in, a text goes out, and the engine works no more than that needs.
 *
 * What was answered a short while ago serves again. What is being answered is waited for as long as what is typed goes
 * along with it, and aborted at once when it does not. Only then the model is asked, after a pause in the typing.
 */
import type { Backend } from '../backends/backend.ts';
import { isAbort, toPonderError, type PonderError } from '../base/errors.ts';
import type { PromptFile } from '../context/format.ts';
import type { InfillParams, InfillResult } from '../protocol/engine.ts';
import { anchorAt, type Anchored } from './anchor.ts';
import { replacedAfter } from './finish/auto-closed.ts';
import type { Filtered } from './finish/index.ts';
import { Generation } from './generation.ts';
import type { Hole } from './hole.ts';
import { wantsLines } from './length.ts';
import { infillPrompt, type Asked } from './prompt.ts';
import { budgetFor, lengthLimit, scaled, type Budget } from './reach.ts';
import { RecentAnswers } from './recent.ts';
import { afterAnswer, afterKey, unmeasured, waitOf } from './rhythm.ts';
import { spotOf, typedSince, type Spot } from './spot.ts';
import type { Strategy } from './strategy.ts';
import type { SyntaxJudge } from './syntax.ts';

export interface Clock {
  /** Milliseconds, steady. */
  now(): number;
  /** Rejects with an AbortError when the signal aborts. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

export interface CompleterOptions {
  readonly backend: Pick<Backend, 'ensureInfill' | 'infill'>;
  readonly clock: Clock;
  /** How this model is asked best. */
  readonly strategy: () => Promise<Strategy>;
  readonly syntax: (language: string) => Promise<SyntaxJudge | undefined>;
  /** Hears when the engine begins and ends to work for completions. */
  readonly onBusy: (busy: boolean) => void;
}

/** Where a completion is wanted. */
export interface Place {
  /** Tells one document from another. */
  readonly document: string;
  readonly path: string;
  /** The workspace folder's name. */
  readonly repository: string;
  readonly hole: Hole;
  /** What of other files may help, within so many UTF-16 units. */
  readonly neighbours: (budget: number, signal: AbortSignal) => Promise<readonly PromptFile[]>;
}

export interface Asking {
  readonly place: Place;
  /** Asked for by hand: no waiting, and not too slow. */
  readonly manual: boolean;
}

export type Outcome =
  | { readonly kind: 'text'; readonly text: string; readonly replaces: number; readonly from: 'recent' | 'running' | 'model' }
  | { readonly kind: 'nothing'; readonly why: Filtered | 'too-slow' }
  | { readonly kind: 'error'; readonly error: PonderError }
  /** Something else was asked meanwhile. */
  | { readonly kind: 'cancelled' };

interface Running {
  readonly generation: Generation;
  readonly aborter: AbortController;
  /** Requests that wait for it. */
  waiting: number;
}

/** What the model was shown, most of which it need not read again. */
interface Shown {
  readonly document: string;
  readonly anchored: Anchored;
  readonly neighbours: readonly PromptFile[];
  readonly budget: Budget;
}

/** Whole lines are shown after so long, ms, though more are to come: they follow when these are accepted. */
const patience = 400;
/** An answer that nobody waits for any more goes on for so long, ms: the next key may want it. */
const grace = 250;
/** What has shown nothing by then, ms, comes too late for somebody who types. */
const tooSlow = 10_000;

export class Completer {
  readonly #recent = new RecentAnswers();
  #rhythm = unmeasured;
  #running: Running | undefined;
  #shown: Shown | undefined;
  #background = new AbortController();
  /** Aborts whoever waits for an answer. */
  #wanted = new AbortController();
  #readSpeed = 0;
  #writeSpeed = 0;
  /** Tokens took up more than the budget had thought: less is shown from then on. */
  #shrink = 1;
  /** The text last given, and where: at its end somebody has taken it, and wants the next at once. */
  #offered: { readonly spot: Spot; readonly text: string } | undefined;
  #busy = false;
  /** Requests so far, and what became of them. */
  readonly counts = { asked: 0, recent: 0, running: 0, started: 0, aborted: 0 };

  constructor(private readonly options: CompleterOptions) {}

  /** Never throws. Aborting the signal leaves an answer under way to whoever asks next within a moment. */
  async complete({ place, manual }: Asking, cancelled: AbortSignal): Promise<Outcome> {
    const { clock } = this.options;
    const signal = AbortSignal.any([cancelled, this.#wanted.signal]);
    this.counts.asked++;
    this.#rhythm = afterKey(this.#rhythm, clock.now());
    this.#background.abort();
    const known = this.#fromRecent(place.hole);
    if (known) return known;
    const joined = this.#running !== undefined && this.#running.generation.typedSince(place.hole) !== undefined;
    if (joined) this.counts.running++;
    else this.#abort();
    try {
      if (!joined && !manual && !this.#accepted(place.hole)) await clock.delay(waitOf(this.#rhythm), signal);
      return await this.#answer({ place, manual }, signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return { kind: 'cancelled' };
      return { kind: 'error', error: toPonderError(error) };
    }
  }

  /** Nothing is wanted any more: ends what is under way, in the engine too, and tells whoever waits. */
  dismiss(): void {
    this.#wanted.abort();
    this.#wanted = new AbortController();
    this.#abort();
  }

  #abort(): void {
    this.#background.abort();
    const running = this.#running;
    this.#running = undefined;
    if (!running || running.generation.settled) return;
    this.counts.aborted++;
    running.aborter.abort();
    this.#tell();
  }

  /** The cursor is somewhere else: what is under way is kept only if it belongs there. */
  moved(hole: Hole): void {
    if (this.#running?.generation.typedSince(hole) === undefined) this.dismiss();
  }

  /** Reads ahead what the next key will need, in a pause. Never throws. */
  async warm(place: Place): Promise<void> {
    if (this.#running && !this.#running.generation.settled) return;
    this.#background.abort();
    const { signal } = (this.#background = new AbortController());
    try {
      const { prompt, typed } = await this.#ask(place, true, signal);
      for await (const event of this.options.backend.infill({ prompt: prompt.prompt, typed, maxTokens: 0, urgency: 'background' }, signal)) {
        if (event.type === 'end') this.#measured(event.result);
      }
    } catch {
      // The next key asks for the same, and says what is wrong with it.
    }
  }

  /** Forgets everything: another model answers from now on. */
  reset(): void {
    this.dismiss();
    this.#recent.clear();
    this.#shown = this.#offered = undefined;
    this.#rhythm = unmeasured;
    this.#readSpeed = this.#writeSpeed = 0;
    this.#shrink = 1;
  }

  #accepted(hole: Hole): boolean {
    return this.#offered !== undefined && typedSince(this.#offered.spot, this.#offered.text, hole) === this.#offered.text;
  }

  #offer(text: string, hole: Hole, from: 'recent' | 'running' | 'model'): Outcome {
    this.#offered = { spot: spotOf(hole), text };
    return { kind: 'text', text, replaces: replacedAfter(text, hole), from };
  }

  #fromRecent(hole: Hole): Outcome | undefined {
    const text = this.#recent.find(hole);
    if (text === undefined) return undefined;
    if (this.#running?.generation.typedSince(hole) === undefined) this.#abort();
    this.counts.recent++;
    return this.#offer(text, hole, 'recent');
  }

  async #answer({ place, manual }: Asking, signal: AbortSignal): Promise<Outcome> {
    const { clock } = this.options;
    let since = clock.now();
    let from: 'running' | 'model' = 'running';
    for (;;) {
      signal.throwIfAborted();
      let running = this.#running;
      let typed = running?.generation.typedSince(place.hole);
      if (!running || typed === undefined) {
        this.#abort();
        running = await this.#start(place, signal);
        // A model that had to be loaded first is not slow for that.
        since = clock.now();
        typed = '';
        from = 'model';
      }
      const { generation } = running;
      const { settled, text, error, filtered } = generation;
      if (error && this.#shownTooMuch(error)) continue;
      if (error) {
        // Asking again is another try.
        if (this.#running === running) this.#running = undefined;
        return { kind: 'error', error };
      }
      const rest = text.slice(typed.length);
      const waited = clock.now() - since;
      if (rest !== '' && (settled || waited >= patience)) {
        if (from === 'model') this.#rhythm = afterAnswer(this.#rhythm, waited);
        return this.#offer(rest, place.hole, from);
      }
      if (settled) return { kind: 'nothing', why: filtered ?? 'model' };
      if (!manual && waited >= tooSlow) {
        this.#abort();
        return { kind: 'nothing', why: 'too-slow' };
      }
      await this.#changeOf(running, signal);
    }
  }

  /** Whether less is shown from now on, which is worth another try. */
  #shownTooMuch({ code, data }: PonderError): boolean {
    const { tokens, window } = data;
    if (code !== 'prompt-too-long' || typeof tokens !== 'number' || typeof window !== 'number' || this.#shrink < 0.05) return false;
    this.#shrink *= Math.min(0.8, (window / tokens) * 0.8);
    this.#shown = this.#running = undefined;
    return true;
  }

  /** The next change, or a moment to look at the time. */
  async #changeOf(running: Running, signal: AbortSignal): Promise<void> {
    const timer = new AbortController();
    running.waiting++;
    try {
      await Promise.race([running.generation.changed(), this.options.clock.delay(patience, AbortSignal.any([signal, timer.signal]))]);
    } catch {
      void this.#abortUnlessWanted(running);
    } finally {
      running.waiting--;
      timer.abort();
    }
  }

  async #abortUnlessWanted(running: Running): Promise<void> {
    await this.options.clock.delay(grace, running.aborter.signal).catch(() => undefined);
    if (running.waiting === 0 && !running.generation.settled && this.#running === running) this.#abort();
  }

  async #start(place: Place, signal: AbortSignal): Promise<Running> {
    const { prompt, typed } = await this.#ask(place, false, signal);
    const syntax = wantsLines(place.hole) ? await this.options.syntax(place.hole.language) : undefined;
    signal.throwIfAborted();
    const generation = new Generation({ hole: place.hole, end: prompt.end, syntax });
    const running: Running = { generation, aborter: new AbortController(), waiting: 0 };
    this.#running = running;
    this.counts.started++;
    const maxTokens = lengthLimit(wantsLines(place.hole), this.#writeSpeed);
    void this.#run(running, { prompt: prompt.prompt, typed, maxTokens, urgency: 'typing' });
    return running;
  }

  async #run({ generation, aborter }: Running, params: InfillParams): Promise<void> {
    this.#tell();
    try {
      for await (const event of this.options.backend.infill(params, aborter.signal)) {
        if (event.type === 'end') this.#measured(event.result);
        else if (generation.push(event)) break;
      }
      generation.settle();
      // Does nothing where the model came to an end of its own.
      aborter.abort();
      if (generation.text !== '') this.#recent.add(generation.hole, generation.text);
    } catch (error) {
      generation.fail(error);
    }
    this.#tell();
  }

  /** An answer that has been aborted is none any more, though the engine takes a moment to let go of it. */
  #tell(): void {
    const busy = this.#running !== undefined && !this.#running.generation.settled;
    if (busy !== this.#busy) this.options.onBusy((this.#busy = busy));
  }

  /** The prompt for a place: as much as possible of what the model has read already. */
  async #ask(place: Place, anew: boolean, signal: AbortSignal): Promise<{ readonly prompt: Asked; readonly typed: string }> {
    const info = await this.options.backend.ensureInfill(signal);
    const strategy = await this.options.strategy();
    const last = this.#shown?.document === place.document ? this.#shown : undefined;
    const budget = last && !anew ? last.budget : scaled(budgetFor(this.#readSpeed, info.gpu !== 'cpu'), this.#shrink);
    const neighbours = last && !anew ? last.neighbours : budget.neighbours > 0 ? await place.neighbours(budget.neighbours, signal) : [];
    signal.throwIfAborted();
    const anchored = anchorAt(place.hole, last?.anchored, budget);
    this.#shown = { document: place.document, anchored, neighbours, budget };
    const { path, repository, hole } = place;
    return { prompt: infillPrompt(strategy, anchored, { path, repository, language: hole.language, neighbours }), typed: anchored.typed };
  }

  #measured({ readSpeed, writeSpeed }: InfillResult): void {
    if (readSpeed > 0) this.#readSpeed = readSpeed;
    if (writeSpeed > 0) this.#writeSpeed = writeSpeed;
  }
}
