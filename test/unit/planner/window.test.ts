import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KvType } from '../../../src/protocol/engine.ts';
import { windowSteps } from '../../../src/planner/scaling.ts';
import type { ModelShape } from '../../../src/planner/shape.ts';
import { planWindow, usualPlan, type MemoryFacts, type WindowFacts, type WindowPlan, type WindowWishes } from '../../../src/planner/window.ts';
import { freeRam, freeVram, GB, hybrid, instruct2507, thinking2507, tiny } from './models.ts';

/** A context for completions stands beside the chat's. */
const beside = 4096;
const cpu = (ram: keyof typeof freeRam): MemoryFacts => ({ ram: freeRam[ram] });
const gpu = (vram: keyof typeof freeVram): MemoryFacts => ({ gpu: freeVram[vram], ram: freeRam[16] });
const facts = (model: ModelShape, memory: MemoryFacts, wishes: WindowWishes = {}): WindowFacts => ({ model, memory, wishes, beside });

const machines = {
  'CPU, 8 GB': cpu(8),
  'CPU, 16 GB': cpu(16),
  'CPU, 32 GB': cpu(32),
  'GPU, 4 GB': gpu(4),
  'GPU, 6 GB': gpu(6),
  'GPU, 8 GB': gpu(8),
  'GPU, 12 GB': gpu(12),
  'GPU, 24 GB': gpu(24),
} as const;
type Machine = keyof typeof machines;

function plan(model: ModelShape, machine: Machine, tokens: number, wishes: WindowWishes = {}): WindowPlan {
  return planWindow({ prompt: tokens, output: 0 }, facts(model, machines[machine], wishes));
}

/** An ordinary conversation's, whose window has grown as far as that. */
function usual(model: ModelShape, machine: Machine): WindowPlan {
  return usualPlan({ prompt: 0, output: 0 }, facts(model, machines[machine]));
}

/** "65536 x2 q8_0", and with a GPU how many of the 37 layers are on it. */
function inShort({ contextSize, yarnFactor, kvType, gpuLayers }: WindowPlan, machine: Machine): string {
  const layers = machines[machine].gpu === undefined ? '' : ` ${String(gpuLayers)}/37`;
  return `${String(contextSize)} x${String(yarnFactor)} ${kvType}${layers}`;
}

