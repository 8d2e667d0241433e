/** What a machine has for models. Rough: what is measured when a model is loaded goes before it. */
import type { GpuBackend } from '../../protocol/engine.ts';
import type { MemoryFacts } from '../../planner/window.ts';

export interface Machine {
  /** Built in, bytes. */
  readonly ramBytes: number;
  /** Each GPU that the backend can use, built in, bytes; of one that shares the RAM, what it may use. */
  readonly vramBytes: readonly number[];
  /** The GPUs' memory is a part of the RAM. */
  readonly unified?: boolean;
  readonly physicalCores: number;
  /** By the user's choice, layers on the GPU; absent: as many as fit. */
  readonly gpuLayers?: number;
  /** That models will run on, as it was obtained. */
  readonly backend: Exclude<GpuBackend, 'auto'>;
}

const GiB = 2 ** 30;

/** Of the RAM, what a system with an editor and a browser holds: bytes, growing with it, since who has more opens more. */
function takenRam(bytes: number): number {
  return 2 * GiB + bytes / 8;
}

/** Of a GPU's own memory, what a desktop and the driver hold. */
const takenVram = 0.08;

/** Metal lets a process have about so much of the RAM; other GPUs in the processor are granted less. */
const unifiedShare = { metal: 0.7, other: 0.5 } as const;

/** As if nothing of ours were loaded. The planner keeps a little more free by itself. */
export function memoryOf({ ramBytes, vramBytes, unified = false, backend }: Machine): MemoryFacts {
  const ram = Math.max(0, ramBytes - takenRam(ramBytes));
  if (backend === 'cpu' || vramBytes.length === 0) return { ram };
  const all = vramBytes.reduce((sum, bytes) => sum + bytes, 0);
  if (!unified) return { ram, gpu: all * (1 - takenVram) };
  const share = backend === 'metal' ? unifiedShare.metal : unifiedShare.other;
  return { ram, gpu: Math.min(all, ramBytes * share), unified: true };
}
