/** What completions run on: a context of their own on the chat's model, or a model of their own. */
import type { LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import type { InfillInfo, InfillSource } from '../protocol/engine.ts';
import { openContext, plainShape } from './context.ts';
import { fingerprint } from './fingerprint.ts';
import { markersOf, openModel, readTemplate, specialToken, threadsFor, type Loaded, type LoadOptions } from './llama.ts';
import { planInfillContexts } from './planner.ts';
import type { Reader } from './prefill.ts';
import type { ChatTemplate } from './template.ts';

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
  /** Tokens per ms, 0 when unknown. */
  writingSpeed: number;
  dispose(): Promise<void>;
}

/**
 * @param chat what is loaded for chats, whose model is shared unless the source names another
 * @throws PonderError `model-not-chosen`, `model-no-infill`, and what `openModel` and `openContext` throw
 */
export async function openInfill(source: InfillSource, chat: Loaded | undefined, options: LoadOptions): Promise<InfillMachine> {
  if (source.model) {
    const model = await openModel(source.model, source.contextSize, options);
    return machineOf(model, source, threadsFor(source.model, model.llama), source.model.modelPath, () => model.llama.dispose());
  }
  if (!chat) throw new PonderError('model-not-chosen', 'No model is loaded.');
  const { info, machine } = chat;
  return machineOf(machine.model, source, info.threads, info.path, (context) => context.dispose());
}

async function machineOf(
  model: LlamaModel,
  source: InfillSource,
  threads: number,
  path: string,
  free: (context: LlamaContext) => Promise<void>,
): Promise<InfillMachine> {
  const holes = holeTokens(model);
  const template = chatTemplate(model);
  if (!holes && !template) {
    if (source.model) await model.llama.dispose();
    throw new PonderError('model-no-infill', 'The model has neither infill tokens nor a chat template.');
  }
  const context = await largestContext(model, source.contextSize, threads);
  const { thinkStart, thinkEnd, toolStart, toolEnd } = markersOf(model);
  return {
    info: {
      name: model.fileInfo.metadata.general.name ?? model.filename ?? 'model',
      fingerprint: await fingerprint(path),
      contextSize: context.contextSize,
      gpu: model.gpuLayers === 0 || model.llama.gpu === false ? 'cpu' : model.llama.gpu,
      forms: { file: holes !== undefined, repository: holes?.repository !== undefined, chat: template !== undefined },
    },
    model,
    holes,
    template,
    sequence: context.getSequence(),
    stops: new Set([thinkStart, thinkEnd, toolStart, toolEnd].filter((token) => token !== undefined)),
    readingSpeed: 0,
    writingSpeed: 0,
    dispose: () => free(context),
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
