/** One chat turn: prompt, prefill in chunks, generation, parsing. */
import type { LlamaContextSequence, LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChatEvent, ChatParams, ChatResult, Sampling } from '../protocol/engine.ts';
import { PonderError } from '../base/errors.ts';
import { OutputParser, type MarkerTokens } from './output-parser.ts';
import { planChunk } from './planner.ts';
import type { ChatTemplate } from './template.ts';
import { promptEnding } from './thinking-kind.ts';
import { tokenizeRuns } from './tokenize.ts';

export interface ChatMachine {
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly template: ChatTemplate;
  readonly markers: MarkerTokens;
  /** Remembered between turns: reading speed in tokens per ms, 0 when unknown. */
  readingSpeed: number;
}

export interface ChatControl {
  readonly signal: AbortSignal;
  readonly emit: (event: ChatEvent) => void;
  /** True once the user wants the thought closed. */
  readonly wantsAnswer: () => boolean;
}

/** Room kept for the answer, tokens: a prompt that leaves less is refused rather than answered in half a sentence. */
const answerReserve = 64;

/**
 * @throws PonderError `prompt-too-long`; an AbortError when the signal aborts, after at most one chunk or token.
 */
export async function runChat(machine: ChatMachine, params: ChatParams, control: ChatControl): Promise<ChatResult> {
  const start = performance.now();
  const runs = machine.template.render(params);
  const prompt = tokenizeRuns(runs, machine.model);
  const { sequence } = machine;
  if (prompt.length + answerReserve > sequence.contextSize) {
    throw new PonderError(
      'prompt-too-long',
      `The prompt has ${String(prompt.length)} tokens, the window ${String(sequence.contextSize)}.`,
      { tokens: prompt.length, window: sequence.contextSize },
    );
  }
  const cachedTokens = await prefill(machine, prompt, control);
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
    firstTokenMs: generation.firstTokenAt - start,
    generationMs: generation.lastTokenAt - generation.firstTokenAt,
    usedTokens: sequence.nextTokenIndex,
  };
}

/** Reads all of the prompt but its last token, reusing what the KV cache holds. Returns the tokens reused. */
async function prefill(machine: ChatMachine, prompt: Token[], { signal, emit }: ChatControl): Promise<number> {
  const { sequence } = machine;
  const total = prompt.length - 1;
  await sequence.adaptStateToTokens(prompt.slice(0, total), false);
  const cached = sequence.nextTokenIndex;
  emit({ type: 'reading', done: cached, total, cached });
  for (let done = cached; done < total; ) {
    signal.throwIfAborted();
    const chunk = prompt.slice(done, Math.min(total, done + planChunk(machine.readingSpeed, sequence.context.batchSize)));
    const before = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(chunk, { contextShift: noShift });
    machine.readingSpeed = chunk.length / Math.max(0.1, performance.now() - before);
    done += chunk.length;
    emit({ type: 'reading', done, total, cached });
  }
  return cached;
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
  { signal, emit, wantsAnswer }: ChatControl,
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
      const { value: token, done } = await tokens.next(replacement);
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

/** llama.cpp would drop the beginning of the prompt in silence; lengths are checked before, so this is a defect. */
const noShift = {
  strategy: (): never => {
    throw new PonderError('internal', 'The window overflowed during generation.');
  },
};
