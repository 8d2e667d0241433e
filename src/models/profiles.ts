/** What each kind of model wants: sampling and output budgets, from the model cards of Qwen3-4B and its 2507 variants. */
import type { Sampling } from '../protocol/engine.ts';

/** Qwen3 thinking is never to be sampled greedily: it falls into endless repetition. */
const thinkingSampling: Sampling = { temperature: 0.6, topP: 0.95, topK: 20, minP: 0 };
const answerSampling: Sampling = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0 };

export function recommendedSampling(thinks: boolean): Sampling {
  return thinks ? thinkingSampling : answerSampling;
}

/** Tokens of thought and answer together; the window may allow less. */
export function outputBudget(thinks: boolean): number {
  return thinks ? 32_768 : 16_384;
}
