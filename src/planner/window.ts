/**
 * Which window to give a chat, and with what. Pure: what is needed, what the model is and what memory there is go in.
 *
 * Where memory is short, what harms least gives way first: the size of a batch, then the part of the window that is not
 * needed yet, then the precision of keys and values, and layers on the GPU last.
 */
import { kvTypes, type KvType } from '../protocol/engine.ts';
import { place, type ContextShape, type Placement } from './memory.ts';
import { factorFor, windowSteps, windowsOf } from './scaling.ts';
import type { ModelShape } from './shape.ts';

/** Tokens. */
export interface WindowNeed {
  readonly prompt: number;
  /** Room wanted for thought and answer. */
  readonly output: number;
}

/** Bytes that were free if nothing of ours were loaded. */
export interface MemoryFacts {
  /** Absent: no GPU. */
  readonly gpu?: number;
  readonly ram: number;
  /** The GPU's memory is a part of the RAM. */
  readonly unified?: boolean;
  /** A plan that takes this much or more, weights and context, has failed before. */
  readonly failed?: number;
}

/** What the user has fixed. */
export interface WindowWishes {
  readonly contextSize?: number;
  readonly kvType?: KvType;
  readonly gpuLayers?: number;
}

export interface WindowFacts {
  readonly model: ModelShape;
  readonly memory: MemoryFacts;
  readonly wishes: WindowWishes;
  /** A second context on the same model, for completions, which memory is left for. Tokens. */
  readonly beside: number;
}

export interface WindowPlan extends ContextShape {
  /** YaRN's, 1: none. */
  readonly yarnFactor: number;
  /** Up to the blocks and one more, which is the output. */
  readonly gpuLayers: number;
  /** Predicted, bytes: of the context, and of context and weights together. */
  readonly memory: { readonly context: number; readonly total: number };
  /** False: the least there is, and yet more than seems to be free. */
  readonly fits: boolean;
  /** The largest window to be had, tokens. */
  readonly largest: number;
}

/**
 * Where `auto` begins, tokens: enough for a short question. Keys and values take their memory whether they are used or not,
 * and growing is cheap, so a window grows with what is asked and said.
 */
const startWindow = 2048;
/** What most conversations come to, tokens: a question about a file or two, read in a minute on a CPU. */
export const usualWindow = 16_384;
/** A conversation with less is no good. Tokens. */
const leastWindow = 4096;
/** A window grows beyond the need by this, so that the next turn does not make it grow again. */
const headroom = 1.25;
/** Kept free for what else goes on, bytes: the desktop's windows on the GPU, the editor in the RAM. */
export const spare = { gpu: 256 * 2 ** 20, ram: 512 * 2 ** 20 };
/** Scores that plain attention may store for a batch, bytes. */
const scoresLimit = 512 * 2 ** 20;

/**
 * @param current what is loaded: it stays unless it is too small, or so much too large that less would do better
 * @returns `current` itself where nothing is to change
 */
export function planWindow(need: WindowNeed, facts: WindowFacts, current?: WindowPlan): WindowPlan {
  const { contextSize } = facts.wishes;
  if (contextSize !== undefined) return current ?? fixedPlan(contextSize, facts);
  if (!current) return firstPlan(need, facts);
  const largest = Math.max(current.contextSize, largestWindow(facts));
  const tokens = Math.min(need.prompt + need.output, largest);
  if (tokens <= current.contextSize) return shrunk(tokens, facts, current, largest);
  return best(growth(tokens, facts, largest, 0), facts, largest);
}

/** What a conversation comes to, if it is an ordinary one. */
export function usualPlan(need: WindowNeed, facts: WindowFacts): WindowPlan {
  const largest = largestWindow(facts);
  return best(growth(Math.min(need.prompt + need.output, largest), facts, largest, usualWindow), facts, largest);
}

