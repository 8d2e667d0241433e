/** Opens contexts of llama.cpp. */
import type { LlamaContext, LlamaContextOptions, LlamaModel } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import type { KvType } from '../protocol/engine.ts';
import { availableRam } from './memory-facts.ts';
import { shapeOf } from './model-shape.ts';
import { planBatchSize, planFlashAttention, smallerContexts } from './planner.ts';
import { place, type ContextShape } from '../planner/memory.ts';

const ggmlTypes = { f16: 'F16', q8_0: 'Q8_0', q4_0: 'Q4_0' } as const satisfies Record<KvType, string>;

/** A context for little at a time, as fine as can be. */
export function plainShape(model: LlamaModel, contextSize: number): ContextShape {
  const onGpu = model.gpuLayers > 0;
  return { contextSize, kvType: 'f16', batchSize: planBatchSize(onGpu, contextSize), plain: !onGpu };
}

/** So many times what is free is not worth a try: llama.cpp takes a minute to find out. */
const hopeless = 4;

/**
 * @param threads most that it can ever have; `llama.maxThreads` says how many it has
 * @throws PonderError `context-too-large`
 */
export async function openContext(model: LlamaModel, shape: ContextShape, threads: number): Promise<LlamaContext> {
  try {
    const { needed, free } = await shortage(model, shape);
    if (needed > hopeless * free) throw new Error(`${String(needed)} bytes are needed, and ${String(free)} are free.`);
    model.llama.maxThreads = threads;
    // A second try with the same size would fail like the first.
    return await model.createContext({ ...optionsOf(model, shape), threads, failedCreationRemedy: false });
  } catch (error) {
    // A real allocation failure is a plain Error; both mean the same to a user.
    const { needed, free, fits } = await shortage(model, shape);
    throw new PonderError('context-too-large', `A context of ${String(shape.contextSize)} tokens does not fit: ${String(error)}`, {
      asked: shape.contextSize,
      needed,
      free,
      ...(fits ? { fits: fits.contextSize, fitsNeeded: fits.needed } : {}),
    });
  }
}

function optionsOf(model: LlamaModel, { contextSize, batchSize, kvType }: ContextShape): LlamaContextOptions {
  return {
    contextSize,
    batchSize,
    // Values are quantised under flash attention only.
    flashAttention: kvType === 'f16' ? planFlashAttention(model.gpuLayers > 0) : true,
    // These types were tried, on the CPU.
    /* eslint-disable @typescript-eslint/no-deprecated -- node-llama-cpp marks so what it holds to be unstable; nothing is to take its place */
    experimentalKvCacheKeyType: ggmlTypes[kvType],
    experimentalKvCacheValueType: ggmlTypes[kvType],
    /* eslint-enable @typescript-eslint/no-deprecated */
  };
}

/** Bytes that a context needs and has, on the device that is short, and the largest smaller window that fits. */
async function shortage(
  model: LlamaModel,
  shape: ContextShape,
): Promise<{ needed: number; free: number; fits?: { contextSize: number; needed: number } }> {
  const device = model.gpuLayers > 0 ? 'gpu' : 'ram';
  const free = device === 'gpu' ? (await model.llama.getVramState()).free : await availableRam(model.llama);
  const modelShape = shapeOf(model.fileInfo);
  const need = (contextSize: number): number =>
    place(modelShape, { ...shape, contextSize, batchSize: Math.min(shape.batchSize, contextSize) }, model.gpuLayers).context[device];
  const needed = need(shape.contextSize);
  const fits = smallerContexts(shape.contextSize)
    .map((contextSize) => ({ contextSize, needed: need(contextSize) }))
    .find((less) => less.needed < free);
  return { needed, free, ...(fits ? { fits } : {}) };
}
