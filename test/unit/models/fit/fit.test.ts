import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, modelById, sizeOfFile } from '../../../../src/models/catalogue/catalogue.ts';
import { fit, type Fit } from '../../../../src/models/fit/fit.ts';
import { memoryOf, type Machine } from '../../../../src/models/fit/machine.ts';
import { recommend } from '../../../../src/models/fit/recommend.ts';
import { catalogueModel, headerModel, type FitModel } from '../../../../src/models/fit/shape.ts';
import { speedClass, writingSpeed } from '../../../../src/models/fit/speed.ts';

const GiB = 2 ** 30;
const machines = {
  'an 8 GB gaming laptop': { ramBytes: 16 * GiB, vramBytes: [8 * GiB], physicalCores: 8, backend: 'cuda' },
  'a 16 GB Mac': { ramBytes: 16 * GiB, vramBytes: [16 * GiB], unified: true, physicalCores: 8, backend: 'metal' },
  'a 16 GB office machine': { ramBytes: 16 * GiB, vramBytes: [], physicalCores: 6, backend: 'cpu' },
  'a 24 GB card': { ramBytes: 64 * GiB, vramBytes: [24 * GiB], physicalCores: 12, backend: 'cuda' },
  '4 GB and nothing': { ramBytes: 4 * GiB, vramBytes: [], physicalCores: 2, backend: 'cpu' },
  'a 12 GB card': { ramBytes: 32 * GiB, vramBytes: [12 * GiB], physicalCores: 8, backend: 'vulkan' },
  'a 4 GB card': { ramBytes: 16 * GiB, vramBytes: [4 * GiB], physicalCores: 6, backend: 'vulkan' },
  '6 GB and four cores': { ramBytes: 6 * GiB, vramBytes: [], physicalCores: 4, backend: 'cpu' },
  'two old cores': { ramBytes: 8 * GiB, vramBytes: [], physicalCores: 2, backend: 'cpu' },
} as const satisfies Record<string, Machine>;
type Name = keyof typeof machines;

function known(id: string, quantisation = 'Q4_K_M'): FitModel {
  const model = modelById(id);
  const file = model?.files.find((each) => each.quantisation === quantisation);
  if (!model || !file) throw new Error(`${id} ${quantisation} is not in the catalogue`);
  return catalogueModel(model, file);
}

const fitOf = (id: string, quantisation: string, machine: Machine): Fit => fit(known(id, quantisation), machine);

const window = ({ tokens, kvType }: Fit['first']): string => `${String(tokens)} ${kvType}`;

describe('on', () => {
  it.each<[Name, string, string, string, string, string, string, string]>([
    ['an 8 GB gaming laptop', 'qwen3-4b', 'Q4_K_M', 'fast', '36/36', '16384 f16', '98304 q4_0', '131072 q4_0'],
    ['an 8 GB gaming laptop', 'qwen3-8b', 'Q8_0', 'usable', '32/36', '4096 q8_0', '8192 q4_0', '131072 q4_0'],
    ['an 8 GB gaming laptop', 'qwen3-coder-30b-a3b-instruct', 'Q5_K_M', 'too-large', '0/48', '0 q4_0', '0 q4_0', '0 q4_0'],
    ['a 16 GB Mac', 'qwen3-4b', 'Q4_K_M', 'usable', '36/36', '16384 f16', '131072 q4_0', '131072 q4_0'],
    ['a 16 GB Mac', 'qwen3-1.7b', 'Q8_0', 'fast', '28/28', '16384 f16', '32768 f16', '32768 f16'],
    ['a 16 GB office machine', 'qwen3-4b', 'Q4_K_M', 'usable', '0/36', '16384 f16', '131072 q4_0', '131072 q4_0'],
    ['a 16 GB office machine', 'qwen3-8b', 'Q4_K_M', 'slow', '0/36', '16384 f16', '131072 q4_0', '131072 q4_0'],
    ['a 24 GB card', 'qwen3-4b', 'Q8_0', 'fast', '36/36', '16384 f16', '131072 q8_0', '131072 q8_0'],
    ['a 24 GB card', 'qwen3-coder-30b-a3b-instruct', 'Q4_K_M', 'fast', '48/48', '16384 f16', '131072 q4_0', '262144 q4_0'],
    ['4 GB and nothing', 'qwen3-4b', 'Q4_K_M', 'too-large', '0/36', '0 q4_0', '0 q4_0', '0 q4_0'],
    ['4 GB and nothing', 'qwen3-0.6b', 'Q8_0', 'too-large', '0/28', '0 q4_0', '0 q4_0', '0 q4_0'],
  ])('%s, %s %s is %s: %s layers, at first %s, as fast up to %s, at most %s', (name, id, quantisation, speed, layers, first, atSpeed, largest) => {
    const found = fitOf(id, quantisation, machines[name]);
    expect([found.speed, `${String(found.layers.gpu)}/${String(found.layers.all)}`, window(found.first), window(found.atSpeed), window(found.largest)]).toEqual([speed, layers, first, atSpeed, largest]);
  });

  it.each<[Name, string]>([
    ['an 8 GB gaming laptop', 'qwen3-4b Q4_K_M first-choice gpu'],
    ['a 16 GB Mac', 'qwen3-4b Q4_K_M first-choice gpu'],
    ['a 16 GB office machine', 'qwen3-4b Q4_K_M first-choice cpu'],
    ['a 24 GB card', 'qwen3-coder-30b-a3b-instruct Q4_K_M larger qwen3-4b'],
    ['a 12 GB card', 'qwen3-8b Q4_K_M larger qwen3-4b'],
    ['a 4 GB card', 'qwen3-4b Q4_K_M first-choice gpu'],
    ['6 GB and four cores', 'qwen3-1.7b Q8_0 smaller qwen3-4b too-large'],
    ['two old cores', 'qwen3-1.7b Q8_0 smaller qwen3-4b slow'],
  ])('%s, %s is recommended', (name, expected) => {
    const found = recommend(catalogue(), machines[name]);
    const words = found.kind === 'none' ? 'none' : [found.model, found.quantisation, ...Object.values(found.reason)].join(' ');
    expect(words).toBe(expected);
  });

  it('4 GB and nothing, nothing is recommended, with what is lacking', () => {
    const found = recommend(catalogue(), machines['4 GB and nothing']);
    expect(found).toMatchObject({ kind: 'none', smallest: 'qwen3-0.6b' });
    if (found.kind === 'none') expect(found.needed).toBeGreaterThan(found.available);
  });

  it('a large card, a finer quantisation is recommended where only the 4B is to be had', () => {
    const models = catalogue().models.filter(({ id }) => id === 'qwen3-4b');
    expect(recommend({ models }, machines['a 24 GB card'])).toMatchObject({ model: 'qwen3-4b', quantisation: 'Q8_0' });
    expect(recommend({ models }, machines['an 8 GB gaming laptop'])).toMatchObject({ quantisation: 'Q4_K_M' });
  });

  it('a machine where all that fits is slow, the least slow is recommended and called so', () => {
    const models = catalogue().models.filter(({ id }) => id === 'qwen3-8b');
    expect(recommend({ models }, machines['a 16 GB office machine'])).toMatchObject({ model: 'qwen3-8b', reason: { kind: 'least-slow' } });
  });
});

