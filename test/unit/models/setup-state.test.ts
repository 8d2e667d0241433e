import { describe, expect, it } from 'vitest';
import { catalogue, sizeOfFile } from '../../../src/models/catalogue/catalogue.ts';
import type { Choices } from '../../../src/models/choices.ts';
import type { DownloadState } from '../../../src/models/download/state.ts';
import { fit } from '../../../src/models/fit/fit.ts';
import type { Machine } from '../../../src/models/fit/machine.ts';
import { recommend } from '../../../src/models/fit/recommend.ts';
import { catalogueModel } from '../../../src/models/fit/shape.ts';
import { setupState } from '../../../src/models/setup-state.ts';
import type { SetupState } from '../../../src/protocol/setup.ts';

const GB = 1e9;
const desktop: Machine = { ramBytes: 32 * GB, vramBytes: [12 * GB], physicalCores: 8, backend: 'cuda' };
const laptop: Machine = { ramBytes: 16 * GB, vramBytes: [], physicalCores: 4, backend: 'cpu' };
const tiny: Machine = { ramBytes: 1.5 * GB, vramBytes: [], physicalCores: 2, backend: 'cpu' };

function choicesFor(machine: Machine, found: Choices['found'] = []): Choices {
  const { models } = catalogue();
  const vram = machine.vramBytes.reduce((all, each) => all + each, 0);
  return {
    hardware: { backend: machine.backend, gpus: machine.vramBytes.map(() => ({ name: 'RTX 4070' })), vram: { total: vram, free: vram * 0.9 }, unified: false, ram: { total: machine.ramBytes, free: machine.ramBytes / 2 }, cores: { physical: machine.physicalCores, logical: machine.physicalCores } },
    recommendation: recommend({ models }, machine),
    offered: models.map((model) => ({
      model,
      files: model.files.map((file) => ({ quantisation: file.quantisation, ...sizeOfFile(file), fit: fit(catalogueModel(model, file), machine), wanted: { id: model.id, name: model.name, repositories: model.repositories, path: file.parts[0]?.path ?? '' } })),
    })),
    found,
  };
}

function stateOf(choices: Choices, downloads: readonly DownloadState[] = [], chosen: ReadonlyMap<string, string> = new Map()): SetupState {
  return setupState({ choices, downloads, chosen, source: 'hub.test', failure: () => ({ sentence: 'The disk is full', ways: ['Retry'] }) });
}

function download(changes: Partial<DownloadState> = {}): DownloadState {
  const wanted = choicesFor(desktop).offered[0]?.files[1]?.wanted;
  if (!wanted) throw new Error('no model');
  return { target: '/models/a.gguf', wanted, elsewhere: false, phase: 'fetching', done: 430e6, total: 1000e6, speed: 24e6, secondsLeft: 58, ...changes };
}

const plain = (parts: readonly string[] | undefined): string | undefined => parts?.join(' · ').replaceAll('\u00a0', ' ');