describe('Qwen3-4B (hybrid), Q4_K_M: 2.5 GB of weights, 144 KiB of keys and values per token in F16', () => {
  // An ordinary conversation; files of 30,000 tokens, just within the native window; and beyond it, where YaRN begins.
  it.each<[Machine, string, string, string, string, number]>([
    // Only what is left beside weights and editor: coarser keys and values buy a larger window, up to 16,384.
    ['CPU, 8 GB', '4096 x1 f16', '16384 x1 q4_0', '16384 x1 q4_0', '16384 x1 q4_0', 16_384],
    ['CPU, 16 GB', '16384 x1 f16', '32768 x1 f16', '65536 x2 q8_0', '131072 x4 q4_0', 131_072],
    ['CPU, 32 GB', '16384 x1 f16', '32768 x1 f16', '65536 x2 f16', '131072 x4 f16', 131_072],
    // The last resort, layers off the GPU, comes after the coarsest keys and values.
    ['GPU, 4 GB', '4096 x1 q8_0 36/37', '32768 x1 q4_0 27/37', '65536 x2 q4_0 20/37', '131072 x4 q4_0 13/37', 131_072],
    ['GPU, 6 GB', '8192 x1 f16 37/37', '32768 x1 q4_0 37/37', '65536 x2 q4_0 33/37', '131072 x4 q4_0 22/37', 131_072],
    ['GPU, 8 GB', '16384 x1 f16 37/37', '32768 x1 q8_0 37/37', '65536 x2 q4_0 37/37', '131072 x4 q4_0 30/37', 131_072],
    ['GPU, 12 GB', '16384 x1 f16 37/37', '32768 x1 f16 37/37', '65536 x2 q8_0 37/37', '131072 x4 q4_0 37/37', 131_072],
    ['GPU, 24 GB', '16384 x1 f16 37/37', '32768 x1 f16 37/37', '65536 x2 f16 37/37', '131072 x4 f16 37/37', 131_072],
  ])('%s: %s, then %s, %s and %s', (machine, start, native, double, most, largest) => {
    const plans = [usual(hybrid, machine), ...[30_000, 50_000, 120_000].map((tokens) => plan(hybrid, machine, tokens))];
    expect(plans.map((each) => inShort(each, machine))).toEqual([start, native, double, most]);
    expect(plan(hybrid, machine, 0).largest).toBe(largest);
  });

  it.each<[Machine, string, string]>([
    ['CPU, 8 GB', '2048 x1 f16', '4096 x1 f16'],
    ['CPU, 32 GB', '2048 x1 f16', '4096 x1 f16'],
    // As many layers as the ordinary conversation leaves there, so that the model is loaded once.
    ['GPU, 4 GB', '2048 x1 f16 36/37', '4096 x1 q8_0 36/37'],
    ['GPU, 6 GB', '2048 x1 f16 37/37', '4096 x1 f16 37/37'],
    ['GPU, 24 GB', '2048 x1 f16 37/37', '4096 x1 f16 37/37'],
  ])('%s: begins with %s, and has %s when a question and its answer come to 2,500 tokens', (machine, start, next) => {
    const first = plan(hybrid, machine, 0);
    expect(inShort(first, machine)).toBe(start);
    expect(inShort(planWindow({ prompt: 1500, output: 1000 }, facts(hybrid, machines[machine]), first), machine)).toBe(next);
  });

  it.each([
    [30_000, 1, 32_768],
    [32_768, 1, 32_768],
    [32_769, 2, 65_536],
    [65_537, 3, 98_304],
    [98_305, 4, 131_072],
    [500_000, 4, 131_072],
  ])('%i tokens: YaRN x%i in a window of %i, for the smallest factor that covers them', (tokens, yarnFactor, contextSize) => {
    expect(plan(hybrid, 'GPU, 24 GB', tokens)).toMatchObject({ yarnFactor, contextSize });
  });
});

describe.each([
  ['Thinking', thinking2507],
  ['Instruct', instruct2507],
])('Qwen3-4B-%s-2507', (_, model) => {
  it.each<[Machine, string, string, string, number]>([
    ['CPU, 8 GB', '4096 x1 f16', '16384 x1 q4_0', '16384 x1 q4_0', 16_384],
    ['CPU, 16 GB', '16384 x1 f16', '65536 x1 q8_0', '131072 x1 q4_0', 131_072],
    ['CPU, 32 GB', '16384 x1 f16', '65536 x1 f16', '262144 x1 q8_0', 262_144],
    ['GPU, 4 GB', '4096 x1 q8_0 36/37', '65536 x1 q4_0 20/37', '131072 x1 q4_0 13/37', 131_072],
    ['GPU, 8 GB', '16384 x1 f16 37/37', '65536 x1 q4_0 37/37', '262144 x1 q4_0 18/37', 262_144],
    ['GPU, 24 GB', '16384 x1 f16 37/37', '65536 x1 f16 37/37', '262144 x1 q4_0 37/37', 262_144],
  ])('%s: %s, then %s and %s, never stretched', (machine, start, middle, most, largest) => {
    const plans = [usual(model, machine), ...[50_000, 200_000].map((tokens) => plan(model, machine, tokens))];
    expect(plans.map((each) => inShort(each, machine))).toEqual([start, middle, most]);
    expect(plan(model, machine, 0).largest).toBe(largest);
  });
});

describe('other models', () => {
  it.each([
    [0, '512 x1 f16'],
    [600, '1024 x2 f16'],
    [1200, '1536 x3 f16'],
    [1600, '2048 x4 f16'],
  ])('the tiny fixture, a hybrid trained on 512 tokens, with %i tokens: %s', (tokens, expected) => {
    expect(inShort(plan(tiny, 'CPU, 8 GB', tokens), 'CPU, 8 GB')).toBe(expected);
  });

  it('a family that nobody has validated YaRN for keeps to its trained window', () => {
    const other: ModelShape = { ...hybrid, architecture: 'llama', thinking: 'never', declaredContext: 40_960 };
    expect(plan(other, 'GPU, 24 GB', 100_000)).toMatchObject({ contextSize: 40_960, yarnFactor: 1, largest: 40_960 });
  });

  it('a file that is stretched itself is not stretched again', () => {
    const baked: ModelShape = { ...hybrid, declaredContext: 131_072, bakedFactor: 4 };
    expect(plan(baked, 'GPU, 24 GB', 100_000)).toMatchObject({ contextSize: 131_072, yarnFactor: 1 });
  });
});