describe('memory', () => {
  it('is what the figures of Qwen3-4B come to', () => {
    const { memory, first } = fitOf('qwen3-4b', 'Q4_K_M', machines['an 8 GB gaming laptop']);
    expect(memory.weights).toBe(2_497_280_256);
    // 144 KiB a token in F16.
    expect(memory.kv).toBe(first.tokens * 144 * 1024);
    expect(memory.completions).toBeGreaterThan(4096 * 144 * 1024);
    expect(memory.gpu + memory.ram).toBeCloseTo(memory.weights + memory.kv + memory.compute + memory.completions, -9);
  });

  it('is for as many layers on the GPU as the user has fixed', () => {
    const machine = machines['an 8 GB gaming laptop'];
    const fixed = (gpuLayers: number): Fit => fitOf('qwen3-4b', 'Q4_K_M', { ...machine, gpuLayers });
    expect(fixed(10).layers).toEqual({ gpu: 10, all: 36 });
    expect(fixed(0)).toMatchObject({ layers: { gpu: 0 }, memory: { gpu: 0 } });
    expect(fixed(10).tokensPerSecond).toBeLessThan(fitOf('qwen3-4b', 'Q4_K_M', machine).tokensPerSecond);
  });

  it('of the blocks leaves out the matrices at their ends: 319 MB of Q6_K in the 4B', () => {
    const { shape } = known('qwen3-4b');
    expect(shape.weights.output).toBe(319_065_600);
    expect(shape.weights.layer * 36 + shape.weights.output).toBeCloseTo(2_497_280_256, -1);
  });

  it('of a file that is here already is told by its header as by the catalogue', () => {
    const facts = { architecture: 'qwen3', bytes: 2_497_280_256, quantisation: 'Q4_K_M', layers: 36, heads: 32, kvHeads: 8, headSize: 128, embedding: 2560, vocabulary: 151_936, context: 32_768, tied: true };
    const here = fit(headerModel(facts), machines['an 8 GB gaming laptop']);
    const { speed, layers, first, memory } = fitOf('qwen3-4b', 'Q4_K_M', machines['an 8 GB gaming laptop']);
    expect(here).toMatchObject({ speed, layers, first, memory });
    expect(here.largest.tokens).toBe(32_768);
  });

  it('of a mixture of experts is read in part for a token', () => {
    // 3.3 of 30.5 billion, without the two matrices at the ends.
    expect(known('qwen3-coder-30b-a3b-instruct').activeShare).toBeCloseTo(0.09, 2);
    expect(known('qwen3-4b').activeShare).toBe(1);
    const dense = headerModel({ architecture: 'x', bytes: 18e9, layers: 48, heads: 32, kvHeads: 4, headSize: 128, embedding: 2048, vocabulary: 150_000, context: 32_768, tied: false });
    const mixture = { ...dense, activeShare: 8 / 128 };
    expect(fit(mixture, machines['a 24 GB card']).tokensPerSecond).toBeGreaterThan(3 * fit(dense, machines['a 24 GB card']).tokensPerSecond);
  });
});

