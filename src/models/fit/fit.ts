/** What a model would do on a machine, before it is downloaded. The planner that loads it later does the arithmetic. */
import { infillContext, type KvType } from '../../protocol/engine.ts';
import { cacheBytes, computeBytes, place } from '../../planner/memory.ts';
import { largestPlan, usualPlan, type WindowFacts, type WindowPlan } from '../../planner/window.ts';
import { memoryOf, type Machine } from './machine.ts';
import type { FitModel } from './shape.ts';
import { speedClass, writingSpeed, type SpeedClass, type Step } from './speed.ts';

export interface FitWindow {
  /** 0: none, the model is too large. */
  readonly tokens: number;
  readonly kvType: KvType;
  /** YaRN's factor, 1: none. */
  readonly yarnFactor: number;
  readonly layers: number;
}

export interface Fit {
  readonly speed: SpeedClass;
  /** An estimate: see `speed.ts`. 0 where it is too large. */
  readonly tokensPerSecond: number;
  /** On the GPU, of all; the output, which goes there after the last of them, is not counted. */
  readonly layers: { readonly gpu: number; readonly all: number };
  /** That most conversations come to. */
  readonly first: FitWindow;
  /** The largest that leaves as many layers on the GPU, so that nothing becomes slower but by the reading. */
  readonly atSpeed: FitWindow;
  /** The largest there can be, wherever its layers are then. */
  readonly largest: FitWindow;
  /** With the first window, or where none fits with the least there is, bytes; completions come from the same model, and `completions` is their context. */
  readonly memory: { readonly weights: number; readonly kv: number; readonly compute: number; readonly completions: number; readonly gpu: number; readonly ram: number };
}

/** Tokens that are read again for each token of an answer in a chat that has been going on for a little. */
const usualDepth = 4096;

export function fit({ shape, activeShare }: FitModel, machine: Machine): Fit {
  const { gpuLayers } = machine;
  const facts: WindowFacts = { model: shape, memory: memoryOf(machine), wishes: gpuLayers === undefined ? {} : { gpuLayers }, beside: infillContext };
  const first = usualPlan({ prompt: 0, output: 0 }, facts);
  const atSpeed = largestPlan({ ...facts, wishes: { gpuLayers: first.gpuLayers } }) ?? first;
  const largest = largestPlan(facts) ?? first;
  const placed = place(shape, first, first.gpuLayers);
  const completions = place(shape, completionsContext(first), first.gpuLayers).context;
  const tokensPerSecond = first.fits ? writingSpeed(stepOf(shape, activeShare, first), machine) : 0;
  return {
    speed: first.fits ? speedClass(tokensPerSecond) : 'too-large',
    tokensPerSecond,
    layers: { gpu: first.fits ? Math.min(first.gpuLayers, shape.layers) : 0, all: shape.layers },
    first: windowOf(first, shape.layers),
    atSpeed: windowOf(atSpeed, shape.layers),
    largest: windowOf(largest, shape.layers),
    memory: {
      weights: shape.weights.total,
      kv: cacheBytes(shape, first),
      compute: computeBytes(shape, first),
      completions: completions.gpu + completions.ram,
      gpu: placed.weights.gpu + placed.context.gpu + completions.gpu,
      ram: placed.weights.ram + placed.context.ram + completions.ram,
    },
  };
}

/** As the planner leaves room for it. */
function completionsContext(plan: WindowPlan): WindowPlan {
  return { ...plan, contextSize: infillContext, kvType: 'f16', plain: plan.gpuLayers === 0 };
}

function stepOf(shape: FitModel['shape'], activeShare: number, plan: WindowPlan): Step {
  const { layers, weights } = shape;
  const depth = Math.min(usualDepth, plan.contextSize);
  const block = weights.layer * activeShare + cacheBytes(shape, { ...plan, contextSize: depth }) / layers;
  const gpuLayers = Math.min(plan.gpuLayers, layers);
  const outputOnGpu = plan.gpuLayers > layers;
  return {
    gpuLayers,
    gpu: gpuLayers * block + (outputOnGpu ? weights.output : 0),
    ram: (layers - gpuLayers) * block + (outputOnGpu ? 0 : weights.output),
  };
}

function windowOf({ contextSize, kvType, yarnFactor, gpuLayers, fits }: WindowPlan, layers: number): FitWindow {
  return fits ? { tokens: contextSize, kvType, yarnFactor, layers: Math.min(gpuLayers, layers) } : { tokens: 0, kvType, yarnFactor: 1, layers: 0 };
}
