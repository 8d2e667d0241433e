/** What the planner must know of a model that is not here yet: from the catalogue's figures. */
import type { ModelShape } from '../../planner/shape.ts';
import { sizeOfFile } from '../catalogue/catalogue.ts';
import type { CatalogueFile, CatalogueModel } from '../catalogue/schema.ts';

/** A model as fit needs it, whether from the catalogue or from a file's header. */
export interface FitModel {
  readonly shape: ModelShape;
  /** Of the blocks' weights, what a token meets: 1, less in a mixture of experts. */
  readonly activeShare: number;
}

/** Bits per weight, scales included, of the embedding's matrix and of the output's. Quantisers keep the output finer. */
const matrixBits: Readonly<Record<string, readonly [embedding: number, output: number]>> = {
  Q4_K_M: [4.5, 6.5625],
  Q5_K_M: [5.5, 6.5625],
  Q6_K: [6.5625, 6.5625],
  Q8_0: [8.5, 8.5],
  F16: [16, 16],
  BF16: [16, 16],
};

export function catalogueModel(model: CatalogueModel, file: CatalogueFile): FitModel {
  const { layers, heads, embedding, vocabulary, kvValuesPerToken, tied } = model.shape;
  const { bytes: total } = sizeOfFile(file);
  const values = vocabulary * embedding;
  const [embeddingBits, outputBits] = matrixBits[file.quantisation] ?? [(8 * total) / model.parameters, (8 * total) / model.parameters];
  const output = (values * outputBits) / 8;
  const blocks = Math.max(0, total - output - (tied ? 0 : (values * embeddingBits) / 8));
  const dense = values * (tied ? 1 : 2);
  const { native, extended } = model.window;
  return {
    shape: {
      architecture: model.family,
      thinking: model.thinking,
      declaredContext: native,
      windows: { native, largest: extended },
      // Whatever it is: the window is known, and that YaRN can stretch it.
      ropeBase: 1_000_000,
      bakedFactor: 1,
      layers,
      heads,
      embedding,
      vocabulary,
      kvValues: kvValuesPerToken,
      weights: { total, layer: blocks / layers, output },
    },
    activeShare: model.activeParameters === undefined ? 1 : Math.min(1, Math.max(0, (model.activeParameters - dense) / (model.parameters - dense))),
  };
}
