import { readGgufFileInfo } from 'node-llama-cpp';
import { shapeOf } from '../../src/engine/model-shape.ts';
import { planBatchSize } from '../../src/engine/planner.ts';
import { place } from '../../src/planner/memory.ts';
import type { ModelInfo } from '../../src/protocol/engine.ts';

/** Bytes that the planner expects a context to take, of RAM and GPU memory together. */
export async function predictedContextBytes({ path, gpuLayers }: ModelInfo, contextSize: number): Promise<number> {
  const onGpu = gpuLayers > 0;
  const shape = { contextSize, kvType: 'f16', batchSize: planBatchSize(onGpu, contextSize), plain: !onGpu } as const;
  const { context } = place(shapeOf(await readGgufFileInfo(path, { sourceType: 'filesystem' })), shape, gpuLayers);
  return context.gpu + context.ram;
}
