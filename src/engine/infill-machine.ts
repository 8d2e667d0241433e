/** What completions run on: a context of their own on the chat's model, or a model of their own. */
import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import type { InfillInfo, InfillSource, ModelParams } from '../protocol/engine.ts';
import { openContext, plainShape } from './context.ts';
import { fingerprint } from './fingerprint.ts';
import type { ChatModel, Gate } from './chat-model.ts';
import { markersOf, readTemplate, requireDevices, specialToken, type LoadOptions } from './llama.ts';
import type { ModelPool, Usage } from './model-pool.ts';
import { planInfillContexts } from './planner.ts';
import type { Reader } from './prefill.ts';
import type { ChatTemplate } from './template.ts';
import type { ThreadControl } from './threads/thread-control.ts';
import { ThreadTuner } from './threads/tuner.ts';
import { checkGgufHeader } from './gguf-header.ts';

/** The tokens around a hole, each looked up by its text. */
export interface HoleTokens {
  readonly prefix: Token;
  readonly suffix: Token;
  readonly middle: Token;
  /** What goes before other files of the repository, where the model knows it. */
  readonly repository: { readonly name: Token; readonly file: Token } | undefined;
}

export interface InfillMachine extends Reader {
  readonly info: InfillInfo;
  readonly model: LlamaModel;
  readonly holes: HoleTokens | undefined;
  readonly template: ChatTemplate | undefined;
  /** Tokens that no code begins with: a thought, a tool call. They end a completion. */
  readonly stops: ReadonlySet<Token>;
  /** The chat's where the model is. */
  readonly threads: ThreadControl;
  /** For a model of its own. */
  readonly tuner: ThreadTuner | undefined;
  /** Tokens per ms, 0 when unknown. */
  writingSpeed: number;
  dispose(): Promise<void>;
}

interface Ground {
  readonly model: LlamaModel;
  readonly threads: ThreadControl;
  readonly tuner?: ThreadTuner;
  /** Of the model's file. */
  readonly path: string;
  /** Hears what the context takes. */
  readonly onUsage: (usage: Usage) => void;
  /** Gives up what the context was made of. */
  readonly release: () => Promise<void>;
}

/**
 * @param chat what is loaded for chats, whose model is shared unless the source names another
 * @param gate lets a context be made when nothing else goes on
 * @throws PonderError `model-not-chosen`, `model-no-infill`, and what `ModelPool` and `openContext` throw
 */
export async function openInfill(source: InfillSource, chat: ChatModel | undefined, pool: ModelPool, options: LoadOptions, gate: Gate): Promise<InfillMachine> {
  const ground = source.model ? await groundOf(source.model, source.contextSize, pool, options) : groundOn(chat);
  try {
    return await machineOf(ground, source, pool, gate);
  } catch (error) {
    await ground.release();
    throw error;
  }
}

async function groundOf(params: ModelParams, contextSize: number, pool: ModelPool, options: LoadOptions): Promise<Ground> {
  await checkGgufHeader(params.modelPath);
  const backend = await pool.backend(params.gpu);
  try {
    await requireDevices(backend.value, params);
    const { value, release } = await pool.model(backend.value, params, { gpuLayers: params.gpuLayers ?? { fitContext: { contextSize } } }, options);
    const tuner = await ThreadTuner.open(params, backend.value, value.model, options.log);
    return {
      model: value.model,
      threads: tuner.control,
      tuner,
      path: params.modelPath,
      onUsage: () => undefined,
      release: async () => {
        await release();
        await backend.release();
      },
    };
  } catch (error) {
    await backend.release();
    throw error;
  }
}

function groundOn(chat: ChatModel | undefined): Ground {
  if (!chat) throw new PonderError('model-not-chosen', 'No model is loaded.');
  const { info, machine } = chat;
  return { model: machine.model, threads: machine.threads, path: info.path, onUsage: (usage) => (chat.beside = usage), release: () => Promise.resolve() };
}

async function machineOf({ model, threads, tuner, path, onUsage, release }: Ground, source: InfillSource, pool: ModelPool, gate: Gate): Promise<InfillMachine> {
  const holes = holeTokens(model);
  const template = chatTemplate(model);
  if (!holes && !template) throw new PonderError('model-no-infill', 'The model has neither infill tokens nor a chat template.');
  const name = await fingerprint(path);
  const { value: context, usage } = await pool.measured(model.llama, () => gate(() => largestContext(model, source.contextSize, threads.most)));
  onUsage(usage);
  const { thinkStart, thinkEnd, toolStart, toolEnd } = markersOf(model);
  return {
    info: {
      name: model.fileInfo.metadata.general.name ?? model.filename ?? 'model',
      fingerprint: name,
      contextSize: context.contextSize,
      gpu: model.gpuLayers === 0 || model.llama.gpu === false ? 'cpu' : model.llama.gpu,
      forms: { file: holes !== undefined, repository: holes?.repository !== undefined, chat: template !== undefined },
    },
    model,
    holes,
    template,
    sequence: context.getSequence(),
    stops: new Set([thinkStart, thinkEnd, toolStart, toolEnd].filter((token) => token !== undefined)),
    threads,
    tuner,
    readingSpeed: 0,
    writingSpeed: 0,
    dispose: async () => {
      await context.dispose();
      onUsage({ cpuRam: 0, gpuVram: 0 });
      await release();
    },
  };
}

async function largestContext(model: LlamaModel, contextSize: number, threads: number): Promise<LlamaContext> {
  const sizes = planInfillContexts(contextSize);
  for (const [index, size] of sizes.entries()) {
    try {
      return await openContext(model, plainShape(model, size), threads);
    } catch (error) {
      if (index === sizes.length - 1) throw error;
    }
  }
  throw new PonderError('internal', 'No size of context was tried.');
}

function holeTokens(model: LlamaModel): HoleTokens | undefined {
  const { prefix, suffix, middle } = model.tokens.infill;
  if (prefix === null || suffix === null || middle === null) return undefined;
  const name = specialToken(model, '<|repo_name|>');
  const file = specialToken(model, '<|file_sep|>');
  return { prefix, suffix, middle, repository: name !== undefined && file !== undefined ? { name, file } : undefined };
}

function chatTemplate(model: LlamaModel): ChatTemplate | undefined {
  try {
    return readTemplate(model);
  } catch {
    return undefined;
  }
}
