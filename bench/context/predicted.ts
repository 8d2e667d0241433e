import { getLlama, GgufInsights, readGgufFileInfo } from 'node-llama-cpp';
import { planBatchSize, planFlashAttention } from '../../src/engine/planner.ts';
import type { ModelInfo } from '../../src/protocol/engine.ts';

/** Bytes that a context is expected to take, of RAM and GPU memory together. */
export async function predictedContextBytes({ path, gpuLayers, gpu }: ModelInfo, contextSize: number): Promise<number> {
  const llama = await getLlama({ gpu: gpu === 'cpu' ? false : gpu, build: 'never', skipDownload: true, progressLogs: false, logger: () => undefined });
  try {
    const insights = await GgufInsights.from(await readGgufFileInfo(path), llama);
    const onGpu = gpuLayers > 0;
    const estimate = await insights.estimateContextResourceRequirementsV2({
      contextSize,
      modelGpuLayers: gpuLayers,
      batchSize: planBatchSize(onGpu, contextSize),
      flashAttention: planFlashAttention(onGpu),
    });
    return estimate.cpuRam + estimate.gpuVram;
  } finally {
    await llama.dispose();
  }
}
