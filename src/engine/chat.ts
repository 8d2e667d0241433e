/** One chat turn: prompt, prefill in chunks, generation, parsing. */
import type { LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChatEvent, ChatParams, ChatResult, Sampling } from '../protocol/engine.ts';
import { PonderError } from '../base/errors.ts';
import { OutputParser, type MarkerTokens } from './output-parser.ts';
import { noShift, prefill, type Reader } from './prefill.ts';
import type { Pass } from './scheduler.ts';
import type { Snapshots } from './snapshots.ts';
import type { ChatTemplate } from './template.ts';
import { promptEnding } from './thinking-kind.ts';
import { tokenizeRuns } from './tokenize.ts';

export interface ChatMachine extends Reader {
  readonly model: LlamaModel;
  readonly template: ChatTemplate;
  readonly markers: MarkerTokens;
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

/**
 * @throws PonderError `prompt-too-long`; an AbortError when the signal aborts, after at most one chunk or token.
 */
export async function runChat(machine: ChatMachine, params: ChatParams, control: ChatControl): Promise<ChatResult> {
  const start = performance.now();
  const runs = machine.template.render(params);
  const prompt = tokenizeRuns(runs, machine.model);
  const { contextSize } = machine.sequence;
  if (prompt.length + answerReserve > contextSize) {
    throw new PonderError(
      'prompt-too-long',
      `The prompt has ${String(prompt.length)} tokens, the window ${String(contextSize)}.`,
      { tokens: prompt.length, window: contextSize },
    );
  }
  const { pass, emit } = control;
  const restored = (await machine.snapshots?.restore(machine, prompt, pass)) ?? 0;
  const cachedTokens = await prefill(machine, prompt, pass, (done, cached) =>
    emit({ type: 'reading', done, total: prompt.length - 1, cached, ...(restored > 0 ? { restored } : {}) }),
  );
  const parser = new OutputParser(
    machine.markers,
    (tokens) => machine.model.detokenize(tokens),
    promptEnding(runs) === 'thought-open',
  );
  const generation = await generate(machine, prompt, params, parser, control);
  return {
    reason: generation.reason,
    promptTokens: prompt.length,
    cachedTokens,
    thoughtTokens: parser.thoughtTokens,
    answerTokens: parser.answerTokens,
    steps: parser.thoughtTokens + parser.answerTokens,
    firstTokenMs: generation.firstTokenAt - start,
    generationMs: generation.lastTokenAt - generation.firstTokenAt,
    usedTokens: machine.sequence.nextTokenIndex,
  };
}

interface Generation {
  readonly reason: ChatResult['reason'];
  readonly firstTokenAt: number;
  readonly lastTokenAt: number;
}

async function generate(
  { model, sequence }: ChatMachine,
  prompt: Token[],
  params: ChatParams,
  parser: OutputParser,
  { signal, pass, emit, wantsAnswer }: ChatControl,
): Promise<Generation> {
  let limit = Math.min(params.maxTokens ?? Infinity, sequence.contextSize - prompt.length - 1);
  const generated: Token[] = [];
  const tokens = sequence.evaluate(prompt.slice(-1), evaluateOptions(params.sampling, generated));
  let firstTokenAt = 0;
  let lastTokenAt = 0;
  // What the next step evaluates in place of the token just sampled: the way to put words into the model's mouth.
  let replacement: Token[] | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      const put = replacement;
      const { value: token, done } = await pass.step(() => tokens.next(put));
      lastTokenAt = performance.now();
      firstTokenAt ||= lastTokenAt;
      replacement = undefined;
      if (done === true || model.isEogToken(token)) return finish('stop');
      generated.push(token);
      parser.push(token).forEach(emit);
      const closing = parser.inThought ? thoughtEnd() : undefined;
      if (closing) {
        parser.endThought(closing).forEach(emit);
        replacement = [token, ...model.tokenize('\n</think>\n\n', true)];
        // These fill the window too.
        limit -= replacement.length - 1;
      }
      if (generated.length >= limit) return finish('length');
    }
  } finally {
    await tokens.return();
  }

  function thoughtEnd(): 'budget' | 'user' | undefined {
    if (wantsAnswer()) return 'user';
    return parser.thoughtTokens >= (params.thoughtBudget ?? Infinity) ? 'budget' : undefined;
  }

  function finish(reason: ChatResult['reason']): Generation {
    parser.end().forEach(emit);
    return { reason, firstTokenAt, lastTokenAt };
  }
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
