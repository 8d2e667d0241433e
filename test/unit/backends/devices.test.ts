import { describe, expect, it } from 'vitest';
import { deviceVariables } from '../../../src/backends/devices.ts';
import { listsEveryGpu, probe, withEveryGpu } from '../../../src/backends/every-gpu.ts';
import type { Hardware } from '../../../src/protocol/engine.ts';

function hardware(backend: Hardware['backend'], ...names: string[]): Hardware {
  return { backend, gpus: names.map((name) => ({ name })), vram: { total: 0, free: 0 }, unified: false, ram: { total: 1, free: 1 }, cores: { physical: 1, logical: 1 } };
}

describe('the GPUs that an engine sees', () => {
  it('are all, where none are chosen', () => expect(deviceVariables(undefined, { CUDA_VISIBLE_DEVICES: '1' })).toEqual({}));

  it('are those of the numbers, in their order', () => {
    expect(deviceVariables([0, 2], {})).toEqual({ CUDA_VISIBLE_DEVICES: '0,2', GGML_VK_VISIBLE_DEVICES: '0,2' });
  });

  it('are counted among those that the environment leaves, and one that is not there stays so', () => {
    expect(deviceVariables([1, 2], { CUDA_VISIBLE_DEVICES: 'GPU-a, GPU-b', GGML_VK_VISIBLE_DEVICES: '3' })).toEqual({ CUDA_VISIBLE_DEVICES: 'GPU-b,-1', GGML_VK_VISIBLE_DEVICES: '-1,-1' });
  });
});

describe('the list of GPUs', () => {
  it('of an engine is whole unless GPUs were chosen, or Vulkan has several', () => {
    expect(listsEveryGpu(hardware('cuda', 'A', 'B'), undefined)).toBe(true);
    expect(listsEveryGpu(hardware('vulkan', 'A'), undefined)).toBe(true);
    expect(listsEveryGpu(hardware('vulkan', 'A', 'B'), undefined)).toBe(false);
    expect(listsEveryGpu(hardware('cuda', 'A'), [0])).toBe(false);
  });

  it('has those that are left out at their numbers, also where two have one name', () => {
    const every = { backend: 'cuda', names: ['A', 'B', 'A'] } as const;
    expect(withEveryGpu(hardware('cuda', 'A'), every, [2]).gpus).toEqual([{ name: 'A', used: false }, { name: 'B', used: false }, { name: 'A', used: true }]);
    expect(withEveryGpu(hardware('cuda', 'A', 'A'), every, [0, 2]).gpus.map(({ used }) => used)).toEqual([true, false, true]);
  });

  it('has what Vulkan would not choose by itself', () => {
    const every = { backend: 'vulkan', names: ['llvmpipe', 'A', undefined, 'B'] } as const;
    expect(withEveryGpu(hardware('vulkan', 'A', 'B'), every, undefined).gpus).toEqual([{ name: 'llvmpipe', used: false }, { name: 'A', used: true }, { name: '?', used: false }, { name: 'B', used: true }]);
  });

  it('says of chosen ones that are not there that none is used', () => {
    expect(withEveryGpu(hardware('cpu'), { backend: 'cuda', names: ['A'] }, [4]).gpus).toEqual([{ name: 'A', used: false }]);
  });

  it('is read number by number, past one that cannot be used', async () => {
    const read = (names: readonly (string | undefined)[]) => (number: number) => Promise.resolve(names[number]);
    expect(await probe(read(['A', undefined, 'B']))).toEqual(['A', undefined, 'B']);
    expect(await probe(read(['A']))).toEqual(['A']);
    expect(await probe(read([]))).toEqual([]);
    expect(await probe(() => Promise.resolve('endless'))).toHaveLength(16);
  });
});
