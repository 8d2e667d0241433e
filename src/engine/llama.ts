/** What is loaded from llama.cpp: the backend, a model, a context; and of these, what a chat needs. */
import { availableParallelism } from 'node:os';
import { getLlama, InsufficientMemoryError, LlamaLogLevel, NoBinaryFoundError } from 'node-llama-cpp';
import type { Llama, LlamaContext, LlamaModel, Token } from 'node-llama-cpp';
import { infillContext, type GpuBackend, type LoadParams, type ModelInfo, type ModelParams } from '../protocol/engine.ts';
import type { LogLevel } from '../base/log.ts';
import { PonderError } from '../base/errors.ts';
import type { ChatMachine } from './chat.ts';
import { checkGgufHeader } from './gguf-header.ts';
import { planBatchSize, planFlashAttention, planThreads, smallerContexts } from './planner.ts';
import type { MarkerTokens } from './output-parser.ts';
import { ChatTemplate } from './template.ts';
import { thinkingKind } from './thinking-kind.ts';

export interface Loaded {
  readonly info: ModelInfo;
  readonly machine: ChatMachine;
  /** Frees the model and every context made of it. */
  dispose(): Promise<void>;
}

export interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
  readonly log: (level: LogLevel, message: string) => void;
}

/**
 * @throws PonderError `gpu-unavailable`, `model-missing`, `model-not-gguf`, `model-unreadable`, `model-not-chat`,
 *   `context-too-large`
 */
