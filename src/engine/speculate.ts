/**
 * Greedy generation that evaluates guesses together with the token they follow, and keeps those that the model would have
 * said itself.
 *
 * node-llama-cpp has this built in, but keeps one guess of an evaluation at most, and holds all of them against a grammar
 * as if each were the next one (3.22.1). `controlledEvaluate` gives what is needed, except for grammars.
 */
import type { ControlledEvaluateInputItem, LlamaContextSequence, LlamaGrammarEvaluationState, Token, TokenBias } from 'node-llama-cpp';
import type { Lookup } from './lookup.ts';
import { noShift } from './prefill.ts';

export interface Speculation {
  readonly sequence: LlamaContextSequence;
  /** Has the text up to what is evaluated first. */
  readonly lookup: Lookup;
  /** What the next token must obey; asked for each. */
  readonly grammar: () => LlamaGrammarEvaluationState | undefined;
  readonly bias?: () => TokenBias;
  /** Tokens that may still be generated. */
  readonly room: () => number;
  readonly onEvaluation: () => void;
}

/** Whether guesses can be taken back: not where a sequence only knows its last state. */
export function canSpeculate(sequence: LlamaContextSequence): boolean {
  return !sequence.needsCheckpoints && typeof resolveConfig(sequence) === 'function';
}

/**
 * As `sequence.evaluate` does at temperature 0: gives token after token, takes what is to be evaluated in place of the last
 * one, ends before the token that ends a turn, and leaves in the KV cache what was given but for the last.
 */
export async function* speculate(first: readonly Token[], speculation: Speculation): AsyncGenerator<Token, void, readonly Token[] | undefined> {
  const { sequence, lookup, room } = speculation;
  /** Sampled and in the KV cache but for the last. */
  const ahead: Token[] = [];
  let input = first;
  try {
    for (;;) {
      if (ahead.length === 0) {
        // Beyond the last guess, the model says one more.
        ahead.push(...(await evaluate(input, lookup.guess(room() - 1), speculation)));
      }
      const token = ahead.shift();
      if (token === undefined || sequence.model.isEogToken(token)) return;
      const put = yield token;
      lookup.push(...(put ?? [token]));
      if (put) await takeBack(sequence, ahead.splice(0).length);
      input = put ?? [token];
    }
  } finally {
    await takeBack(sequence, ahead.length);
  }
}

/** @returns what the model says after the input, and after each guess as long as they are right */
async function evaluate(input: readonly Token[], guesses: readonly Token[], { sequence, grammar, bias, onEvaluation }: Speculation): Promise<Token[]> {
  const sampled: Token[] = [];
  let right = true;
  const last = input.length - 1;
  const greedy = { generateNext: { token: true, options: { temperature: 0, ...(bias ? { tokenBias: bias } : {}) } } };
  const items = [...input, ...guesses].map((token, index): ControlledEvaluateInputItem => (index < last ? token : [token, greedy]));
  onEvaluation();
  await withGrammar(
    sequence,
    // What follows a wrong guess is thrown away, and must not move the grammar on.
    () => (right ? grammar() : undefined),
    () =>
      sequence.controlledEvaluate(items, {
        contextShift: noShift,
        // Token by token in their order, each before the next one is sampled.
        onTokenResult: (index, { next: { token } }) => {
          if (!right || index < last) return;
          if (token !== undefined && token !== null) sampled.push(token);
          right = token === guesses[index - last];
        },
      }),
  );
  if (sampled.length === 0) throw new Error('No token could be sampled.');
  await takeBack(sequence, guesses.length - (sampled.length - 1));
  return sampled;
}

async function takeBack(sequence: LlamaContextSequence, tokens: number): Promise<void> {
  const end = sequence.nextTokenIndex;
  if (tokens > 0) await sequence.eraseContextTokenRanges([{ start: end - tokens, end }]);
}

/**
 * The sampler behind `controlledEvaluate` knows grammars, but no option leads to it. So while it runs, one is added where
 * the options of each token are turned into those of the sampler.
 */
async function withGrammar<T>(sequence: LlamaContextSequence, grammar: () => LlamaGrammarEvaluationState | undefined, work: () => Promise<T>): Promise<T> {
  const original = resolveConfig(sequence);
  if (typeof original !== 'function') return work();
  const value = (options: object): unknown => Reflect.apply(original, sequence, [{ ...options, grammarEvaluationState: grammar() }]);
  Object.defineProperty(sequence, resolver, { value, configurable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(sequence, resolver);
  }
}

const resolver = '_resolveSamplerConfig';

function resolveConfig(sequence: LlamaContextSequence): unknown {
  return Reflect.get(sequence, resolver);
}
