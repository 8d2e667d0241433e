/** What of a text the model is sure enough of to be shown. Pure. */
import type { InfillToken } from '../protocol/engine.ts';

/**
 * Bounds, as probabilities. Someone who reads a wrong suggestion loses more than one who sees none. Set by what the tiny
 * model writes into the holes of goldens/eval.json (`npm run bench -- --only completion` has the real ones' traces).
 */
const weakToken = 0.1;
const weakText = 0.35;

/** Where the model does not believe in itself any more, there is no use in going on. */
export function isWeak({ probability }: InfillToken): boolean {
  return probability < weakToken;
}

/**
 * Cuts before the first token that the model does not believe in itself; at the line's beginning where the line breaks
 * off with it, if there are lines before. Empty where the whole is weak.
 */
export function confidentText(tokens: readonly InfillToken[]): string {
  const end = tokens.findIndex(isWeak);
  const kept = end < 0 ? tokens : tokens.slice(0, end);
  if (kept.length === 0 || geometricMean(kept) < weakText) return '';
  const text = kept.map((token) => token.text).join('');
  if (end < 0) return text;
  const line = text.lastIndexOf('\n');
  // Half a line is help while one is at it, and none below others.
  return line >= 0 ? text.slice(0, line) : text.trimEnd();
}

function geometricMean(tokens: readonly InfillToken[]): number {
  return Math.exp(tokens.reduce((sum, { probability }) => sum + Math.log(Math.max(probability, 1e-9)), 0) / tokens.length);
}
