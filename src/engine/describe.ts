/** A loaded model as the host is told of it. */
import type { LlamaModel } from 'node-llama-cpp';
import * as v from 'valibot';
import type { ModelInfo } from '../protocol/engine.ts';
import { windowsOf } from '../planner/scaling.ts';
import type { ModelShape } from '../planner/shape.ts';
import type { WindowPlan } from '../planner/window.ts';

export function describeModel(
  path: string,
  model: LlamaModel,
  shape: ModelShape,
  /** Of the context as it was made. */
  contextSize: number,
  plan: WindowPlan,
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
    contextSize,
    trainedContext: windowsOf(shape).native,
    largestContext: Math.max(contextSize, plan.largest),
    yarnFactor: Math.max(plan.yarnFactor, shape.bakedFactor),
    kvType: plan.kvType,
    thinking: shape.thinking ?? 'never',
    tools: metadata.tokenizer.chat_template?.includes('tools') ?? false,
    infill: model.tokens.infill.prefix !== null && model.tokens.infill.middle !== null,
    ...samplingOf(metadata.general),
  };
}

const zeroToOne = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Keys under `general.sampling` of newer files. A top-k of -1 stands for none. */
const ownSampling = v.object({
  temp: v.fallback(v.optional(v.pipe(v.number(), v.minValue(0))), undefined),
  top_p: v.fallback(v.optional(zeroToOne), undefined),
  top_k: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.transform((k) => Math.max(0, k)))), undefined),
  min_p: v.fallback(v.optional(zeroToOne), undefined),
});

export function samplingOf(general: object): Pick<ModelInfo, 'sampling'> {
  const read = v.safeParse(ownSampling, 'sampling' in general ? general.sampling : undefined);
  if (!read.success) return {};
  const { temp, top_p: topP, top_k: topK, min_p: minP } = read.output;
  const sampling = Object.fromEntries(Object.entries({ temperature: temp, topP, topK, minP }).filter(([, value]) => value !== undefined));
  return Object.keys(sampling).length > 0 ? { sampling } : {};
}

/** "qwen3 4B Q4_K - Medium" holds the quantisation behind the size. */
function quantisationOf(description: string): string | undefined {
  return /\b(?:I?Q\d\w*|BF16|F16|F32)\b/.exec(description)?.[0];
}
