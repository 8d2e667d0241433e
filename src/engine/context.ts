/** Opens contexts of llama.cpp. */
import { GgmlType } from 'node-llama-cpp';
import type { LlamaContext, LlamaContextOptions, LlamaModel } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import type { KvType } from '../protocol/engine.ts';
import { availableRam } from './memory-facts.ts';
import { planBatchSize, planFlashAttention, smallerContexts } from './planner.ts';
import type { ContextShape } from './planner/memory.ts';

const ggmlTypes = { f16: 'F16', q8_0: 'Q8_0', q4_0: 'Q4_0' } as const satisfies Record<KvType, string>;

/** A context for little at a time, as fine as can be. */
export function plainShape(model: LlamaModel, contextSize: number): ContextShape {
  const onGpu = model.gpuLayers > 0;
  return { contextSize, kvType: 'f16', batchSize: planBatchSize(onGpu, contextSize), plain: !onGpu };
}

/** @throws PonderError `context-too-large` */
export async function openContext(model: LlamaModel, shape: ContextShape, threads: number): Promise<LlamaContext> {
  try {
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
    // "Deprecated" is how node-llama-cpp marks what it holds to be unstable. These types were tried, on the CPU.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    experimentalKvCacheKeyType: ggmlTypes[kvType],
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    experimentalKvCacheValueType: ggmlTypes[kvType],
  };
}

/** Bytes that a context needs and has, on the device that is short, and the largest smaller window that fits. */
async function shortage(
  model: LlamaModel,
  shape: ContextShape,
): Promise<{ needed: number; free: number; fits?: { contextSize: number; needed: number } }> {
  const onGpu = model.gpuLayers > 0;
  const free = onGpu ? (await model.llama.getVramState()).free : await availableRam(model.llama);
  const need = async (contextSize: number): Promise<number> => {
    const batchSize = Math.min(shape.batchSize, contextSize);
    const { flashAttention } = optionsOf(model, shape);
    const estimate = await model.fileInsights.estimateContextResourceRequirementsV2({
      contextSize,
      modelGpuLayers: model.gpuLayers,
      batchSize,
      kvCacheKeyType: GgmlType[ggmlTypes[shape.kvType]],
      kvCacheValueType: GgmlType[ggmlTypes[shape.kvType]],
      ...(flashAttention === undefined ? {} : { flashAttention }),
    });
    return onGpu ? estimate.gpuVram : estimate.cpuRam;
  };
  const needed = await need(shape.contextSize);
  for (const size of smallerContexts(shape.contextSize)) {
    const less = await need(size);
    if (less < free) return { needed, free, fits: { contextSize: size, needed: less } };
  }
  return { needed, free };
}
