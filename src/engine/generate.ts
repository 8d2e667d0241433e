/** What a model says after a prompt, token by token, until it or its budget ends, or the window does. */
import type { LlamaContextSequence, LlamaGrammarEvaluationState, LlamaModel, SequenceEvaluateOptions, Token, TokenBias } from 'node-llama-cpp';
import type { ChatParams, ChatResult, Sampling } from '../protocol/engine.ts';
import type { ChatControl, ChatMachine } from './chat.ts';
import { Lookup } from './lookup.ts';
import type { OutputParser } from './output-parser.ts';
import { noShift } from './prefill.ts';
import { canSpeculate, speculate } from './speculate.ts';

export interface GenerationParams {
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

/** One answer, which may be generated in several stretches, each on a sequence of its own with room for more. */
export class Generation {
  /** The prompt, and all that was said or put into the model's mouth. */
  readonly #text: Token[];
  /** The end of the text, which the next step evaluates. */
  #pending: Token[];
  readonly #generated: Token[] = [];
  #lookup: Lookup | undefined;
  steps = 0;
  /** On the clock of `performance.now`; 0 before. */
  firstTokenAt = 0;
  lastTokenAt = 0;

  constructor(private readonly how: GenerationParams) {
    const { prompt, opening } = how;
    this.#text = [...prompt, ...opening];
    this.#pending = [...prompt.slice(-1), ...opening];
  }

  /** What is to be read before the next stretch, and one more token, as `prefill` wants it. */
  get read(): Token[] {
    return this.#text.slice(0, this.#text.length - this.#pending.length + 1);
  }

  /** Tokens of the prompt and of what followed. */
  get length(): number {
    return this.#text.length;
  }

  /** Tokens that may still be generated, Infinity without a limit. */
  get left(): number {
    return (this.how.params.maxTokens ?? Infinity) - this.#generated.length;
  }

  /**
   * Goes on until the answer or its budget ends.
   * @param machine its sequence has read what `read` says, but for the last token
   * @returns `full` where the window ends first: a larger one may take it further
   */
  async run({ model, sequence, threads }: Pick<ChatMachine, 'model' | 'sequence' | 'threads'>, { signal, pass, emit, wantsAnswer }: ChatControl): Promise<ChatResult['reason'] | 'full'> {
    if (this.#room(sequence) <= 0) return 'full';
    const guesses = looksUp(this.how.params) && canSpeculate(sequence);
    const tokens = guesses ? this.#guessed(sequence) : sequence.evaluate(this.#pending, this.#options());
    // What the next step evaluates in place of the token just sampled: the way to put words into the model's mouth.
    let replacement: Token[] | undefined;
    try {
      for (;;) {
        signal.throwIfAborted();
        const put = replacement;
        // Each token takes an evaluation here, and so does the end.
        if (!guesses) this.steps++;
        const { value: token, done } = await pass.step(() => threads.write(this.#depth(sequence, guesses), () => tokens.next(put)));
        this.lastTokenAt = performance.now();
        this.firstTokenAt ||= this.lastTokenAt;
        if (done === true || model.isEogToken(token)) return 'stop';
        this.#generated.push(token);
        replacement = this.#take(model, token, emit, wantsAnswer);
        this.#pending = replacement ?? [token];
        this.#text.push(...this.#pending);
        if (this.left <= 0) return 'length';
        if (this.#room(sequence) <= 0) return 'full';
      }
    } finally {
      await tokens.return();
    }
  }

  /** Of the next token in the window; undefined where the time it takes is no token's: of guesses, grammars, several at once. */
  #depth(sequence: LlamaContextSequence, guesses: boolean): number | undefined {
    return guesses || this.how.grammar || this.#pending.length > 1 ? undefined : sequence.nextTokenIndex;
  }

  #room(sequence: LlamaContextSequence): number {
    return sequence.contextSize - 1 - this.#text.length;
  }

  #options(): SequenceEvaluateOptions {
    const { params, grammar } = this.how;
    const generated = this.#generated;
    return {
      ...evaluateOptions(params.sampling, generated),
      ...(grammar ? { grammarEvaluationState: () => this.#grammar(), tokenBias: this.#bias(grammar) } : {}),
    };
  }

  #grammar(): LlamaGrammarEvaluationState | undefined {
    return this.how.parser.inThought ? undefined : this.how.grammar?.state;
  }

  #bias({ bias, noBias }: NonNullable<GenerationParams['grammar']>): () => TokenBias {
    return () => (this.how.parser.inThought ? noBias : bias);
  }

  #guessed(sequence: LlamaContextSequence): ReturnType<typeof speculate> {
    const { grammar, isMark } = this.how;
    // What is pending was sampled by the stretch before, which did not live to hear that it was taken.
    if (this.#lookup) this.#lookup.push(...this.#pending);
    else (this.#lookup = new Lookup(isMark)).push(...this.#text);
    return speculate(this.#pending, {
      sequence,
      lookup: this.#lookup,
      grammar: () => this.#grammar(),
      ...(grammar ? { bias: this.#bias(grammar) } : {}),
      room: () => Math.min(this.left, this.#room(sequence)),
      onEvaluation: () => this.steps++,
    });
  }

  /** @returns what is evaluated in its place */
  #take(model: LlamaModel, token: Token, emit: ChatControl['emit'], wantsAnswer: ChatControl['wantsAnswer']): Token[] | undefined {
    const { parser, grammar, params } = this.how;
    const thought = parser.inThought;
    parser.push(token).forEach(emit);
    if (parser.inThought) {
      const closing = wantsAnswer() ? 'user' : parser.thoughtTokens >= (params.thoughtBudget ?? Infinity) ? 'budget' : undefined;
      if (!closing) return undefined;
      parser.endThought(closing).forEach(emit);
      return [token, ...model.tokenize('\n</think>\n\n', true)];
    }
    // A model says these itself before its answer; a grammar would not let it.
    return thought && grammar ? [token, ...model.tokenize('\n\n')] : undefined;
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
    // Numbers are drawn from their beginning in each stretch, and must not be the same again.
    ...(seed === undefined ? {} : { seed: generated.length === 0 ? seed : (seed + generated.length) % 2 ** 32 }),
    // A penalty of 1 leaves only the presence part to act.
    ...(presencePenalty > 0
      ? { repeatPenalty: { punishTokens: () => generated, penalty: 1, presencePenalty } }
      : {}),
    contextShift: noShift,
  };
}
