/**
 * How fast a model would write. An estimate, and no more: to write a token all weights that it meets and all keys and
 * values before it are read once, so the time is these bytes over what memory delivers. What a machine's memory delivers
 * is guessed from what machines of its kind have; only a measurement on the machine itself knows.
 */
import type { Machine } from './machine.ts';

/**
 * `fast`: a thought of a thousand tokens takes less than a minute. `usable`: faster than one reads. `slow`: one waits for
 * every line. `too-large`: not enough memory.
 */
export const speedClasses = ['fast', 'usable', 'slow', 'too-large'] as const;
export type SpeedClass = (typeof speedClasses)[number];

/** Tokens per second from which on. */
const fastFrom = 20;
const usableFrom = 6;

export function speedClass(tokensPerSecond: number): Exclude<SpeedClass, 'too-large'> {
  if (tokensPerSecond >= fastFrom) return 'fast';
  return tokensPerSecond >= usableFrom ? 'usable' : 'slow';
}

const GB = 1e9;

/**
 * Bytes per second that llama.cpp gets out of a card's memory: about half of what is printed on the box. Cards with more
 * memory have wider buses. The least of what is sold in each class, so that few machines turn out slower.
 */
const cards: readonly (readonly [from: number, rate: number])[] = [
  [20 * GB, 420 * GB],
  [15 * GB, 180 * GB],
  [11 * GB, 160 * GB],
  [7.5 * GB, 120 * GB],
  [0, 80 * GB],
];

/** Apple's chips by their RAM: those with more of it are mostly the larger ones. */
const apple: readonly (readonly [from: number, rate: number])[] = [
  [60 * GB, 200 * GB],
  [34 * GB, 100 * GB],
  [0, 60 * GB],
];

/** A GPU in the processor reads the same RAM as its cores, and gets a little more out of it. */
const integrated = 35 * GB;

/** Of a core, and of two channels of RAM together. */
const core = 8 * GB;
const channels = 28 * GB;

/** A layer's kernels take so long to be started on a GPU, whatever they read: seconds. */
const layerStart = 40e-6;

/** What is done for one token. */
export interface Step {
  /** Read, bytes in each memory. */
  readonly gpu: number;
  readonly ram: number;
  readonly gpuLayers: number;
}

/** Tokens per second. */
export function writingSpeed({ gpu, ram, gpuLayers }: Step, machine: Machine): number {
  const seconds = gpu / gpuRate(machine) + ram / cpuRate(machine) + gpuLayers * layerStart;
  return seconds > 0 ? 1 / seconds : 0;
}

/** Layers on several cards run one after the other, each at its card's rate, so the average is over time. */
function gpuRate({ backend, unified = false, vramBytes, ramBytes }: Machine): number {
  if (backend === 'metal') return rateOf(apple, ramBytes);
  if (unified) return integrated;
  const all = vramBytes.reduce((sum, bytes) => sum + bytes, 0);
  const time = vramBytes.reduce((sum, bytes) => sum + bytes / rateOf(cards, bytes), 0);
  return time > 0 ? all / time : rateOf(cards, 0);
}

function cpuRate({ physicalCores }: Machine): number {
  return Math.min(channels, core * Math.max(1, physicalCores));
}

function rateOf(table: readonly (readonly [from: number, rate: number])[], bytes: number): number {
  return table.find(([from]) => bytes >= from)?.[1] ?? core;
}
