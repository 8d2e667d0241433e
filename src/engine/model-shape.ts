/** Reads from a GGUF what planning must know of its model. */
import { GgmlType } from 'node-llama-cpp';
import type { GgufFileInfo, GgufTensorInfo } from 'node-llama-cpp';
import type { ModelShape, Weights } from '../planner/shape.ts';
import { ChatTemplate } from './template.ts';
import { thinkingKind } from './thinking-kind.ts';

/** Before the model is loaded: only its header has been read. */
export function shapeOf(info: GgufFileInfo): ModelShape {
  const { architectureMetadata: model, metadata, fullTensorInfo, tensorInfo = [] } = info;
  const { block_count: layers = 1, embedding_length: embedding = 1, attention, rope } = model;
  const heads = sum(attention?.head_count ?? 1, 1);
  const width = embedding / heads;
  const pairs = sum(attention?.head_count_kv ?? attention?.head_count ?? 1, layers);
  return {
    architecture: metadata.general.architecture,
    thinking: kindOf(info),
    declaredContext: model.context_length ?? 4096,
    ropeBase: rope?.freq_base ?? (rope?.dimension_count === undefined ? undefined : 10_000),
    bakedFactor: rope?.scaling?.type === 'yarn' ? Math.max(1, rope.scaling.factor ?? 1) : 1,
    layers,
    heads,
    embedding,
    vocabulary: metadata.tokenizer.ggml.tokens.length,
    kvValues: pairs * ((attention?.key_length ?? width) + (attention?.value_length ?? width)),
    weights: weightsOf(fullTensorInfo ?? tensorInfo, layers),
  };
}

/** Token types of GGUF that no plain text becomes: control and user-defined. */
const specialTypes: ReadonlySet<number> = new Set([3, 4]);

function kindOf({ metadata: { tokenizer } }: GgufFileInfo): ModelShape['thinking'] {
  const { tokens, token_type: types } = tokenizer.ggml;
  if (!tokenizer.chat_template) return undefined;
  const special = new Set(tokens.filter((_, index) => specialTypes.has(types[index] ?? 1)));
  try {
    const template = new ChatTemplate(tokenizer.chat_template, { isSpecial: (text) => special.has(text), bosToken: null, eosToken: null });
    return thinkingKind((thinking) => template.render({ messages: [{ role: 'user', content: 'x' }], thinking }));
  } catch {
    return undefined;
  }
}

function weightsOf(tensors: readonly GgufTensorInfo[], layers: number): Weights {
  const bytes = (belongs: (name: string) => boolean): number => tensors.reduce((all, tensor) => (belongs(tensor.name) ? all + bytesOf(tensor) : all), 0);
  const output = bytes((name) => name === 'output.weight');
  return {
    total: bytes(() => true),
    layer: bytes((name) => name.startsWith('blk.')) / layers,
    output: output > 0 ? output : bytes((name) => name === 'token_embd.weight'),
  };
}

/** Bits per weight as llama.cpp stores them, scales included; what is not here is so seldom that 8 will do. */
const bits: Partial<Record<GgmlType, number>> = {
  [GgmlType.F32]: 32,
  [GgmlType.F16]: 16,
  [GgmlType.BF16]: 16,
  [GgmlType.Q8_0]: 8.5,
  [GgmlType.Q6_K]: 6.5625,
  [GgmlType.Q5_0]: 5.5,
  [GgmlType.Q5_1]: 6,
  [GgmlType.Q5_K]: 5.5,
  [GgmlType.Q4_0]: 4.5,
  [GgmlType.Q4_1]: 5,
  [GgmlType.Q4_K]: 4.5,
  [GgmlType.IQ4_NL]: 4.5,
  [GgmlType.IQ4_XS]: 4.25,
  [GgmlType.Q3_K]: 3.4375,
  [GgmlType.Q2_K]: 2.625,
};

function bytesOf({ dimensions, ggmlType }: GgufTensorInfo): number {
  return (dimensions.reduce<number>((all, size) => all * Number(size), 1) * (bits[ggmlType] ?? 8)) / 8;
}

/** A count for each layer, or one that stands for all. */
function sum(counts: number | readonly number[], layers: number): number {
  return typeof counts === 'number' ? counts * layers : counts.reduce((all, count) => all + count, 0);
}
