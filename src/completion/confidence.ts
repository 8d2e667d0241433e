/** What of a text the model is sure enough of to be shown. Pure. */
import type { InfillToken } from '../protocol/engine.ts';

/**
 * Bounds, as probabilities. Someone who reads a wrong suggestion loses more than one who sees none. Chosen, not tuned: the
 * tiny model is wrong too often on real files for its answers to tell where a 4B's bounds lie.
 */
const weakToken = 0.1;
const weakText = 0.35;

/** Where the model does not believe in itself any more, there is no use in going on. */
export function isWeak({ probability }: InfillToken): boolean {
  return probability < weakToken;
}

/**
 * Cuts before the first token that the model does not believe in itself; at the line's beginning where the line breaks
 * off with it, if there are lines before. A weak end goes line by line; empty where nothing else is left.
 */
export function confidentText(tokens: readonly InfillToken[]): string {
  const end = tokens.findIndex(isWeak);
  const kept = end < 0 ? tokens : tokens.slice(0, end);
  const text = textOf(kept);
  if (kept.length > 0 && geometricMean(kept) >= weakText) {
    if (end < 0) return text;
    // Half a line is help while one is at it, and none below others.
    return text.includes('\n') ? text.slice(0, text.lastIndexOf('\n')) : text.trimEnd();
  }
  // Lines that were good enough by themselves stay so, whatever followed them.
  const lineEnds = [...kept.keys()].filter((index) => kept[index]?.text.includes('\n')).reverse();
  const good = lineEnds.find((index) => geometricMean(kept.slice(0, index + 1)) >= weakText);
  if (good === undefined) return '';
  const lines = textOf(kept.slice(0, good + 1));
  return lines.slice(0, lines.lastIndexOf('\n'));
}

function textOf(tokens: readonly InfillToken[]): string {
  return tokens.map(({ text }) => text).join('');
}

function geometricMean(tokens: readonly InfillToken[]): number {
  return Math.exp(tokens.reduce((sum, { probability }) => sum + Math.log(Math.max(probability, 1e-9)), 0) / tokens.length);
}
