import { factorFor, windowsOf } from './scaling.ts';
import type { ModelShape } from './shape.ts';
import type { WindowNeed } from './window.ts';

/** Most answers are done within this, tokens; under one that is not, the window grows while it is written. */
const firstOutput = 1024;

/** Most answers with their thoughts are done within this, tokens; the budgets of the model cards are twice to four times it. */
const usualOutput = 8192;

/** No window is planned with less room for an answer, tokens. */
const leastOutput = 64;

/**
 * What to plan for. Room for the beginning of the answer is enough where the rest can be had later without reading all
 * again. Another factor of YaRN changes every position, so an answer never begins with one and ends with another: where
 * the usual answer needs it, it is planned from the start. A whole output budget would stretch positions for answers that
 * hardly ever come. None of this depends on the window of the moment, or one that has grown would find itself too small
 * for the same prompt.
 * @param prompt tokens
 * @param maxTokens what the request allows for the answer; absent: no limit
 */
export function answerNeed(prompt: number, maxTokens: number | undefined, shape: ModelShape): WindowNeed {
  const room = (usual: number): number => Math.max(leastOutput, Math.min(maxTokens ?? Infinity, usual, Math.floor(windowsOf(shape).native / 4)));
  const [first, usual] = [room(firstOutput), room(usualOutput)];
  return { prompt, output: factorFor(shape, prompt + usual) > factorFor(shape, prompt + first) ? usual : first };
}

/**
 * For an answer that has filled its window: room for more of it, as far as the factor goes; undefined: there is none.
 * @param tokens of prompt and answer so far
 * @param factor YaRN's, of the window that is full
 */
export function furtherNeed(tokens: number, maxTokens: number | undefined, shape: ModelShape, factor: number): WindowNeed | undefined {
  const { native, largest } = windowsOf(shape);
  const left = Math.min(maxTokens ?? Infinity, firstOutput, Math.max(native, Math.min(largest, native * factor)) - tokens);
  return left > 0 ? { prompt: tokens, output: left } : undefined;
}
