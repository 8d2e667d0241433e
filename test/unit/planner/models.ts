/** Models to plan for, as their files describe them. */
import type { ModelShape } from '../../../src/planner/shape.ts';

/** Q4_K_M: 36 blocks in 2.1 GB, and 0.4 GB for the embedding, whose matrix is the output's too. */
const qwen3At4B = {
  architecture: 'qwen3',
  bakedFactor: 1,
  layers: 36,
  heads: 32,
  embedding: 2560,
  vocabulary: 151_936,
  kvValues: 73_728,
  weights: { total: 2_497_000_000, layer: 60_000_000, output: 319_000_000 },
} as const;

export const hybrid: ModelShape = { ...qwen3At4B, thinking: 'hybrid', declaredContext: 40_960, ropeBase: 1_000_000 };
export const thinking2507: ModelShape = { ...qwen3At4B, thinking: 'always', declaredContext: 262_144, ropeBase: 5_000_000 };
export const instruct2507: ModelShape = { ...qwen3At4B, thinking: 'never', declaredContext: 262_144, ropeBase: 5_000_000 };

/** The test fixture: a hybrid that was trained on 512 tokens. */
export const tiny: ModelShape = {
  architecture: 'qwen3',
  thinking: 'hybrid',
  declaredContext: 512,
  ropeBase: 1000,
  bakedFactor: 1,
  layers: 4,
  heads: 4,
  embedding: 128,
  vocabulary: 2688,
  kvValues: 512,
  weights: { total: 1_200_000, layer: 209_000, output: 366_000 },
};

export const GB = 1e9;
/** What is free of a machine's memory when an editor, a browser and a desktop are open. */
export const freeRam = { 8: 4.5 * GB, 16: 11 * GB, 32: 26 * GB } as const;
export const freeVram = { 4: 3.6 * GB, 6: 5.5 * GB, 8: 7.4 * GB, 12: 11.3 * GB, 24: 23 * GB } as const;