export async function load(params: LoadParams, options: LoadOptions): Promise<Loaded> {
  const contextSize = params.contextSize === 'auto' ? 16_384 : params.contextSize;
  const model = await openModel(params, contextSize + infillContext, options);
  const { llama } = model;
  try {
    const template = readTemplate(model);
    const kind = thinkingKind((thinking) => template.render({ messages: [{ role: 'user', content: 'x' }], thinking }));
    const threads = threadsFor(params, llama);
    const context = await openContext(llama, model, contextSize, threads);
    const machine: ChatMachine = {
      model,
      sequence: context.getSequence(),
      template,
      markers: markersOf(model),
      readingSpeed: 0,
    };
    return { info: describe(params.modelPath, model, context, kind, threads), machine, dispose: () => llama.dispose() };
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}

/**
 * A model in a llama.cpp of its own, which disposing `model.llama` frees.
 * @param contextSize tokens of all contexts to come, for which the GPU's layers leave room
 * @throws PonderError as `load` does, but for its template and context
 */
export async function openModel(params: ModelParams, contextSize: number, { signal, onProgress, log }: LoadOptions): Promise<LlamaModel> {
  await checkGgufHeader(params.modelPath);
  const llama = await openBackend(params.gpu, log);
  try {
    const model = await loadModel(llama, params, contextSize, signal, onProgress);
    signal.throwIfAborted();
    return model;
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}

/** Threads as asked for, or as the machine has them. */
export function threadsFor({ threads }: ModelParams, llama: Llama): number {
  return threads ?? planThreads(llama.cpuMathCores, availableParallelism());
}

async function openBackend(gpu: GpuBackend, log: LoadOptions['log']): Promise<Llama> {
  const wanted = gpu === 'cpu' ? false : gpu;
  let llama;
  try {
    llama = await getLlama({
      gpu: wanted,
      // Under Remote-SSH and WSL the library would start compiling; only what is shipped may run.
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: availableParallelism(),
      logger: (level, message) => log(logLevel(level), message.trimEnd()),
    });
  } catch (error) {
    if (error instanceof NoBinaryFoundError) throw new PonderError('gpu-unavailable', error.message, { gpu });
    throw error;
  }
  // Asking for Metal on Linux gives the CPU without a word.
  if (wanted !== 'auto' && llama.gpu !== wanted) {
    await llama.dispose();
    throw new PonderError('gpu-unavailable', `The ${gpu} backend is not available here.`, { gpu });
  }
  return llama;
}

function logLevel(level: LlamaLogLevel): LogLevel {
  if (level === LlamaLogLevel.fatal || level === LlamaLogLevel.error) return 'error';
  return level === LlamaLogLevel.warn ? 'warn' : 'debug';
}

async function loadModel(
  llama: Llama,
  { modelPath, gpuLayers }: ModelParams,
  contextSize: number,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<LlamaModel> {
  try {
    return await llama.loadModel({
      modelPath,
      gpuLayers: llama.gpu === false ? 0 : (gpuLayers ?? { fitContext: { contextSize } }),
      loadSignal: signal,
      onLoadProgress: onProgress,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InsufficientMemoryError) {
      throw new PonderError('context-too-large', error.message, { asked: contextSize });
    }
    throw new PonderError('model-unreadable', `llama.cpp cannot load ${modelPath}: ${String(error)}`, { path: modelPath });
  }
}

/** @throws PonderError `model-not-chat` */
export function readTemplate(model: LlamaModel): ChatTemplate {
  const source = model.fileInfo.metadata.tokenizer.chat_template;
  if (!source) throw new PonderError('model-not-chat', 'The model file has no chat template.');
  return new ChatTemplate(source, {
    isSpecial: (text) => specialToken(model, text) !== undefined,
    bosToken: model.tokens.bosString,
    eosToken: model.tokens.eosString,
  });
}

export function markersOf(model: LlamaModel): MarkerTokens {
  return {
    thinkStart: specialToken(model, '<think>'),
    thinkEnd: specialToken(model, '</think>'),
    toolStart: specialToken(model, '<tool_call>'),
    toolEnd: specialToken(model, '</tool_call>'),
  };
}

/** The one token that a text is when special tokens are on, if it is one. */
export function specialToken(model: LlamaModel, text: string): Token | undefined {
  const tokens = model.tokenize(text, true);
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) return undefined;
  const attributes = model.getTokenAttributes(token);
  return attributes.control || attributes.userDefined ? token : undefined;
}

/** @throws PonderError `context-too-large` */
export async function openContext(llama: Llama, model: LlamaModel, contextSize: number, threads: number): Promise<LlamaContext> {
  const onGpu = model.gpuLayers > 0;
  const options = { contextSize, batchSize: planBatchSize(onGpu, contextSize), flashAttention: planFlashAttention(onGpu), threads };
  try {
    return await model.createContext(options);
  } catch (error) {
    // A real allocation failure is a plain Error; both mean the same to a user.
    const { needed, free, fits } = await memoryFacts(llama, model, contextSize);
    throw new PonderError('context-too-large', `A context of ${String(contextSize)} tokens does not fit: ${String(error)}`, {
      asked: contextSize,
      needed,
      free,
      ...(fits ? { fits: fits.contextSize, fitsNeeded: fits.needed } : {}),
    });
  }
}

/** Bytes that a context needs and has, on the device that is short, and the largest smaller window that fits. */
async function memoryFacts(
  llama: Llama,
  model: LlamaModel,
  contextSize: number,
): Promise<{ needed: number; free: number; fits?: { contextSize: number; needed: number } }> {
  const onGpu = model.gpuLayers > 0;
  const free = onGpu ? (await llama.getVramState()).free : (await llama.getRamState()).free;
  const need = async (size: number): Promise<number> => {
    const estimate = await model.fileInsights.estimateContextResourceRequirementsV2({
      contextSize: size,
      modelGpuLayers: model.gpuLayers,
      batchSize: planBatchSize(onGpu, size),
      flashAttention: planFlashAttention(onGpu),
    });
    return onGpu ? estimate.gpuVram : estimate.cpuRam;
  };
  for (const size of smallerContexts(contextSize)) {
    const less = await need(size);
    if (less < free) return { needed: await need(contextSize), free, fits: { contextSize: size, needed: less } };
  }
  return { needed: await need(contextSize), free };
}

function describe(
  path: string,
  model: LlamaModel,
  context: LlamaContext,
  thinking: ModelInfo['thinking'],
  threads: number,
): ModelInfo {
  const { metadata } = model.fileInfo;
  const quantisation = /\b(?:I?Q\d\w*|BF16|F16|F32)\b/i.exec(model.filename ?? '')?.[0] ?? quantisationOf(model.typeDescription);
  return {
    path,
    name: metadata.general.name ?? model.filename ?? 'model',
    architecture: model.architecture,
    size: model.size,
    ...(quantisation === undefined ? {} : { quantisation }),
    layers: model.fileInsights.totalLayers,
    gpuLayers: model.gpuLayers,
    gpu: model.llama.gpu === false ? 'cpu' : model.llama.gpu,
    threads,
    contextSize: context.contextSize,
    trainedContext: model.trainContextSize,
    largestContext: context.contextSize,
    yarnFactor: 1,
    kvType: 'f16',
    thinking,
    tools: metadata.tokenizer.chat_template?.includes('tools') ?? false,
    infill: model.tokens.infill.prefix !== null && model.tokens.infill.middle !== null,
  };
}

/** "qwen3 4B Q4_K - Medium" holds the quantisation behind the size. */
function quantisationOf(description: string): string | undefined {
  return /\b(?:I?Q\d\w*|BF16|F16|F32)\b/.exec(description)?.[0];
}