describe('what the user has fixed', () => {
  it.each([
    [16_384, 1],
    [40_960, 2],
    [100_000, 4],
    // More than the model card validates, for one who insists.
    [150_000, 5],
  ])('a window of %i stands, with the least factor that covers it: %i', (contextSize, yarnFactor) => {
    expect(plan(hybrid, 'CPU, 32 GB', 0, { contextSize })).toMatchObject({ contextSize, yarnFactor, largest: contextSize });
  });

  it('a fixed window takes coarser keys and values before it is too large, and stays fixed when it is', () => {
    expect(plan(hybrid, 'GPU, 12 GB', 0, { contextSize: 65_536 })).toMatchObject({ kvType: 'q8_0', fits: true });
    expect(plan(hybrid, 'CPU, 8 GB', 0, { contextSize: 131_072 })).toMatchObject({ contextSize: 131_072, kvType: 'f16', fits: false });
  });

  it.each<KvType>(['f16', 'q8_0', 'q4_0'])('keys and values in %s, whatever fits', (kvType) => {
    expect(plan(hybrid, 'CPU, 32 GB', 20_000, { kvType }).kvType).toBe(kvType);
    expect(plan(hybrid, 'CPU, 8 GB', 20_000, { kvType }).kvType).toBe(kvType);
  });

  it('layers on the GPU', () => expect(plan(hybrid, 'GPU, 24 GB', 0, { gpuLayers: 10 }).gpuLayers).toBe(10));
});

describe('batches on the CPU', () => {
  it('shrink as the window grows, so that the stored scores stay within half a gigabyte', () => {
    const batch = (tokens: number): number => plan(hybrid, 'CPU, 32 GB', tokens).batchSize;
    expect([0, 30_000, 50_000, 120_000].map(batch)).toEqual([128, 128, 64, 32]);
  });

  it('attention is plain in F16, and flash where values are quantised', () => {
    expect(plan(hybrid, 'CPU, 16 GB', 0)).toMatchObject({ kvType: 'f16', plain: true });
    expect(plan(hybrid, 'CPU, 16 GB', 50_000)).toMatchObject({ kvType: 'q8_0', plain: false, batchSize: 128 });
  });
});

describe('a further window on the copy of a model that another one uses', () => {
  /** What is left of a card, and the weights counted once: they stay where they are. */
  const left = (bytes: number): WindowFacts => facts(hybrid, { gpu: bytes + hybrid.weights.total, ram: freeRam[16] }, { gpuLayers: 37 });

  it.each([
    // An 8 GB card, on which the first has 16,384 tokens and completions.
    [1.9, '2048 x1 f16 37/37'],
    [1.3, '2048 x1 q8_0 37/37'],
    [1.15, '2048 x1 q4_0 37/37'],
  ])('gets the least of it where %s GB are free on the card, and all layers stay where they are', (gigabytes, expected) => {
    const first = planWindow({ prompt: 0, output: 0 }, left(gigabytes * GB));
    expect(first.fits).toBe(true);
    expect(inShort(first, 'GPU, 8 GB')).toBe(expected);
  });
});

