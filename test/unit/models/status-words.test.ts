import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BackendState } from '../../../src/backends/backend.ts';
import { fakeModel } from '../../../src/backends/fake.ts';
import type { DownloadState } from '../../../src/models/download/state.ts';
import { menuEntries, type MenuFacts } from '../../../src/models/menu-entries.ts';
import { itemView, type StatusFacts, type StatusView } from '../../../src/models/status-words.ts';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { contributes: { commands: { command: string }[] } };
const commands = new Set(manifest.contributes.commands.map(({ command }) => command));

const params = { modelPath: 'C:\\models\\Qwen3-4B-Q4_K_M.gguf', gpu: 'auto', contextSize: 'auto' } as const;
const ready: BackendState = { kind: 'ready', model: { ...fakeModel, name: 'Qwen3-4B', quantisation: 'Q4_K_M', layers: 36, gpuLayers: 36, contextSize: 65_536, yarnFactor: 2, kvType: 'q8_0', size: 2.5e9 } };
const completions: StatusView = { text: '$(sparkle) Ponder', label: 'Ponder completions: Ready', lines: ['Ready', 'asked by infill tokens'], warning: false };
const calm: StatusFacts = { engine: ready, downloads: [], completions };

function download(changes: Partial<DownloadState> = {}): DownloadState {
  return { target: '/a.gguf', wanted: { id: 'a', name: 'Qwen3-8B', repositories: {}, path: 'a.gguf' }, elsewhere: false, phase: 'fetching', done: 43, total: 100, speed: 0, ...changes };
}
const view = (facts: Partial<StatusFacts>): StatusView => itemView({ ...calm, ...facts });

describe('the item in the status bar', () => {
  it('says what completions say while nothing matters more, with the facts behind it', () => {
    expect(view({})).toEqual({
      ...completions,
      lines: ['Qwen3-4B Q4_K_M · 36/36 layers on the GPU', 'Window of 64k tokens · YaRN ×2 · KV cache in 8 bits', 'Completions: Ready', 'asked by infill tokens'],
    });
  });

  it('says how far a model is loaded, and a download, the load first', () => {
    const loading: BackendState = { kind: 'loading', params, fraction: 0.409 };
    expect(view({ engine: loading, downloads: [download()] }).text).toBe('$(loading~spin) Ponder 40 %');
    expect(view({ downloads: [download()] })).toMatchObject({ text: '$(cloud-download) Ponder 43 %', label: 'Ponder: downloading Qwen3-8B' });
    expect(view({ downloads: [download()] }).lines).toContain('Qwen3-8B: 0 KB of 0 KB');
  });

  it('shows the download that moves before those that wait', () => {
    const queued = download({ phase: 'queued', done: 0 });
    expect(view({ downloads: [download({ phase: 'paused', done: 9 }), queued, download({ done: 70 })] }).text).toContain('70 %');
  });

  it('shows a download that rests only where there is no model to speak of', () => {
    const paused = download({ phase: 'paused' });
    expect(view({ downloads: [paused] }).text).toBe('$(sparkle) Ponder');
    expect(view({ engine: { kind: 'missing' }, downloads: [paused] }).text).toBe('$(debug-pause) Ponder 43 %');
    expect(view({ engine: { kind: 'missing' }, downloads: [download({ phase: 'failed' })] }).warning).toBe(true);
    expect(view({ engine: { kind: 'missing' }, downloads: [download({ phase: 'done' })] }).text).toBe('$(sparkle) Ponder');
  });

  it('warns when the engine is down, and is quiet when it is turned off', () => {
    const down: BackendState = { kind: 'down', crashes: 3 };
    expect(view({ engine: down })).toMatchObject({ warning: true, text: '$(warning) Ponder' });
    expect(view({ engine: { kind: 'off' }, downloads: [download()] })).toEqual({ text: '$(circle-slash) Ponder', label: 'Ponder: turned off', lines: ['Ponder is turned off'], warning: false });
  });

  it('names the file before its model is loaded, by its name alone', () => {
    expect(view({ engine: { kind: 'idle', params } }).lines[0]).toBe('Qwen3-4B-Q4_K_M loads with its first use');
  });
});

describe('the menu', () => {
  const status = { library: '3.22.1', loaded: true, active: 0, evaluatedTokens: 9, cpuMs: 1, memory: 4.1e9, context: { predicted: 1e9, allocated: 1.2e9 }, windows: 1, models: 1, modelLoads: 1 };
  const facts: MenuFacts = { engine: ready, status, downloads: [], completions: 'Ready', tokensPerSecond: 38.2 };
  const ids = (changes: Partial<MenuFacts>): (string | undefined)[] => menuEntries({ ...facts, ...changes }).map(({ command }) => command);

  it('begins with who answers, where it runs, its window, memory and speed', () => {
    expect(menuEntries(facts).slice(0, 2)).toEqual([
      {
        label: '$(file-binary) Qwen3-4B Q4_K_M',
        description: '36/36 layers on the GPU · 38 tokens/s in the last answer',
        detail: 'Window of 64k tokens · YaRN ×2 · KV cache in 8 bits',
        command: 'ponder.chooseModel',
      },
      {
        label: '$(stop-circle) Unload the model',
        description: 'frees its memory',
        detail: 'Weights 2.5 GB · context 1.2 GB · the engine holds 4.1 GB of RAM',
        command: 'ponder.unloadModel',
      },
    ]);
  });

  it('loads what is not loaded, unloads what is, and brings the engine back', () => {
    expect(ids({})).toContain('ponder.unloadModel');
    expect(ids({})).not.toContain('ponder.loadModel');
    expect(ids({ engine: { kind: 'idle', params } })).toContain('ponder.loadModel');
    expect(ids({ engine: { kind: 'down', crashes: 3 } })[0]).toBe('ponder.restartEngine');
    expect(ids({ engine: { kind: 'missing' } })[0]).toBe('ponder.focusChat');
  });

  it('has downloads while there are some', () => {
    expect(ids({})).not.toContain('ponder.showDownloads');
    const entry = menuEntries({ ...facts, downloads: [download()] }).find(({ command }) => command === 'ponder.showDownloads');
    expect(entry?.description).toBe('Qwen3-8B 43 %');
  });

  it('offers to turn it on, and help, when it is off', () => {
    expect(ids({ engine: { kind: 'off' } })).toEqual(['ponder.togglePonder', undefined, 'ponder.openWalkthrough', 'ponder.diagnose', 'ponder.showLog', 'ponder.openSettings']);
  });

  it('names only commands that there are', () => {
    const engines: BackendState[] = [ready, { kind: 'missing' }, { kind: 'idle', params }, { kind: 'loading', params, fraction: 0.5 }, { kind: 'down', crashes: 3 }];
    for (const engine of engines) {
      for (const command of ids({ engine, downloads: [download()] })) if (command !== undefined) expect(commands).toContain(command);
    }
  });
});
