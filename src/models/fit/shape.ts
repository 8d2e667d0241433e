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
  const { parameters, activeParameters, window, thinking, family, shape } = model;
  const values = shape.vocabulary * shape.embedding * (shape.tied ? 1 : 2);
  return {
    shape: shapeFrom({ ...shape, architecture: family, thinking, window, bytes: sizeOfFile(file).bytes, quantisation: file.quantisation, bits: (8 * sizeOfFile(file).bytes) / parameters }),
    activeShare: activeParameters === undefined ? 1 : Math.min(1, Math.max(0, (activeParameters - values) / (parameters - values))),
  };
}

/** What the header of a file says that lies here already. */
export interface HeaderFacts {
  readonly architecture: string;
  /** Of all parts, bytes. */
  readonly bytes: number;
  readonly quantisation?: string;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Of keys and values each. */
  readonly headSize: number;
  readonly embedding: number;
  readonly vocabulary: number;
  /** `context_length`, tokens. */
  readonly context: number;
  /** Whether there is no output matrix of its own. */
  readonly tied: boolean;
  /** Of a mixture of experts: those that a token meets, of all. */
  readonly experts?: { readonly used: number; readonly all: number };
}

/** Nearly all of a mixture's blocks are its experts, so their share stands for the blocks'. */
export function headerModel(facts: HeaderFacts): FitModel {
  const { layers, kvHeads, headSize, context, experts } = facts;
  const window = { native: context, extended: context };
  return {
    shape: shapeFrom({ ...facts, window, kvValuesPerToken: 2 * layers * kvHeads * headSize, thinking: undefined, bits: 8 }),
    activeShare: experts === undefined ? 1 : Math.min(1, experts.used / Math.max(1, experts.all)),
  };
}

interface Figures extends Pick<ModelShape, 'architecture' | 'thinking' | 'layers' | 'heads' | 'embedding' | 'vocabulary'> {
  readonly bytes: number;
  readonly quantisation?: string;
  /** Of a weight on average, where the quantisation tells nothing of the matrices. */
  readonly bits: number;
  readonly kvValuesPerToken: number;
  readonly tied: boolean;
  readonly window: { readonly native: number; readonly extended: number };
}

function shapeFrom({ architecture, thinking, layers, heads, embedding, vocabulary, bytes, quantisation = '', bits, kvValuesPerToken, tied, window }: Figures): ModelShape {
  const values = vocabulary * embedding;
  const [embeddingBits, outputBits] = matrixBits[quantisation] ?? [bits, bits];
  const output = (values * outputBits) / 8;
  const blocks = Math.max(0, bytes - output - (tied ? 0 : (values * embeddingBits) / 8));
  return {
    architecture,
    thinking,
    declaredContext: window.native,
    windows: { native: window.native, largest: window.extended },
    // Whatever it is: the window is known, and by that whether YaRN may stretch it.
    ropeBase: 1_000_000,
    bakedFactor: 1,
    layers,
    heads,
    embedding,
    vocabulary,
    kvValues: kvValuesPerToken,
    weights: { total: bytes, layer: blocks / layers, output },
  };
}
