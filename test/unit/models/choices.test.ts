import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fakeHardware } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import type { Choices } from '../../../src/models/choices.ts';
import { entriesOf, type Entry } from '../../../src/models/entries.ts';
import { findModels } from '../../../src/models/found/places.ts';
import { readHeader } from '../../../src/models/header/read.ts';
import { knownHardware, machineOf, readChoices } from '../../../src/models/read-choices.ts';
import { fitLine, machineLine, reasonSentence, recommendationSentence, refusalSentence, speedLine } from '../../../src/models/words.ts';
import type { Hardware } from '../../../src/protocol/engine.ts';

const GiB = 2 ** 30;
const home = mkdtempSync(path.join(tmpdir(), 'ponder-choices-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const tiny = fileURLToPath(new URL('../../fixtures/tiny-qwen3/tiny-qwen3.gguf', import.meta.url));
const lmStudio = path.join(home, '.lmstudio', 'models', 'someone', 'Tiny');
mkdirSync(lmStudio, { recursive: true });
const here = path.join(lmStudio, 'Tiny.gguf');
copyFileSync(tiny, here);

const gpuMachine: Hardware = {
  backend: 'vulkan',
  gpus: [{ name: 'Card' }],
  vram: { total: 12 * GiB, free: 11 * GiB },
  unified: false,
  ram: { total: 32 * GiB, free: 20 * GiB },
  cores: { physical: 8, logical: 16 },
};

async function choicesOn(hardware: Hardware): Promise<Choices> {
  const found = await findModels({ ponder: path.join(home, 'ponder'), env: {}, home });
  return readChoices({ hardware, folder: path.join(home, 'ponder'), found, headerOf: ({ path: file }) => readHeader(file) });
}

const labels = (entries: readonly Entry[]): string[] => entries.map(({ label }) => label);

describe('choices', () => {
  it('have every model of the catalogue in its quantisations, with what each would do', async () => {
    const { offered, recommendation } = await choicesOn(gpuMachine);
    expect(offered[0]?.model.id).toBe('qwen3-4b');
    const [smallest] = offered[0]?.files ?? [];
    expect(smallest).toMatchObject({ quantisation: 'Q4_K_M', bytes: 2_497_280_256, exact: true, wanted: { id: 'qwen3-4b', path: 'Qwen3-4B-Q4_K_M.gguf' } });
    expect(smallest?.fit.layers).toEqual({ gpu: 36, all: 36 });
    expect(recommendation.kind).toBe('model');
  });

  it('have what lies here, with a fit of its own header', async () => {
    const { found } = await choicesOn(fakeHardware);
    expect(found).toMatchObject([{ file: { path: here, place: 'lmstudio' }, chats: true }]);
    expect(found[0]?.fit?.first.tokens).toBeGreaterThan(0);
  });

  it('know a downloaded file by its place, and by name and size elsewhere', async () => {
    const at = path.join(home, 'ponder', 'qwen3-4b', 'Qwen3-4B-Q4_K_M.gguf');
    const read = (size: number, file: string): Promise<Choices> =>
      readChoices({ hardware: fakeHardware, folder: path.join(home, 'ponder'), found: [{ path: file, name: 'x', place: 'ponder', size }], headerOf: () => Promise.resolve({ kind: 'refused', refusal: { why: 'missing' } }) });
    const pathOf = async (choices: Promise<Choices>): Promise<string | undefined> => (await choices).offered[0]?.files[0]?.path;
    expect(await pathOf(read(1, at))).toBe(at);
    expect(await pathOf(read(2_497_280_256, '/elsewhere/Qwen3-4B-Q4_K_M.gguf'))).toBe('/elsewhere/Qwen3-4B-Q4_K_M.gguf');
    expect(await pathOf(read(2_497_280_255, '/elsewhere/Qwen3-4B-Q4_K_M.gguf'))).toBeUndefined();
  });
});

describe('hardware', () => {
  it('is what the system says where the engine does not start, and the reason is kept', async () => {
    const failing = { hardware: () => Promise.reject(new PonderError('engine-start-failed', 'no')) };
    const { hardware, guessed } = await knownHardware(failing, 'auto');
    expect(guessed?.code).toBe('engine-start-failed');
    expect(hardware).toMatchObject({ backend: 'cpu', gpus: [] });
    expect(hardware.ram.total).toBeGreaterThan(0);
    expect(machineLine({ hardware, ...(guessed ? { guessed } : {}) })).toContain('could not look for a GPU');
  });

  it('of a backend that is not there is that of the CPU', async () => {
    const asked: string[] = [];
    const backend = {
      hardware: (gpu: string): Promise<Hardware> => {
        asked.push(gpu);
        return gpu === 'cpu' ? Promise.resolve(fakeHardware) : Promise.reject(new PonderError('gpu-unavailable', 'no'));
      },
    };
    expect(await knownHardware(backend, 'cuda')).toMatchObject({ hardware: fakeHardware, guessed: { code: 'gpu-unavailable' } });
    expect(asked).toEqual(['cuda', 'cpu']);
  });

  it('becomes a machine: several GPUs share their memory evenly, none has none', () => {
    expect(machineOf({ ...gpuMachine, gpus: [{ name: 'a' }, { name: 'b' }] }).vramBytes).toEqual([6 * GiB, 6 * GiB]);
    expect(machineOf(fakeHardware).vramBytes).toEqual([]);
    expect(machineOf({ ...gpuMachine, gpus: [{ name: 'a' }, { name: 'b', used: false }] }).vramBytes).toEqual([12 * GiB]);
  });
});

describe('the picker', () => {
  it('lists what is in use, what is here by place, what can be downloaded, and the rest, in that order', async () => {
    const choices = await choicesOn(gpuMachine);
    const entries = entriesOf(choices, { purpose: 'chat', current: '/models/Mine.gguf' });
    expect(entries.filter(({ kind }) => kind === 'heading').map(({ label }) => label)).toEqual(['In use', 'On this computer: LM Studio', 'To download', 'Elsewhere']);
    expect(entries[1]).toMatchObject({ kind: 'use', label: 'Mine.gguf', inUse: true });
    expect(entries[3]).toMatchObject({ kind: 'use', label: 'Tiny', path: here });
    expect(labels(entries).slice(-2)).toEqual(['$(file) Use a file…', '$(folder) Models folder…']);
  });

  it('stars one model, the first to download, and says why', async () => {
    const entries = entriesOf(await choicesOn(gpuMachine), { purpose: 'chat', current: '' });
    const downloads = entries.filter((entry) => entry.kind === 'download');
    expect(downloads.filter(({ label }) => label.startsWith('$(star-full)'))).toEqual([downloads[0]]);
    expect(downloads[0]?.detail).toMatch(/^Recommended: .+GPU.+layers on the GPU, window up to \d+k, from .+ of memory, (fast|usable)/);
  });

  it('of completions begins with models that were trained to fill holes, and stars none', async () => {
    const downloads = entriesOf(await choicesOn(gpuMachine), { purpose: 'completion', current: '' }).filter((entry) => entry.kind === 'download');
    expect(downloads[0]?.offered.model.infill).toBe('trained');
    expect(downloads.some(({ label }) => label.includes('star'))).toBe(false);
  });

  it('says what it can before the machine is known', () => {
    expect(labels(entriesOf(undefined, { purpose: 'chat', current: '/m/Mine.gguf' }))).toEqual(['In use', 'Mine.gguf', 'Elsewhere', '$(file) Use a file…', '$(folder) Models folder…']);
  });

  it('leaves out files that are no models, and for chats those that only complete', async () => {
    const choices = await choicesOn(fakeHardware);
    const [found] = choices.found;
    if (!found) throw new Error('nothing found');
    const uses = (each: typeof found, purpose: 'chat' | 'completion'): number => entriesOf({ ...choices, found: [each] }, { purpose, current: '' }).filter(({ kind }) => kind === 'use').length;
    expect(uses({ ...found, chats: false }, 'chat')).toBe(0);
    expect(uses({ ...found, chats: false }, 'completion')).toBe(1);
    expect(uses({ ...found, refusal: { why: 'cut-short' } }, 'completion')).toBe(0);
  });
});

describe('in words', () => {
  it('a speed is no more exact than an estimate', () => {
    expect(speedLine({ speed: 'fast', tokensPerSecond: 43.7 })).toBe('fast (about 45 tokens/s)');
    expect(speedLine({ speed: 'usable', tokensPerSecond: 7.4 })).toBe('usable (about 7 tokens/s)');
    expect(speedLine({ speed: 'slow', tokensPerSecond: 0.2 })).toBe('very slow (less than 1 token/s)');
  });

  it('a model that is too large says so, and what it needs', async () => {
    const { offered } = await choicesOn({ ...fakeHardware, ram: { total: 4 * GiB, free: 2 * GiB } });
    const largest = offered.find(({ model }) => model.id.includes('30b'))?.files[0];
    expect(largest && fitLine(largest.fit)).toMatch(/^Too large for this computer: needs \d/);
  });

  it('each reason and each refusal is a sentence', () => {
    const reasons = [
      ...(['gpu', 'both', 'cpu'] as const).map((where) => reasonSentence({ kind: 'first-choice', where })),
      reasonSentence({ kind: 'larger', than: 'qwen3-4b' }),
      ...(['too-large', 'slow', 'small-window'] as const).map((because) => reasonSentence({ kind: 'smaller', insteadOf: 'qwen3-4b', because })),
      reasonSentence({ kind: 'least-slow' }),
      recommendationSentence({ kind: 'none', smallest: 'qwen3-4b', needed: 2e9, available: 1e9 }),
      ...(['missing', 'empty', 'not-gguf', 'cut-short', 'damaged', 'later-part', 'not-a-model', 'embedding', 'not-chat'] as const).map((why) => refusalSentence({ why }, 'x.gguf')),
    ];
    expect(new Set(reasons).size).toBe(reasons.length);
    for (const reason of reasons) expect(reason).toMatch(/[.…]$/);
    expect(reasons[3]).toContain('Qwen3-4B');
  });
});
