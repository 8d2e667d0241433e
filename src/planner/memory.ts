/** What a context takes. The formulas were fitted to what llama.cpp allocates for Qwen3-4B's shape, and met it to 1 %. */
import type { KvType } from '../protocol/engine.ts';
import type { ModelShape } from './shape.ts';

export interface ContextShape {
  /** Tokens. */
  readonly contextSize: number;
  readonly kvType: KvType;
  /** Tokens read at a time. */
  readonly batchSize: number;
  /** Attention whose scores are stored, see `planFlashAttention`; else flash attention. */
  readonly plain: boolean;
}

/** Bytes per value: quantised ones carry a 16-bit scale for each 32. */
const kvBytes: Record<KvType, number> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };

/** Keys and values of a full window, bytes. */
export function cacheBytes(shape: ModelShape, { contextSize, kvType }: ContextShape): number {
  return contextSize * shape.kvValues * kvBytes[kvType];
}

/**
 * Buffers for the computation of one batch, bytes. Either the logits are the most, or attention: plain, a score for
 * each head and token of the window, and a mask; flash, the mask in half precision alone.
 */
export function computeBytes({ vocabulary, embedding, heads }: ModelShape, { contextSize, batchSize, plain }: ContextShape): number {
  const logits = 4 * vocabulary + 8 * embedding;
  const attention = plain ? 4 * contextSize * (heads + 1) + 28 * embedding : 2 * contextSize + 64 * embedding;
  return batchSize * Math.max(logits, attention);
}

export interface Placement {
  readonly gpu: number;
  readonly ram: number;
}

/** Where the bytes of model and context lie, with some of the layers on the GPU; `layers + 1` puts the output there too. */
export function place(shape: ModelShape, context: ContextShape, gpuLayers: number): { readonly weights: Placement; readonly context: Placement } {
  const { layers, weights } = shape;
  const blocks = Math.min(gpuLayers, layers);
  const cache = cacheBytes(shape, context);
  const compute = computeBytes(shape, context);
  const onGpu = blocks * weights.layer + (gpuLayers > layers ? weights.output : 0);
  // The embedding stays in RAM also where it is the output's matrix as well.
  const inRam = gpuLayers > layers ? weights.total - layers * weights.layer : weights.total - onGpu;
  return {
    weights: { gpu: onGpu, ram: inRam },
    context: {
      gpu: (cache * blocks) / layers + (gpuLayers > 0 ? compute : 0),
      ram: (cache * (layers - blocks)) / layers + (gpuLayers > layers ? 0 : compute),
    },
  };
}