describe('growing and shrinking', () => {
  const roomy = facts(hybrid, { gpu: 100 * GB, ram: 100 * GB });
  const next = (tokens: number, current: WindowPlan, by = roomy): WindowPlan => planWindow({ prompt: tokens, output: 0 }, by, current);
  const start = planWindow({ prompt: 0, output: 0 }, roomy);

  it('stays while the need fits, the very same plan', () => {
    expect(next(2048, start)).toBe(start);
    expect(next(16_384, usualPlan({ prompt: 0, output: 0 }, roomy))).toMatchObject({ contextSize: 16_384 });
  });

  it('grows with headroom, but not into a factor that is not needed', () => {
    expect(next(17_000, start)).toMatchObject({ contextSize: 32_768, yarnFactor: 1 });
    expect(next(30_000, start)).toMatchObject({ contextSize: 32_768, yarnFactor: 1 });
    expect(next(60_000, start)).toMatchObject({ contextSize: 65_536, yarnFactor: 2 });
  });

  it('shrinks only below a quarter, and only for something better', () => {
    const stretched = next(120_000, start);
    expect(next(32_768, stretched)).toBe(stretched);
    expect(next(10_000, stretched)).toMatchObject({ contextSize: 32_768, yarnFactor: 1 });
    const wide = planWindow({ prompt: 120_000, output: 0 }, facts(instruct2507, roomy.memory));
    expect(next(1000, wide, facts(instruct2507, roomy.memory))).toBe(wide);
  });

  it('what has failed before is not planned again, but something smaller', () => {
    const f16 = next(50_000, start);
    const failed = { ...roomy, memory: { ...roomy.memory, failed: f16.memory.total } };
    const smaller = next(50_000, start, failed);
    expect(smaller.contextSize).toBe(65_536);
    expect(smaller.memory.total).toBeLessThan(f16.memory.total);
  });
});

describe('for any memory, any model and any needs', () => {
  const model = fc.constantFrom(hybrid, thinking2507, instruct2507, tiny);
  const memory = fc.record({ gpu: fc.option(fc.double({ min: 1, max: 40, noNaN: true }), { nil: undefined }), ram: fc.double({ min: 2, max: 64, noNaN: true }) }).map(
    ({ gpu: vram, ram }): MemoryFacts => ({ ...(vram === undefined ? {} : { gpu: vram * GB }), ram: ram * GB }),
  );
  /** The windows that a sequence of needs, in parts of a window, goes through. */
  const walk = (needs: readonly number[], by: WindowFacts, first?: WindowPlan): WindowPlan[] => {
    const plans: WindowPlan[] = [];
    let current = first;
    for (const tokens of needs) {
      current = planWindow({ prompt: Math.ceil(tokens), output: 0 }, by, current);
      plans.push(current);
    }
    return plans;
  };
  const shares = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 });
  const changes = (plans: readonly WindowPlan[]): number =>
    plans.slice(1).filter((plan, index) => plan.contextSize !== plans[index]?.contextSize || plan.yarnFactor !== plans[index].yarnFactor).length;

  it('a plan holds what is needed, unless not even the largest window does', () => {
    fc.assert(
      fc.property(model, memory, fc.integer({ min: 0, max: 300_000 }), (shape, free, tokens) => {
        const { contextSize, largest } = planWindow({ prompt: tokens, output: 0 }, facts(shape, free));
        expect(contextSize).toBeGreaterThanOrEqual(Math.min(tokens, largest));
        expect(contextSize).toBeLessThanOrEqual(Math.max(largest, windowSteps(shape)[0] ?? 0));
      }),
    );
  });

  it('needs between two neighbouring windows change the window at most once', () => {
    fc.assert(
      fc.property(model, memory, fc.nat(), fc.nat(), shares, (shape, free, size, before, needs) => {
        const by = facts(shape, free);
        const steps = windowSteps(shape);
        const index = 1 + (size % (steps.length - 1));
        const [below, window] = [steps[index - 1] ?? 0, steps[index] ?? 0];
        const first = planWindow({ prompt: steps[before % steps.length] ?? 0, output: 0 }, by);
        const between = needs.map((share) => below + 1 + (share - 0.5) * 2 * (window - below - 1));
        expect(changes([first, ...walk(between, by, first)])).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  it('needs within a factor of two never lead back to a window that was left', () => {
    fc.assert(
      fc.property(model, memory, fc.integer({ min: 100, max: 130_000 }), fc.integer({ min: 0, max: 250_000 }), shares, (shape, free, most, before, needs) => {
        const by = facts(shape, free);
        const first = planWindow({ prompt: before, output: 0 }, by);
        const sizes = [first, ...walk(needs.map((share) => share * most), by, first)].map(({ contextSize }) => contextSize);
        const visited = sizes.filter((contextSize, index) => contextSize !== sizes[index - 1]);
        expect(new Set(visited).size).toBe(visited.length);
      }),
      { numRuns: 100 },
    );
  });
});
