/** What memory there is. */
import { freemem } from 'node:os';
import type { Llama } from 'node-llama-cpp';
import type { MemoryFacts } from '../planner/window.ts';

/**
 * As if nothing of ours were loaded, so that a plan made while something is counts it once.
 * @param mapped bytes of a loaded model that are mapped from its file: the system can take these back, and counts them as free
 */
export async function memoryFacts(llama: Llama, mapped: number): Promise<MemoryFacts> {
  const used = await llama.getLlamaMemoryUsage();
  const ram = (await availableRam(llama)) + Math.max(0, used.cpuRam - mapped);
  if (llama.gpu === false) return { ram };
  const { free, unifiedSize } = await llama.getVramState();
  const unified = unifiedSize > 0;
  return { gpu: free + used.gpuVram, ram: unified ? ram + used.gpuVram : ram, ...(unified ? { unified } : {}) };
}

/** Bytes, with what the system would take back from its file cache. llama.cpp's own figure leaves that out. */
export async function availableRam(llama: Llama): Promise<number> {
  const { total, free, wired } = await llama.getRamState();
  // macOS counts its file cache as used; of what is not wired down, about half can be had.
  return process.platform === 'darwin' ? Math.max(free, (total - wired) / 2) : Math.max(free, freemem());
}