/** The layers are where the usual window leaves them, so that the model need not be loaded again when this one grows. */
function firstPlan(need: WindowNeed, facts: WindowFacts): WindowPlan {
  const usual = usualPlan(need, facts);
  const { gpuLayers, largest } = usual;
  const windows = growth(Math.min(need.prompt + need.output, largest), facts, largest, startWindow);
  return firstFitting(windows, { ...facts, wishes: { ...facts.wishes, gpuLayers } }, largest) ?? usual;
}

/** The largest window that fits, with what harms least; undefined: none does. */
export function largestPlan(facts: WindowFacts): WindowPlan | undefined {
  for (const size of windowSteps(facts.model).toReversed()) {
    const plan = firstFitting([size], facts, size);
    if (plan) return plan;
  }
  return undefined;
}

/**
 * What to try when a plan's memory was not to be had: coarser keys and values first, then the least window that will
 * do. Undefined: nothing is left.
 * @param failures how many plans have failed already, this one included
 */
export function stepDown(plan: WindowPlan, failures: number, need: WindowNeed, facts: WindowFacts): WindowPlan | undefined {
  // What the user insists on, and seemed too much from the start, is refused as it was asked for.
  if (facts.wishes.contextSize !== undefined && !plan.fits) return undefined;
  const coarser = facts.wishes.kvType === undefined ? kvTypes[kvTypes.indexOf(plan.kvType) + 1] : undefined;
  if (failures === 1 && coarser !== undefined) return combine(plan.contextSize, coarser, plan.gpuLayers, facts, plan.largest)[0];
  if (failures > 2 || facts.wishes.contextSize !== undefined) return undefined;
  const least = Math.max(need.prompt + need.output, Math.min(startWindow, windowsOf(facts.model).native));
  const smaller = windowSteps(facts.model).find((size) => size >= least && size < plan.contextSize);
  return smaller === undefined ? undefined : combine(smaller, plan.kvType, plan.gpuLayers, facts, smaller).at(-1);
}

function fixedPlan(contextSize: number, facts: WindowFacts): WindowPlan {
  const found = firstFitting([contextSize], facts, contextSize);
  if (found) return found;
  // The user insists, so the finest is tried: a refusal then speaks of what was asked for.
  const [finest] = combine(contextSize, facts.wishes.kvType ?? 'f16', layerSteps(facts)[0] ?? 0, facts, contextSize);
  if (!finest) throw new RangeError('No plan for a window.');
  return { ...finest, fits: false };
}

/**
 * Windows to try, largest first.
 * @param start tokens that it is to have at least where memory allows it
 */
function growth(tokens: number, { model }: WindowFacts, largest: number, start: number): number[] {
  const steps = windowSteps(model).filter((size) => size <= largest);
  const atLeast = (size: number): number => steps.find((step) => step >= size) ?? steps.at(-1) ?? windowsOf(model).native;
  const { native } = windowsOf(model);
  const enough = atLeast(tokens);
  // No more than it needs where more would cost a factor.
  const factor = factorFor(model, enough);
  const wanted = Math.max(atLeast(tokens * headroom), atLeast(Math.min(start, native)));
  const least = Math.max(enough, atLeast(Math.min(start, leastWindow, native)));
  return steps.filter((size) => size >= Math.min(least, wanted) && size <= wanted && factorFor(model, size) <= factor).toReversed();
}

/**
 * Only for a need below a quarter of the window, and for less YaRN, finer keys and values or more layers on the GPU:
 * a switch costs reading everything again. What it switches to holds twice the need, so that it does not switch back.
 */
function shrunk(tokens: number, facts: WindowFacts, current: WindowPlan, largest: number): WindowPlan {
  const kept = largest === current.largest ? current : { ...current, largest };
  if (tokens * 4 >= current.contextSize) return kept;
  const steps = windowSteps(facts.model).filter((size) => size >= Math.min(tokens * 2, largest) && size < current.contextSize);
  const [smallest] = steps;
  const smaller = smallest === undefined ? undefined : firstFitting([smallest], facts, largest);
  if (!smaller) return kept;
  const coarseness = ({ kvType }: WindowPlan): number => kvTypes.indexOf(kvType);
  const better = smaller.yarnFactor < current.yarnFactor || coarseness(smaller) < coarseness(current) || smaller.gpuLayers > current.gpuLayers;
  return better ? smaller : kept;
}

