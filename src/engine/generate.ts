/** What a model says after a prompt, token by token, until it or the room for it ends. */
import type { LlamaContextSequence, LlamaGrammarEvaluationState, LlamaModel, SequenceEvaluateOptions, Token, TokenBias } from 'node-llama-cpp';
import type { ChatParams, ChatResult, Sampling } from '../protocol/engine.ts';
import type { ChatControl } from './chat.ts';
import { Lookup } from './lookup.ts';
import type { OutputParser } from './output-parser.ts';
import { noShift } from './prefill.ts';
import { canSpeculate, speculate } from './speculate.ts';
import type { ThreadControl } from './threads/thread-control.ts';

export interface GenerationParams {
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly threads: ThreadControl;
  /** All but its last token is in the KV cache. */
  readonly prompt: readonly Token[];
  readonly params: ChatParams;
  /** Holds for the answer, not for a thought before it. */
  readonly grammar: { readonly state: LlamaGrammarEvaluationState; readonly bias: TokenBias; readonly noBias: TokenBias } | undefined;
  readonly parser: OutputParser;
  /** Tokens that are never guessed: they change what the next ones mean. */
  readonly isMark: (token: Token) => boolean;
  /** What is put into the model's mouth first. */
  readonly opening: readonly Token[];
}

export interface Generation {
  readonly reason: ChatResult['reason'];
  readonly steps: number;
  /** On the clock of `performance.now`. */
  readonly firstTokenAt: number;
  readonly lastTokenAt: number;
}

export async function generate(generation: GenerationParams, { signal, pass, emit, wantsAnswer }: ChatControl): Promise<Generation> {
  const { model, sequence, threads, prompt, params, grammar, parser, opening } = generation;
  const generated: Token[] = [];
  let limit = Math.min(params.maxTokens ?? Infinity, sequence.contextSize - prompt.length - opening.length - 1);
  let steps = 0;
  let firstTokenAt = 0;
  let lastTokenAt = 0;
  const guesses = looksUp(params) && canSpeculate(sequence);
  const tokens = guesses ? guessed() : sequence.evaluate(input(), { ...evaluateOptions(params.sampling, generated), ...(grammar ? { grammarEvaluationState: nextGrammar, tokenBias: nextBias(grammar) } : {}) });
  // What the next step evaluates in place of the token just sampled: the way to put words into the model's mouth.
  let replacement: Token[] | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      const put = replacement;
      // Each token takes an evaluation here, and so does the end.
      if (!guesses) steps++;
      const { value: token, done } = await pass.step(() => threads.write(depthFor(put), () => tokens.next(put)));
      lastTokenAt = performance.now();
      firstTokenAt ||= lastTokenAt;
      if (done === true || model.isEogToken(token)) return finish('stop');
      generated.push(token);
      replacement = take(token);
      // These fill the window too.
      limit -= replacement ? replacement.length - 1 : 0;
      if (generated.length >= limit) return finish('length');
    }
  } finally {
    await tokens.return();
  }

  /** Guesses and grammars take times of their own, which are no token's. */
  function depthFor(put: Token[] | undefined): number | undefined {
    return guesses || grammar || (put && put.length > 1) ? undefined : sequence.nextTokenIndex;
  }

  function input(): Token[] {
    return [...prompt.slice(-1), ...opening];
  }

  function nextGrammar(): LlamaGrammarEvaluationState | undefined {
    return parser.inThought ? undefined : grammar?.state;
  }

  function nextBias({ bias, noBias }: NonNullable<typeof grammar>): () => TokenBias {
    return () => (parser.inThought ? noBias : bias);
  }

  function guessed(): ReturnType<typeof speculate> {
    const lookup = new Lookup(generation.isMark);
    lookup.push(...prompt, ...opening);
    return speculate(input(), { sequence, lookup, grammar: nextGrammar, ...(grammar ? { bias: nextBias(grammar) } : {}), room: () => limit - generated.length, onEvaluation: () => steps++ });
  }

  /** @returns what is evaluated in its place */
  function take(token: Token): Token[] | undefined {
    const thought = parser.inThought;
    parser.push(token).forEach(emit);
    if (parser.inThought) {
      const closing = thoughtEnd();
      if (!closing) return undefined;
      parser.endThought(closing).forEach(emit);
      return [token, ...model.tokenize('\n</think>\n\n', true)];
    }
    // A model says these itself before its answer; a grammar would not let it.
    return thought && grammar ? [token, ...model.tokenize('\n\n')] : undefined;
  }

  function thoughtEnd(): 'budget' | 'user' | undefined {
    if (wantsAnswer()) return 'user';
    return parser.thoughtTokens >= (params.thoughtBudget ?? Infinity) ? 'budget' : undefined;
  }

  function finish(reason: ChatResult['reason']): Generation {
    parser.end().forEach(emit);
    return { reason, steps, firstTokenAt, lastTokenAt };
  }
}

/** A guess is right if the model would have said it: that can be told where nothing is drawn, and nothing said before counts. */
function looksUp({ lookup, sampling }: ChatParams): boolean {
  return lookup === true && sampling.temperature === 0 && (sampling.presencePenalty ?? 0) === 0;
}

function evaluateOptions(sampling: Sampling, generated: Token[]): SequenceEvaluateOptions {
  const { presencePenalty = 0, seed, ...rest } = sampling;
  return {
    ...rest,
    ...(seed === undefined ? {} : { seed }),
    // A penalty of 1 leaves only the presence part to act.
    ...(presencePenalty > 0
      ? { repeatPenalty: { punishTokens: () => generated, penalty: 1, presencePenalty } }
      : {}),
    contextShift: noShift,
  };
}
