/** Managers and hubs that are gone after each test, on a folder of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from 'vitest';
import { silentLogger } from '../../../../src/base/log.ts';
import { DownloadManager, type ManagerOptions } from '../../../../src/models/download/manager.ts';
import type { DownloadState } from '../../../../src/models/download/state.ts';
import type { Wanted } from '../../../../src/models/download/wanted.ts';
import { startHub, type HubOptions, type TestHub } from './hub.ts';

export const model = (seed: number, length = 400_000): Buffer => Buffer.concat([Buffer.from('GGUF'), Buffer.from(Array.from({ length }, (_, index) => (index * seed) % 251))]);
export const bytes = model(7);
export const wanted: Wanted = { id: 'tiny', name: 'Tiny', repositories: { huggingface: 'Qwen/Tiny-GGUF', modelscope: 'qwen/Tiny-GGUF' }, path: 'tiny-q4.gguf' };
export const split: Wanted = { ...wanted, id: 'split', name: 'Split', path: 'Q8/split-00001-of-00003.gguf' };
export const splitFiles = { 'Q8/split-00001-of-00003.gguf': model(3), 'Q8/split-00002-of-00003.gguf': model(5), 'Q8/split-00003-of-00003.gguf': model(11) };

export let folder = '';
let hubs: TestHub[] = [];
const managers: DownloadManager[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ponder-manager-'));
});
afterEach(async () => {
  for (const manager of managers.splice(0)) manager.dispose();
  await Promise.all(hubs.map((hub) => hub.close()));
  hubs = [];
  await sleep(20);
  rmSync(folder, { recursive: true, force: true });
});

export async function hub(content: Readonly<Record<string, Buffer>> = { 'tiny-q4.gguf': bytes }, options?: HubOptions): Promise<TestHub> {
  const started = await startHub(content, options);
  hubs.push(started);
  return started;
}

export function manage(from: readonly TestHub[], options: Partial<ManagerOptions> = {}): { readonly manager: DownloadManager; readonly seen: DownloadState[] } {
  const manager = new DownloadManager({
    folder: () => folder,
    endpoints: () => from.map(({ endpoint }) => endpoint),
    token: () => Promise.resolve(undefined),
    patience: { stall: 300, first: 1, longest: 5, attempts: 3 },
    logger: silentLogger,
    beat: 20,
    spare: 0,
    ...options,
  });
  managers.push(manager);
  const seen: DownloadState[] = [];
  manager.onDidChange((state) => seen.push(state));
  return { manager, seen };
}

/** Until so many bytes are there. */
export async function until(manager: DownloadManager, done: number): Promise<DownloadState> {
  return awaited(manager, (state) => state.done >= done);
}

export async function awaited(manager: DownloadManager, right: (state: DownloadState) => boolean): Promise<DownloadState> {
  for (let waited = 0; waited < 10_000; waited += 5) {
    const found = manager.all.find(right);
    if (found) return found;
    await sleep(5);
  }
  throw new Error(`It never came: ${JSON.stringify(manager.all)}`);
}

export const target = (name = 'tiny/tiny-q4.gguf'): string => path.join(folder, name);

/** The file is there, right, and nothing else is. */
export function expectRight(): void {
  expect(readFileSync(target()).equals(bytes)).toBe(true);
  expect(readdirSync(path.dirname(target()))).toEqual(['tiny-q4.gguf']);
}
