/** Which way of asking a model is best at, found out with holes whose middles are known. */
import type { Backend } from '../backends/backend.ts';
import { isAbort } from '../base/errors.ts';
import type { InfillInfo } from '../protocol/engine.ts';
import type { Clock } from './completer.ts';
import { infillPrompt } from './prompt.ts';
import { knownHoles, type KnownHole } from './self-test-holes.ts';
import { strategiesOf, type Scores, type Strategy } from './strategy.ts';

/** A piece that a model scores lower is one it does not know; by how much is chance, and would outweigh the others. */
const unknown = -3;
/** Someone typed: tried again after so long, ms. */
const recess = 1000;

export interface SelfTest {
  readonly backend: Pick<Backend, 'score'>;
  readonly clock: Clock;
}

/**
 * Scores each strategy that the model has: the mean over all holes of the mean log-probability per token, at least -3 for
 * each. Runs in the background and gives way to everything else; about 2,500 tokens are read.
 * @param onProgress hears a fraction from 0 to 1
 * @throws what `Backend.score` throws; an AbortError when the signal aborts
 */
export async function testStrategies({ backend, clock }: SelfTest, forms: InfillInfo['forms'], signal: AbortSignal, onProgress: (fraction: number) => void): Promise<Scores> {
  const strategies = strategiesOf(forms);
  const scores = new Map<Strategy, number>();
  let done = 0;
  for (const strategy of strategies) {
    let sum = 0;
    for (const hole of knownHoles) {
      const score = await persist(() => backend.score({ ...asked(hole, strategy), middle: hole.middle }, signal), clock, signal);
      sum += Math.max(unknown, score);
      onProgress(++done / (strategies.length * knownHoles.length));
    }
    scores.set(strategy, sum / knownHoles.length);
  }
  return Object.fromEntries(scores);
}

/** As a completion would ask: the cursor's line is what has been typed. */
function asked({ path, language, prefix, suffix, neighbours }: KnownHole, strategy: Strategy): { prompt: ReturnType<typeof infillPrompt>['prompt']; typed: string } {
  const line = prefix.lastIndexOf('\n') + 1;
  const anchored = { prefix: prefix.slice(0, line), typed: prefix.slice(line), suffix };
  const { prompt } = infillPrompt(strategy, anchored, { path, language, repository: 'app', neighbours });
  return { prompt, typed: anchored.typed };
}

/** The engine ends what is in the background when somebody types. */
async function persist<T>(attempt: () => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !isAbort(error)) throw error;
      await clock.delay(recess, signal);
    }
  }
}
