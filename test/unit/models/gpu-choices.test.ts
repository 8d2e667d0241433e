import { describe, expect, it } from 'vitest';
import { PonderError } from '../../../src/base/errors.ts';
import { backendChoices, backendsOf, gpuChoices, offersCuda, parseLayers, pickedDevices, type Asked } from '../../../src/models/gpu-choices.ts';
import type { Hardware } from '../../../src/protocol/engine.ts';

function hardware(backend: Hardware['backend'], more: Partial<Hardware> = {}): Hardware {
  return { backend, gpus: [], vram: { total: 0, free: 0 }, unified: false, ram: { total: 1, free: 1 }, cores: { physical: 1, logical: 1 }, ...more };
}
const no = new PonderError('gpu-unavailable', 'not here');
const nvidia = { gpus: [{ name: 'NVIDIA H100' }], vram: { total: 80e9, free: 79e9 }, nvidia: true };
const withoutCuda: Asked[] = [
  { gpu: 'auto', got: hardware('vulkan', nvidia) },
  { gpu: 'cuda', got: no },
  { gpu: 'vulkan', got: hardware('vulkan', nvidia) },
  { gpu: 'cpu', got: hardware('cpu', { nvidia: true }) },
];

describe('the backends to choose from', () => {
  it('are those that there are binaries of for the platform', () => {
    expect(backendsOf('linux', 'x64')).toEqual(['auto', 'cuda', 'vulkan', 'cpu']);
    expect(backendsOf('win32', 'x64')).toContain('cuda');
    expect(backendsOf('darwin', 'arm64')).toEqual(['auto', 'metal', 'cpu']);
    expect(backendsOf('darwin', 'x64')).not.toContain('metal');
    expect(backendsOf('linux', 'arm64')).toEqual(['auto', 'cpu']);
  });

  it('say what is obtained, or why nothing is', () => {
    const choices = backendChoices(withoutCuda, 'vulkan', false);
    expect(choices.map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'Automatic: takes Vulkan here: NVIDIA H100, 80.0 GB',
      'CUDA: not installed',
      'Vulkan: NVIDIA H100, 80.0 GB',
      'CPU: always available',
    ]);
    expect(choices.map(({ available }) => available)).toEqual([true, false, true, true]);
    expect(choices.filter(({ chosen }) => chosen).map(({ gpu }) => gpu)).toEqual(['vulkan']);
  });

  it('tell a CUDA that does not start from one that is not installed', () => {
    expect(backendChoices(withoutCuda, 'auto', true)[1]?.description).toMatch(/installed, but it does not start/);
  });

  it('name only the GPUs that are used, and no memory where none is known', () => {
    const got = hardware('cuda', { gpus: [{ name: 'A', used: false }, { name: 'B', used: true }] });
    expect(backendChoices([{ gpu: 'auto', got }, { gpu: 'auto', got: hardware('cpu') }], 'auto', false).map(({ description }) => description)).toEqual(['takes CUDA here: B', 'takes CPU here']);
  });
});

describe('CUDA is offered', () => {
  it('where a GPU of NVIDIA is there and something else would be used', () => {
    expect(offersCuda(withoutCuda, true, false)).toBe(true);
    expect(offersCuda([{ gpu: 'auto', got: hardware('cpu', { nvidia: true }) }], true, false)).toBe(true);
  });

  it('nowhere else', () => {
    expect(offersCuda(withoutCuda, false, false)).toBe(false);
    expect(offersCuda(withoutCuda, true, true)).toBe(false);
    expect(offersCuda([{ gpu: 'auto', got: hardware('cuda', nvidia) }], true, false)).toBe(false);
    expect(offersCuda([{ gpu: 'auto', got: hardware('vulkan') }], true, false)).toBe(false);
    expect(offersCuda([{ gpu: 'auto', got: no }], true, false)).toBe(false);
  });
});

describe('GPUs', () => {
  const two = hardware('cuda', { gpus: [{ name: 'A' }, { name: 'B' }] });

  it('are a choice where there are several, or some are left out', () => {
    expect(gpuChoices(hardware('cuda', { gpus: [{ name: 'A' }] }), null)).toEqual([]);
    expect(gpuChoices(hardware('cuda', { gpus: [{ name: 'A' }] }), [3])).toEqual([{ number: 0, label: '0: A', picked: false }]);
    expect(gpuChoices(two, null).map(({ picked }) => picked)).toEqual([true, true]);
    expect(gpuChoices(two, [1]).map(({ picked }) => picked)).toEqual([false, true]);
  });

  it('become numbers, or nothing where it is what would be used anyway', () => {
    const choices = gpuChoices(two, null);
    expect(pickedDevices(choices, [1], [0, 1])).toEqual([1]);
    expect(pickedDevices(choices, [1, 0], [0, 1])).toBeNull();
    expect(pickedDevices(choices, [], [0, 1])).toBeNull();
    expect(pickedDevices(choices, [0, 1], [1])).toEqual([0, 1]);
  });
});

describe('layers', () => {
  it('are a number, or as many as fit', () => {
    expect(parseLayers(' 12 ', 36)).toBe(12);
    expect(parseLayers('0', undefined)).toBe(0);
    expect(parseLayers('  ', 36)).toBeNull();
  });

  it('are no more than the model has, where that is known', () => {
    expect(parseLayers('37', 36)).toBe('The model has 36 layers.');
    expect(parseLayers('37', undefined)).toBe(37);
    for (const wrong of ['-1', '1.5', 'all', '1025', '1e3']) expect(parseLayers(wrong, undefined)).toBeTypeOf('string');
  });
});
