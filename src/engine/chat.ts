/** One chat turn: prompt, prefill in chunks, generation (generate.ts), parsing. */
import type { LlamaModel } from 'node-llama-cpp';
import type { ChatEvent, ChatParams, ChatResult, ModelInfo } from '../protocol/engine.ts';
import { PonderError } from '../base/errors.ts';
import { generate } from './generate.ts';
import { openGrammar, without } from './grammar.ts';
import { OutputParser, type MarkerTokens } from './output-parser.ts';
import { prefill, type Reader } from './prefill.ts';
import type { Pass } from './scheduler.ts';
import type { Snapshots } from './snapshots.ts';
import type { ChatTemplate } from './template.ts';
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

/**
 * @throws PonderError `prompt-too-long`, `bad-message` for a grammar that is none; an AbortError when the signal aborts, after at most one chunk or token.
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
  const { model, markers } = machine;
  const grammar = params.grammar === undefined ? undefined : await openGrammar(model, params.grammar);
  const { pass, emit } = control;
  const restored = (await machine.snapshots?.restore(machine, prompt, pass)) ?? 0;
  const cachedTokens = await prefill(machine, prompt, pass, (done, cached) =>
    emit({ type: 'reading', done, total: prompt.length - 1, cached, ...(restored > 0 ? { restored } : {}) }),
  );
  const ending = promptEnding(runs);
  // A hybrid model opens its thought itself, which a grammar would not let it.
  const opens = grammar !== undefined && params.thinking && machine.thinking === 'hybrid' && ending === 'plain';
  const parser = new OutputParser(markers, (tokens) => model.detokenize(tokens), opens || ending === 'thought-open', grammar !== undefined);
  const marks = new Set(Object.values(markers).filter((token) => token !== undefined));
  const generation = await generate(
    {
      model,
      sequence: machine.sequence,
      threads: machine.threads,
      prompt,
      params,
      grammar: grammar && { state: grammar, bias: without(model, marks), noBias: without(model, []) },
      parser,
      isMark: (token) => marks.has(token) || model.getTokenAttributes(token).control,
      opening: opens ? model.tokenize('<think>\n', true) : [],
    },
    control,
  );
  return {
    reason: generation.reason,
    promptTokens: prompt.length,
    cachedTokens,
    thoughtTokens: parser.thoughtTokens,
    answerTokens: parser.answerTokens,
    steps: generation.steps,
    firstTokenMs: generation.firstTokenAt - start,
    generationMs: generation.lastTokenAt - generation.firstTokenAt,
    usedTokens: machine.sequence.nextTokenIndex,
  };
}
