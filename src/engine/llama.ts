/** What is loaded from llama.cpp: the backend and a model; and of a model, what a chat needs. */
import { availableParallelism } from 'node:os';
import { getLlama, InsufficientMemoryError, LlamaLogLevel, NoBinaryFoundError } from 'node-llama-cpp';
import type { Llama, LlamaModel, LlamaModelOptions, LlamaOptions, Token } from 'node-llama-cpp';
import type { GpuBackend, ModelInfo, ModelParams } from '../protocol/engine.ts';
import type { LogLevel } from '../base/log.ts';
import { PonderError } from '../base/errors.ts';
import { addedBinaries } from './binaries.ts';
import type { ChatMachine } from './chat.ts';
import { hasNvidia } from './nvidia.ts';
import type { MarkerTokens } from './output-parser.ts';
import { ChatTemplate } from './template.ts';

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
 * `auto` takes the best there is; anything else is that or nothing.
 * @throws PonderError `gpu-unavailable`
 */
export async function openBackend(gpu: GpuBackend, log: LoadOptions['log']): Promise<Llama> {
  // node-llama-cpp tries CUDA only where it knows the place of the runtime; who has installed it wants it tried.
  if (gpu === 'auto' && addedBinaries().some((name) => name.endsWith('-cuda')) && hasNvidia()) {
    try {
      return await open('cuda', log);
    } catch (error) {
      log('warn', `CUDA is installed and cannot be used: ${String(error)}`);
    }
  }
  const wanted = gpu === 'cpu' ? false : gpu;
  let llama;
  try {
    llama = await open(wanted, log);
  } catch (error) {
    if (error instanceof NoBinaryFoundError) throw unavailable(gpu, error.message);
    throw error;
  }
  // Asking for Metal on Linux gives the CPU without a word.
  if (wanted !== 'auto' && llama.gpu !== wanted) {
    await llama.dispose();
    throw unavailable(gpu, `The ${gpu} backend is not available here.`);
  }
  log('info', `backend: asked for ${gpu}, got ${llama.gpu === false ? 'cpu' : llama.gpu}`);
  return llama;
}

/**
 * The drivers leave out in silence what is not there.
 * @throws PonderError `gpu-unavailable` where there are fewer GPUs than were asked for
 */
export async function requireDevices(llama: Llama, { gpu, devices }: ModelParams): Promise<void> {
  if (devices === undefined || gpu === 'cpu') return;
  const obtained = llama.gpu === false ? [] : await llama.getGpuDeviceNames();
  if (obtained.length >= devices.length) return;
  throw new PonderError('gpu-unavailable', `Of the GPUs ${devices.join(', ')} only ${String(obtained.length)} can be used.`, { gpu, devices: devices.join(', ') });
}

function open(gpu: NonNullable<LlamaOptions['gpu']>, log: LoadOptions['log']): Promise<Llama> {
  return getLlama({
    gpu,
    // Under Remote-SSH and WSL the library would start compiling; only what is shipped may run.
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: availableParallelism(),
    logger: (level, message) => log(logLevel(level), message.trimEnd()),
  });
}

function unavailable(gpu: GpuBackend, message: string): PonderError {
  // The ways out depend on whether its binaries are there at all.
  return new PonderError('gpu-unavailable', message, { gpu, ...(gpu === 'cuda' && addedBinaries().length > 0 ? { installed: 1 } : {}), ...(hasNvidia() ? { nvidia: 1 } : {}) });
}

function logLevel(level: LlamaLogLevel): LogLevel {
  if (level === LlamaLogLevel.fatal || level === LlamaLogLevel.error) return 'error';
  return level === LlamaLogLevel.warn ? 'warn' : 'debug';
}

/** @throws PonderError `context-too-large` when there is no room for so many layers, `model-unreadable` */
export async function loadModel(
  llama: Llama,
  { modelPath }: ModelParams,
  { gpuLayers, ...how }: Required<Pick<LlamaModelOptions, 'gpuLayers'>> & Pick<LlamaModelOptions, 'metadataOverrides'>,
  { signal, onProgress }: Pick<LoadOptions, 'signal' | 'onProgress'>,
): Promise<LlamaModel> {
  try {
    const model = await llama.loadModel({
      ...how,
      modelPath,
      gpuLayers: llama.gpu === false ? 0 : gpuLayers,
      loadSignal: signal,
      onLoadProgress: onProgress,
    });
    signal.throwIfAborted();
    return model;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InsufficientMemoryError) throw new PonderError('context-too-large', error.message);
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