describe('models to choose from', () => {
  it('begins with the recommended one and leaves out those that only complete', () => {
    const choices = choicesFor(desktop);
    const { cards, machine } = stateOf(choices);
    expect(cards[0]?.id).toBe(choices.recommendation.kind === 'model' && choices.recommendation.model);
    expect(cards.filter(({ recommended }) => recommended !== undefined)).toHaveLength(1);
    expect(cards.map(({ id }) => id)).not.toContain('qwen2.5-coder-1.5b');
    expect(machine?.replaceAll('\u00a0', ' ')).toBe('RTX 4070 (10.8 GB of 12.0 GB free), 32.0 GB RAM, 8 cores');
  });

  it('shows the recommended quantisation until another one is chosen', () => {
    const choices = choicesFor(desktop);
    const { recommendation } = choices;
    if (recommendation.kind !== 'model') throw new Error('none');
    expect(stateOf(choices).cards[0]?.chosen).toBe(recommendation.quantisation);
    expect(stateOf(choices, [], new Map([[recommendation.model, 'Q8_0']])).cards[0]?.chosen).toBe('Q8_0');
  });

  it('says how many layers the GPU holds, and nothing of layers where there is none', () => {
    const onGpu = stateOf(choicesFor(desktop)).cards.find(({ id }) => id === 'qwen3-4b')?.files[0];
    expect(onGpu?.fit).toEqual({ kind: 'well', text: 'Fits your GPU: 36/36 layers', layers: { gpu: 36, all: 36 } });
    expect(onGpu?.size).toBe('2.5\u00a0GB');
    const onCpu = stateOf(choicesFor(laptop)).cards.find(({ id }) => id === 'qwen3-4b')?.files[0];
    expect(onCpu?.fit.layers).toBeUndefined();
    expect(onCpu?.fit.text).toContain('CPU');
  });

  it('promises no larger window than this machine can have', () => {
    const windowOn = (machine: Machine): string | undefined => stateOf(choicesFor(machine)).cards.find(({ id }) => id === 'qwen3-4b-instruct-2507')?.files[0]?.window;
    expect(windowOn({ ...desktop, vramBytes: [48 * GB] })).toBe('256k context');
    expect(windowOn({ ...laptop, ramBytes: 8 * GB })).not.toBe('256k context');
  });

  it('says so where nothing fits: what is needed and what there is', () => {
    const { nothingFits, cards } = stateOf(choicesFor(tiny));
    expect(nothingFits).toMatch(/^Qwen3-0\.6B, the smallest, needs about .+ of memory\. .+ about .+\.$/);
    expect(cards.every(({ files }) => files.every(({ fit: { kind } }) => kind === 'none'))).toBe(true);
    expect(cards.every(({ recommended }) => recommended === undefined)).toBe(true);
  });

  it('offers what is here and fits, known models first, three at most', () => {
    const [known] = catalogue().models;
    const good = choicesFor(laptop).offered[0]?.files[0]?.fit;
    if (!known || !good) throw new Error('none');
    const at = (name: string) => ({ path: `/${name}.gguf`, name, place: 'ollama', size: 2.5e9 }) as const;
    const found = stateOf(choicesFor(laptop, [{ file: at('unread') }, { file: at('other'), fit: good }, { file: at('huge'), fit: { ...good, speed: 'too-large' } }, { file: at('qwen3:4b'), model: known, fit: good }])).found;
    expect(found).toEqual([
      { path: '/qwen3:4b.gguf', name: 'Qwen3-4B', where: 'Ollama, 2.5\u00a0GB' },
      { path: '/other.gguf', name: 'other', where: 'Ollama, 2.5\u00a0GB' },
    ]);
  });
});

describe('downloads on a card', () => {
  const shown = (changes: Partial<DownloadState>) => stateOf(choicesFor(desktop), [download(changes)]).cards.find(({ id }) => id === 'qwen3-4b');

  it('shows the quantisation that is under way, with per cent, speed and time left', () => {
    const card = shown({});
    expect(card?.chosen).toBe('Q5_K_M');
    expect(plain(card?.download?.parts)).toBe('43 % · 24 MB/s · about 1 min left');
    expect(card?.download).toMatchObject({ kind: 'busy', share: 0.43, news: 'Downloading Qwen3-4B: 25 %' });
  });

  it.each([
    [{ phase: 'paused' }, 'paused', 'Paused at 43 %'],
    [{ phase: 'queued', total: undefined }, 'busy', 'Waits for another download'],
    [{ phase: 'waiting', attempt: 2 }, 'busy', '43 % · The connection is gone, attempt 3'],
    [{ phase: 'checking' }, 'busy', 'Checking what has arrived'],
    [{ phase: 'fetching', elsewhere: true, speed: 0 }, 'busy', '43 % · in another window'],
  ] as const)('says how it stands: %o', (changes, kind, parts) => {
    const { total, ...rest } = { total: 1000e6, ...changes };
    const state = shown(total === undefined ? { ...rest, done: 0 } : { ...rest, total })?.download;
    expect(state?.kind).toBe(kind);
    expect(plain(state?.parts)).toBe(parts);
  });

  it('says why it failed, and the ways out', () => {
    expect(shown({ phase: 'failed' })?.download).toMatchObject({ kind: 'failed', error: 'The disk is full', ways: ['Retry'] });
  });

  it('says nothing of what is done or cancelled', () => {
    expect(shown({ phase: 'done' })?.download).toBeUndefined();
    expect(shown({ phase: 'cancelled' })?.download).toBeUndefined();
  });
});
