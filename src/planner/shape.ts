/** What planning must know of a model; `model-shape.ts` reads it from a file. */
import type { ModelInfo } from '../protocol/engine.ts';

export interface ModelShape {
  readonly architecture: string;
  /** By what the template does; undefined without one. */
  readonly thinking: ModelInfo['thinking'] | undefined;
  /** `context_length` of the file, tokens. */
  readonly declaredContext: number;
  /** Where it is known better than the file says it: tokens as trained, and up to which a window may grow. */
  readonly windows?: { readonly native: number; readonly largest: number };
  /** Base of the rotary position embedding; undefined where there is none, and nothing for YaRN to stretch. */
  readonly ropeBase: number | undefined;
  /** By how much the file itself stretches positions; 1: not at all. */
  readonly bakedFactor: number;
  readonly layers: number;
  readonly heads: number;
  readonly embedding: number;
  readonly vocabulary: number;
  /** Keys and values together that a token leaves in all layers. */
  readonly kvValues: number;
  readonly weights: Weights;
}

/** Bytes. */
export interface Weights {
  readonly total: number;
  /** Of one block, on average. */
  readonly layer: number;
  /** Of the output matrix, which goes to the GPU after the last block; the embedding's where both are one. */
  readonly output: number;
}
