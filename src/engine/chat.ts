/** One chat turn: prompt, prefill in chunks, generation (generate.ts), parsing. */
import type { LlamaGrammarEvaluationState, LlamaModel, Token } from 'node-llama-cpp';
import type { ChatEvent, ChatParams, ChatResult, ModelInfo } from '../protocol/engine.ts';
import { PonderError } from '../base/errors.ts';
import { Generation } from './generate.ts';
import { openGrammar, without } from './grammar.ts';
import { OutputParser, type MarkerTokens } from './output-parser.ts';
import { prefill, type Reader } from './prefill.ts';
import type { Pass } from './scheduler.ts';
import type { Snapshots } from './snapshots.ts';
import type { ChatTemplate, Run } from './template.ts';
import { promptEnding } from './thinking-kind.ts';
import type { ThreadControl } from './threads/thread-control.ts';
import { tokenizeRuns } from './tokenize.ts';

export interface ChatMachine extends Reader {
  readonly model: LlamaModel;
  readonly template: ChatTemplate;
  readonly markers: MarkerTokens;
  readonly thinking: ModelInfo['thinking'];
  readonly threads: ThreadControl;
  /** Absent: nothing is kept on disk. */
  snapshots?: Snapshots;
}

export interface ChatControl {
  readonly signal: AbortSignal;
  readonly pass: Pass;
  readonly emit: (event: ChatEvent) => void;
  /** True once the user wants the thought closed. */
  readonly wantsAnswer: () => boolean;
}

/** Room kept for the answer, tokens: a prompt that leaves less is refused rather than answered in half a sentence. */
export const answerReserve = 64;

/** One turn, whose answer may outgrow its window: it then goes on in a larger one. */
export class ChatTurn {
  #machine: ChatMachine;
  readonly #generation: Generation;
  readonly #parser: OutputParser;
  readonly #grammar: LlamaGrammarEvaluationState | undefined;
  readonly #prompt: readonly Token[];
  /** Undefined until the prompt has been read. */
  #cachedTokens: number | undefined;

  private constructor(
    machine: ChatMachine,
    params: ChatParams,
    runs: readonly Run[],
    grammar: LlamaGrammarEvaluationState | undefined,
    /** On the clock of `performance.now`. */
    private readonly start: number,
  ) {
    const { model, markers } = machine;
    this.#machine = machine;
    this.#prompt = tokenizeRuns(runs, model);
    this.#grammar = grammar;
    const ending = promptEnding(runs);
    // A hybrid model opens its thought itself, which a grammar would not let it.
    const opens = grammar !== undefined && params.thinking && machine.thinking === 'hybrid' && ending === 'plain';
    this.#parser = new OutputParser(markers, (tokens) => this.#machine.model.detokenize(tokens), opens || ending === 'thought-open', grammar !== undefined);
    const marks = new Set(Object.values(markers).filter((token) => token !== undefined));
    this.#generation = new Generation({
      prompt: this.#prompt,
      params,
      grammar: grammar && { state: grammar, bias: without(model, marks), noBias: without(model, []) },
      parser: this.#parser,
      isMark: (token) => marks.has(token) || this.#machine.model.getTokenAttributes(token).control,
      opening: opens ? model.tokenize('<think>\n', true) : [],
    });
  }

  /** @throws PonderError `prompt-too-long`, `bad-message` for a grammar that is none */
  static async open(machine: ChatMachine, params: ChatParams): Promise<ChatTurn> {
    const start = performance.now();
    const runs = machine.template.render(params);
    const grammar = params.grammar === undefined ? undefined : await openGrammar(machine.model, params.grammar);
    const turn = new ChatTurn(machine, params, runs, grammar, start);
    const [tokens, window] = [turn.#prompt.length, machine.sequence.contextSize];
    if (tokens + answerReserve <= window) return turn;
    throw new PonderError('prompt-too-long', `The prompt has ${String(tokens)} tokens, the window ${String(window)}.`, { tokens, window });
  }

  /** Prompt and answer so far. */
  get text(): readonly Token[] {
    return this.#generation.read;
  }

  /** Tokens of what has to be in the window. */
  get length(): number {
    return this.#generation.length;
  }

  /** Tokens that the answer may still have, Infinity without a limit. */
  get left(): number {
    return this.#generation.left;
  }

  /** Whether it can go on with the same model loaded anew: a grammar's state goes with the model that it was made for. */
  get survivesReload(): boolean {
    return this.#grammar === undefined;
  }

  /**
   * Goes on to the end of the answer or of the window.
   * @param machine the one there is now, with whatever in its KV cache
   * @returns undefined where the window is full
   * @throws an AbortError when the signal aborts, after at most one chunk or token
   */
  async run(machine: ChatMachine, control: ChatControl): Promise<ChatResult | undefined> {
    this.#machine = machine;
    await this.#read(machine, control);
    const reason = await this.#generation.run(machine, control);
    return reason === 'full' ? undefined : this.end(reason, control.emit);
  }

  /** Ends it as it is. */
  end(reason: ChatResult['reason'], emit: ChatControl['emit']): ChatResult {
    this.#parser.end().forEach(emit);
    const { steps, firstTokenAt, lastTokenAt } = this.#generation;
    return {
      reason,
      promptTokens: this.#prompt.length,
      cachedTokens: this.#cachedTokens ?? 0,
      thoughtTokens: this.#parser.thoughtTokens,
      answerTokens: this.#parser.answerTokens,
      steps,
      firstTokenMs: Math.max(0, firstTokenAt - this.start),
      generationMs: lastTokenAt - firstTokenAt,
      usedTokens: this.#machine.sequence.nextTokenIndex,
    };
  }

  async #read(machine: ChatMachine, { pass, emit }: ChatControl): Promise<void> {
    const text = this.#generation.read;
    const total = text.length - 1;
    if (this.#cachedTokens === undefined) {
      const restored = (await machine.snapshots?.restore(machine, text, pass)) ?? 0;
      this.#cachedTokens = await prefill(machine, text, pass, (done, cached) => emit({ type: 'reading', done, total, cached, ...(restored > 0 ? { restored } : {}) }));
      return;
    }
    // Of a window that was carried over nothing is to be read, and nothing to be said.
    await prefill(machine, text, pass, (done, cached) => cached < total && emit({ type: 'reading', done, total, cached }));
  }
}
