/** Files that are no model, and windows that are too large: each gives its code, and the engine lives on. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { createBackend, loadParams, modelPath, question, run } from './support/backend.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ponder-bad-models-'));
afterAll(() => rmSync(folder, { recursive: true }));
const whole = readFileSync(modelPath());

function file(name: string, bytes: Uint8Array | string): string {
  const full = path.join(folder, name);
  writeFileSync(full, bytes);
  return full;
}

let backend: LocalBackend;
afterEach(() => backend.dispose());

describe('files', () => {
  it.each([
    ['missing', path.join(folder, 'nowhere.gguf'), 'model-missing'],
    ['a folder', folder, 'model-missing'],
    ['zero-length', file('empty.gguf', ''), 'model-not-gguf'],
    ['HTML', file('page.gguf', '<!DOCTYPE html><title>404</title>'), 'model-not-gguf'],
    ['cut after the magic', file('magic.gguf', 'GGUF'), 'model-unreadable'],
    ['truncated', file('truncated.gguf', whole.subarray(0, whole.length / 2)), 'model-unreadable'],
    ['without a chat template', file('no-template.gguf', withoutTemplate()), 'model-not-chat'],
  ])('%s', async (_, path, code) => {
    backend = createBackend({ modelPath: path });
    await expect(backend.ensureReady()).rejects.toMatchObject({ code });
    const { pid } = await backend.status();
    backend.useModel(loadParams());
    await expect(run(backend, question('What can you do?', { maxTokens: 3 }))).resolves.toBeDefined();
    expect((await backend.status()).pid).toBe(pid);
  });

  it('that vanish between two loads', async () => {
    const path = file('vanishing.gguf', whole);
    backend = createBackend({ modelPath: path });
    await backend.ensureReady();
    await backend.unload();
    rmSync(path);
    await expect(backend.ensureReady()).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('that are cut short later', async () => {
    const path = file('shrinking.gguf', whole);
    truncateSync(path, whole.length - 1000);
    backend = createBackend({ modelPath: path });
    await expect(backend.ensureReady()).rejects.toMatchObject({ code: 'model-unreadable' });
  });
});

describe('a context too large for memory', () => {
  it('says how much is needed and free, and what would fit', async () => {
    backend = createBackend({ contextSize: 400_000_000 });
    const failure: unknown = await backend.ensureReady().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'context-too-large', data: { asked: 400_000_000, fits: 262_144 } });
    const { needed, free } = (failure as { data: { needed: number; free: number } }).data;
    expect(needed).toBeGreaterThan(free);
    backend.useModel(loadParams({ contextSize: 512 }));
    await expect(backend.ensureReady()).resolves.toMatchObject({ contextSize: 512 });
  });
});

describe('a backend that is not here', () => {
  it.each(['cuda', 'metal'] as const)('%s', async (gpu) => {
    backend = createBackend({ gpu });
    await expect(backend.ensureReady()).rejects.toMatchObject({ code: 'gpu-unavailable', data: { gpu } });
  });
});

/** The same file with the template's key misspelt. */
function withoutTemplate(): Uint8Array {
  const key = Buffer.from('tokenizer.chat_template');
  const at = whole.indexOf(key);
  const bytes = Buffer.from(whole);
  bytes.write('tokenizer.chat_templatX', at);
  return bytes;
}
