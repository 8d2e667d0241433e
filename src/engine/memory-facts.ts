/** What memory there is. */
import { freemem } from 'node:os';
import type { Llama } from 'node-llama-cpp';
import type { MemoryFacts } from '../planner/window.ts';
import type { Usage } from './model-pool.ts';

/**
 * As if nothing of ours were loaded, so that a plan made while something is counts it once.
 * @param ours what is given back before the plan is carried out
 */
export async function memoryFacts(llama: Llama, ours: Usage): Promise<MemoryFacts> {
  const ram = (await availableRam(llama)) + ours.cpuRam;
  if (llama.gpu === false) return { ram };
  const { free, unifiedSize } = await llama.getVramState();
  const unified = unifiedSize > 0;
  return { gpu: free + ours.gpuVram, ram: unified ? ram + ours.gpuVram : ram, ...(unified ? { unified } : {}) };
}

/** Bytes, with what the system would take back from its file cache. llama.cpp's own figure leaves that out. */
export async function availableRam(llama: Llama): Promise<number> {
  const { total, free, wired } = await llama.getRamState();
  // macOS counts its file cache as used; of what is not wired down, about half can be had.
  return process.platform === 'darwin' ? Math.max(free, (total - wired) / 2) : Math.max(free, freemem());
}
