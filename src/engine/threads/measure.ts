/** Times a model at several numbers of threads, in a small context of its own, which leaves no trace in any other. */
import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import { noShift } from '../prefill.ts';
import { watchOthers } from './others.ts';
import { chooseThreads, median, searchThreads } from './search.ts';
import type { Tuning } from './tuning-store.ts';

/** Tokens of the context, and of what is read at once. */
export const measuredContext = 256;
const batch = 32;

export interface Measuring {
  readonly llama: Pick<Llama, 'maxThreads'>;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** Most threads that are tried. */
  readonly cores: number;
  /** Time for it, ms; about. */
  readonly budgetMs: number;
  /** Lets an evaluation happen when its turn comes; ends the measuring by throwing. */
  readonly step: <T>(evaluate: () => Promise<T>) => Promise<T>;
  /** Part of the time that is over, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

export async function measureThreads({ llama, model, context, cores, budgetMs, step, onProgress }: Measuring): Promise<Tuning> {
  const sequence = context.getSequence();
  const token = anyToken(model);
  const disturbed = watchOthers();
  const start = performance.now();
  const timeOf = (tokens: number) => (threads: number): Promise<number> =>
    step(async () => {
      await makeRoom(sequence, tokens);
      llama.maxThreads = threads;
      const before = performance.now();
      await sequence.evaluateWithoutGeneratingNewTokens(Array.from({ length: tokens }, () => token), { contextShift: noShift });
      onProgress?.(Math.min(1, (performance.now() - start) / budgetMs));
      return performance.now() - before;
    });
  const now = (): number => performance.now();
  // The first evaluation pages weights in.
  await timeOf(1)(cores);
  const writing = await searchThreads({ cores, budgetMs, time: timeOf(1), now });
  const threads = chooseThreads(writing);
  // Reading is bound by arithmetic where writing is by memory, and wants more threads; where that wants all, so does this.
  const reading = threads === cores ? cores : await fasterReading([threads, cores], timeOf(batch));
  return {
    threads,
    reading,
    speeds: writing.map(({ threads: each, times }) => ({ threads: each, tokensPerSecond: 1000 / Math.max(0.01, median(times)) })),
    disturbed: disturbed(),
    at: Date.now(),
  };
}

async function fasterReading(candidates: readonly number[], time: (threads: number) => Promise<number>): Promise<number> {
  const times = new Map<number, number[]>();
  for (const threads of [...candidates, ...candidates.toReversed(), ...candidates]) times.set(threads, [...(times.get(threads) ?? []), await time(threads)]);
  return chooseThreads([...times].map(([threads, own]) => ({ threads, times: own })));
}

/** All tokens cost the same. */
function anyToken(model: LlamaModel): Token {
  const [token] = model.tokenize('a');
  if (token === undefined) throw new Error('The model has no tokens.');
  return token;
}

async function makeRoom(sequence: LlamaContextSequence, tokens: number): Promise<void> {
  if (sequence.nextTokenIndex + tokens >= sequence.contextSize) await sequence.clearHistory();
}