describe('speed', () => {
  it('is bytes over what memory delivers, and the starting of kernels', () =>
    expect(writingSpeed({ gpu: 4.2e9, ram: 0, gpuLayers: 0 }, machines['a 24 GB card'])).toBeCloseTo(100));
  it('of layers on the CPU counts cores, up to what the RAM delivers', () => {
    const on = (physicalCores: number): number => writingSpeed({ gpu: 0, ram: 1e9, gpuLayers: 0 }, { ...machines['two old cores'], physicalCores });
    expect(on(1)).toBeCloseTo(8);
    expect(on(2)).toBeCloseTo(16);
    expect(on(64)).toBe(on(8));
  });
  it('of two unlike cards lies between theirs', () => {
    const on = (vramBytes: number[]): number => writingSpeed({ gpu: 1e9, ram: 0, gpuLayers: 0 }, { ...machines['a 24 GB card'], vramBytes });
    expect(on([24 * GiB, 8 * GiB])).toBeLessThan(on([24 * GiB]));
    expect(on([24 * GiB, 8 * GiB])).toBeGreaterThan(on([8 * GiB]));
  });
  it.each([
    [20, 'fast'],
    [19.9, 'usable'],
    [6, 'usable'],
    [5.9, 'slow'],
    [0, 'slow'],
  ] as const)('of %d tokens a second is %s', (rate, expected) => expect(speedClass(rate)).toBe(expected));
});

const machine: fc.Arbitrary<Machine> = fc
  .record({
    ram: fc.integer({ min: 2, max: 128 }),
    vram: fc.array(fc.integer({ min: 1, max: 48 }), { maxLength: 3 }),
    unified: fc.boolean(),
    physicalCores: fc.integer({ min: 1, max: 32 }),
    backend: fc.constantFrom('cuda', 'vulkan', 'metal', 'cpu'),
  })
  .map(({ ram, vram, unified, physicalCores, backend }) => ({ ramBytes: ram * GiB, vramBytes: vram.map((size) => size * GiB), unified, physicalCores, backend }));
const entry = fc.constantFrom(...catalogue().models.flatMap((model) => model.files.map((file) => ({ model, file }))));

describe('whatever the machine', () => {
  it('nothing is recommended that does not fit', () => {
    fc.assert(
      fc.property(machine, (one) => {
        const found = recommend(catalogue(), one);
        if (found.kind === 'none') return;
        const { ram, gpu = 0 } = memoryOf(one);
        expect(found.fit.speed).not.toBe('too-large');
        expect(found.fit.memory.gpu).toBeLessThanOrEqual(gpu);
        expect(found.fit.memory.ram + (one.unified === true && one.backend !== 'cpu' && one.vramBytes.length > 0 ? found.fit.memory.gpu : 0)).toBeLessThanOrEqual(ram);
      }),
      { numRuns: 40 },
    );
  });

  it('more memory never gives fewer layers, a smaller largest window, or makes what fits too large', () => {
    fc.assert(
      fc.property(machine, entry, fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 24 }), (one, { model, file }, moreRam, moreVram) => {
        const shape = catalogueModel(model, file);
        const less = fit(shape, one);
        const more = fit(shape, { ...one, ramBytes: one.ramBytes + moreRam * GiB, vramBytes: one.vramBytes.map((size) => size + moreVram * GiB) });
        expect(more.layers.gpu).toBeGreaterThanOrEqual(less.layers.gpu);
        expect(more.largest.tokens).toBeGreaterThanOrEqual(less.largest.tokens);
        if (less.speed !== 'too-large') expect(more.speed).not.toBe('too-large');
      }),
      { numRuns: 150 },
    );
  });

  it('with room for 2,048 tokens only, has a larger window than one with none', () => {
    const on = (ramBytes: number): Fit => fitOf('qwen3-8b', 'Q4_K_M', { ramBytes, vramBytes: [], physicalCores: 1, backend: 'cpu' });
    expect(on(6 * GiB).largest.tokens).toBe(0);
    const tight = Array.from({ length: 64 }, (_, index) => on(8 * GiB + (index * GiB) / 16)).find(({ speed }) => speed !== 'too-large');
    expect(tight?.largest.tokens).toBe(2048);
  });

  it('windows grow from the first to the largest, and no window goes beyond the card’s', () => {
    fc.assert(
      fc.property(machine, entry, (one, { model, file }) => {
        const { first, atSpeed, largest, layers } = fit(catalogueModel(model, file), one);
        expect(atSpeed.tokens).toBeGreaterThanOrEqual(first.tokens);
        expect(largest.tokens).toBeGreaterThanOrEqual(atSpeed.tokens);
        expect(largest.tokens).toBeLessThanOrEqual(model.window.extended);
        expect(layers.gpu).toBeLessThanOrEqual(layers.all);
        expect(sizeOfFile(file).bytes).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});
