/** What the machine has for models. */
import { availableParallelism } from 'node:os';
import type { GpuBackend, Hardware } from '../protocol/engine.ts';
import { availableRam } from './memory-facts.ts';
import type { ModelPool } from './model-pool.ts';
import { hasNvidia } from './nvidia.ts';

/** @throws PonderError `gpu-unavailable` */
export async function readHardware(pool: ModelPool, gpu: GpuBackend): Promise<Hardware> {
  const { value: llama, release } = await pool.backend(gpu);
  try {
    const [names, vram, ram] = await Promise.all([llama.gpu === false ? [] : llama.getGpuDeviceNames(), llama.getVramState(), llama.getRamState()]);
    return {
      backend: llama.gpu === false ? 'cpu' : llama.gpu,
      gpus: names.map((name) => ({ name })),
      ...(hasNvidia(names) ? { nvidia: true } : {}),
      vram: { total: vram.total, free: vram.free },
      unified: vram.unifiedSize > 0,
      ram: { total: ram.total, free: Math.round(await availableRam(llama)) },
      cores: { physical: llama.cpuMathCores, logical: availableParallelism() },
    };
  } finally {
    await release();
  }
}
