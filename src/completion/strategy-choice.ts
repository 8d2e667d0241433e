/** The strategy in use: the user's, or the one a model's self-test found best. */
import type { Backend } from '../backends/backend.ts';
import type { Disposable } from '../base/disposable.ts';
import { isAbort, PonderError, toPonderError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { InfillInfo } from '../protocol/engine.ts';
import type { Clock } from './completer.ts';
import { testStrategies } from './self-test.ts';
import { bestStrategy, provisionalStrategy, type Scores, type Strategy } from './strategy.ts';

export interface StrategyChoiceOptions {
  readonly backend: Pick<Backend, 'ensureInfill' | 'score'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wanted: () => Strategy | 'auto';
  /** Scores of models tested before, by fingerprint. */
  readonly recall: (fingerprint: string) => Scores | undefined;
  readonly remember: (fingerprint: string, scores: Scores) => Promise<void>;
  /** Hears of everything that is shown: a test's progress, its result. */
  readonly onDidChange: () => void;
}

/** What is known of the model that completions come from. */
export interface ModelStanding {
  readonly info: InfillInfo;
  readonly strategy: Strategy;
  readonly scores: Scores | undefined;
  /** Of the running self-test, 0 to 1. */
  readonly testing: number | undefined;
}

export class StrategyChoice implements Disposable {
  #info: InfillInfo | undefined;
  #test: { readonly fingerprint: string; readonly aborter: AbortController; fraction: number } | undefined;

  constructor(private readonly options: StrategyChoiceOptions) {}

  /**
   * Tests the model in the background if it never was, and goes by its kind until the result is there.
   * @throws PonderError `model-no-infill`, and what `Backend.ensureInfill` throws
   */
  async strategy(): Promise<Strategy> {
    const info = await this.options.backend.ensureInfill();
    if (info.fingerprint !== this.#info?.fingerprint) {
      this.#info = info;
      this.options.onDidChange();
    }
    const strategy = this.#choose(info);
    if (!strategy) throw new PonderError('model-no-infill', 'The model has no form for a hole.');
    if (!this.options.recall(info.fingerprint)) void this.test(info);
    return strategy;
  }

  /** For display; undefined before a model has been asked. */
  get standing(): ModelStanding | undefined {
    const info = this.#info;
    const strategy = info && this.#choose(info);
    return strategy && { info, strategy, scores: this.options.recall(info.fingerprint), testing: this.#test?.fraction };
  }

  /** Tests a model unless that is being done. Never throws. */
  async test(info: InfillInfo): Promise<void> {
    if (this.#test?.fingerprint === info.fingerprint) return;
    this.#test?.aborter.abort();
    const test = { fingerprint: info.fingerprint, aborter: new AbortController(), fraction: 0 };
    this.#test = test;
    try {
      const scores = await testStrategies(this.options, info.forms, test.aborter.signal, (fraction) => {
        test.fraction = fraction;
        this.options.onDidChange();
      });
      this.options.logger.info(`completions: ${info.name} scores ${JSON.stringify(scores)}`);
      await this.options.remember(info.fingerprint, scores);
    } catch (error) {
      if (!isAbort(error)) this.options.logger.warn(`completions: the self-test failed: ${toPonderError(error).message}`);
    } finally {
      if (this.#test === test) this.#test = undefined;
      this.options.onDidChange();
    }
  }

  /** Another model may be asked from now on. */
  reset(): void {
    this.#test?.aborter.abort();
    this.#test = this.#info = undefined;
  }

  dispose(): void {
    this.reset();
  }

  #choose(info: InfillInfo): Strategy | undefined {
    const wanted = this.options.wanted();
    if (wanted !== 'auto' && info.forms[wanted]) return wanted;
    const best = bestStrategy(this.options.recall(info.fingerprint) ?? {});
    return best && info.forms[best] ? best : provisionalStrategy(info.forms);
  }
}