function largestWindow(facts: WindowFacts): number {
  return largestPlan(facts)?.contextSize ?? Math.min(leastWindow, windowsOf(facts.model).native);
}

function best(windows: readonly number[], facts: WindowFacts, largest: number): WindowPlan {
  const found = firstFitting(windows, facts, largest);
  if (found) return found;
  // Free memory is an estimate, so the least is tried all the same.
  const last = combine(windows.at(-1) ?? leastWindow, facts.wishes.kvType ?? 'q4_0', facts.wishes.gpuLayers ?? 0, facts, largest).at(-1);
  if (!last) throw new RangeError('No plan for a window.');
  return last;
}

/** In the order of harm. */
function firstFitting(windows: readonly number[], facts: WindowFacts, largest: number): WindowPlan | undefined {
  const types = facts.wishes.kvType === undefined ? kvTypes : [facts.wishes.kvType];
  for (const gpuLayers of layerSteps(facts)) {
    for (const kvType of types) {
      for (const window of windows) {
        const fitting = combine(window, kvType, gpuLayers, facts, largest).find(({ fits }) => fits);
        if (fitting) return fitting;
      }
    }
  }
  return undefined;
}

/** On the GPU, most first; the output counts as a layer. */
function layerSteps({ model, memory, wishes }: WindowFacts): number[] {
  if (memory.gpu === undefined) return [0];
  const all = model.layers + 1;
  return wishes.gpuLayers === undefined ? Array.from({ length: all + 1 }, (_, index) => all - index) : [Math.min(wishes.gpuLayers, all)];
}

/** Plans that differ in their batch, fastest first. */
function combine(contextSize: number, kvType: KvType, gpuLayers: number, facts: WindowFacts, largest: number): WindowPlan[] {
  const { model } = facts;
  const yarnFactor = factorFor(model, contextSize);
  return batchSizes(model, contextSize, kvType, gpuLayers).map((batchSize) => {
    // Quantised values need flash attention; without, a CPU decodes several times faster (`planFlashAttention`).
    const shape: ContextShape = { contextSize, kvType, batchSize, plain: gpuLayers === 0 && kvType === 'f16' };
    const { weights, context } = place(model, shape, gpuLayers);
    const memory = { context: context.gpu + context.ram, total: weights.gpu + weights.ram + context.gpu + context.ram };
    return { ...shape, yarnFactor, gpuLayers, memory, fits: fits(add(weights, context), memory.total, shape, gpuLayers, facts), largest };
  });
}

function fits(taken: Placement, total: number, shape: ContextShape, gpuLayers: number, { model, memory, beside }: WindowFacts): boolean {
  if (total >= (memory.failed ?? Infinity)) return false;
  const second = beside === 0 ? { gpu: 0, ram: 0 } : place(model, { ...shape, contextSize: beside, kvType: 'f16', plain: gpuLayers === 0 }, gpuLayers).context;
  const all = add(taken, second);
  if (memory.unified === true) return all.gpu + all.ram <= memory.ram - spare.ram && all.gpu <= (memory.gpu ?? 0) - spare.gpu;
  return (all.gpu === 0 || all.gpu <= (memory.gpu ?? 0) - spare.gpu) && all.ram <= memory.ram - spare.ram;
}

function batchSizes({ heads }: ModelShape, contextSize: number, kvType: KvType, gpuLayers: number): number[] {
  const sizes = (all: readonly number[]): number[] => [...new Set(all.map((size) => Math.min(size, contextSize)))];
  if (gpuLayers > 0) return sizes([512, 128]);
  if (kvType !== 'f16') return sizes([128]);
  return sizes([128, 64, 32, 16].filter((size) => size === 16 || 4 * heads * contextSize * size <= scoresLimit));
}

function add(a: Placement, b: Placement): Placement {
  return { gpu: a.gpu + b.gpu, ram: a.ram + b.ram };
}
