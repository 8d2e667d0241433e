/** States of the KV cache on disk, with the real engine: what comes back after a restart, and what is better read anew. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { modelPath, question, run, until, type Outcome } from './support/backend.ts';
import { fill, hole } from './support/infill.ts';
import { SnapshotRig } from './support/snapshots.ts';

const file = Array.from({ length: 110 }, (_, index) => `const total${String(index)} = first + second;`).join('\n');
const about = (what: string) => question(`${file}\n\n${what}`, { maxTokens: 40 });
const asked = about('Explain the function clamp.');

/** Of the last event about reading. */
function restored({ events }: Outcome): number {
  return events.reduce((last, event) => (event.type === 'reading' ? (event.restored ?? 0) : last), 0);
}

let rig: SnapshotRig;
/** What an engine answers that has no snapshots. */
let plain: Outcome;
/** Both files of the snapshot that it leaves, put back before each test. */
const kept = new Map<string, Buffer>();

beforeAll(async () => {
  rig = new SnapshotRig();
  const backend = rig.start();
  plain = await run(backend, asked);
  await rig.saved();
  for (const name of rig.files) kept.set(name, readFileSync(path.join(rig.folder, name)));
  rig.stop();
});
beforeEach(() => {
  for (const name of rig.files) rmSync(path.join(rig.folder, name));
  for (const [name, content] of kept) writeFileSync(path.join(rig.folder, name), content);
  rig.lines.length = 0;
});
afterEach(() => rig.stop());
afterAll(() => rmSync(path.dirname(rig.folder), { recursive: true, force: true }));

/** The question costs a reading from the beginning, the answer is what it is without snapshots, and all goes on. */
async function expectReadAnew(backend: LocalBackend): Promise<void> {
  const outcome = await run(backend, asked);
  expect(restored(outcome)).toBe(0);
  expect(outcome.result.cachedTokens).toBe(0);
  expect(outcome.answer).toBe(plain.answer);
  const again = await run(backend, asked);
  expect(again.result.cachedTokens).toBe(plain.result.promptTokens - 1);
  expect(again.answer).toBe(plain.answer);
}

describe('after a restart', () => {
  it('the same question needs no reading, and has the same answer', async () => {
    const backend = rig.start();
    const { messages, thinking } = asked;
    const { tokens, cached, restorable } = await backend.measure({ messages, thinking }, new AbortController().signal);
    expect([tokens, cached, restorable]).toEqual([plain.result.promptTokens, 0, plain.result.promptTokens - 1]);
    const outcome = await run(backend, asked);
    expect(restored(outcome)).toBe(plain.result.promptTokens - 1);
    expect(outcome.result.cachedTokens).toBe(plain.result.promptTokens - 1);
    expect(outcome.answer).toBe(plain.answer);
    expect((await backend.status()).evaluatedTokens).toBeLessThan(100);
  });

  it('another question about the same file reads what is new', async () => {
    const outcome = await run(rig.start(), about('Write a test for slugify.'));
    expect(restored(outcome)).toBeGreaterThan(1100);
    expect(outcome.result.promptTokens - outcome.result.cachedTokens).toBeLessThan(30);
    const fresh = rig.start({ snapshots: { folder: rig.folder, limit: 0 } });
    expect(outcome.answer).toBe((await run(fresh, about('Write a test for slugify.'))).answer);
  });

  it('a question about something else leaves the snapshot where it is', async () => {
    const outcome = await run(rig.start(), question('What can you do?'));
    expect(restored(outcome)).toBe(0);
    expect(rig.files).toHaveLength(2);
  });

  it('reading ahead brings it back too', async () => {
    const backend = rig.start();
    await backend.ensureReady();
    const history = [...asked.messages, { role: 'assistant', content: plain.answer } as const, { role: 'user', content: '' } as const];
    await backend.preread({ messages: history, thinking: false }, new AbortController().signal);
    expect(rig.lines.join('\n')).toContain('snapshots: loaded');
    expect((await backend.status()).evaluatedTokens).toBeLessThan(100);
    const next = { ...asked, messages: [...history.slice(0, -1), { role: 'user', content: 'Write a test for slugify.' } as const] };
    const { result } = await run(backend, next);
    expect(result.promptTokens - result.cachedTokens).toBeLessThan(30);
  });

  it('a window that begins smaller than a snapshot grows for it', async () => {
    const wide = question(`${file}\n${file}\n\nExplain the function clamp.`, { maxTokens: 40 });
    const first = rig.start({ contextSize: 4096 });
    const expected = await run(first, wide);
    await until('it is saved', () => rig.lines.some((line) => line.includes('saved')));
    rig.stop();
    const backend = rig.start({ contextSize: 'auto' });
    await backend.ensureReady();
    const { messages, thinking } = wide;
    expect(expected.result.promptTokens).toBeGreaterThan(2048);
    expect((await backend.measure({ messages, thinking }, new AbortController().signal)).restorable).toBe(expected.result.promptTokens - 1);
    const outcome = await run(backend, wide);
    expect(restored(outcome)).toBe(expected.result.promptTokens - 1);
    expect(outcome.answer).toBe(expected.answer);
  });

  it('a larger window takes it, a smaller one reads anew', async () => {
    expect(restored(await run(rig.start({ contextSize: 4096 }), asked))).toBe(plain.result.promptTokens - 1);
    rig.forge(({ tokens }) => ({ sidecar: { tokens: Uint32Array.from([...tokens, ...tokens]) } }));
    await expectReadAnew(rig.start());
  });
});

describe('what is not the same', () => {
  it.each([
    ['KV type', { kvType: 'Q8_0/Q8_0' }],
    ['YaRN factor', { yarnFactor: 2 }],
    ['model file', { model: 'another' }],
  ])('%s: the prompt is read', async (_, other) => {
    rig.forge(({ key }) => ({ sidecar: { key: { ...key, ...other } } }));
    await expectReadAnew(rig.start());
    expect(rig.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('another model reads it for itself', async () => {
    const backend = rig.start({ modelPath: modelPath('tiny-qwen3-instruct-2507') });
    const outcome = await run(backend, asked);
    expect([restored(outcome), outcome.result.cachedTokens]).toEqual([0, 0]);
  });
});

describe('damage', () => {
  it('of one byte of a state costs a reading and a line in the log', async () => {
    const state = readFileSync(rig.path('.state'));
    const middle = state.length >> 1;
    state.writeUInt8(state.readUInt8(middle) ^ 1, middle);
    writeFileSync(rig.path('.state'), state);
    const backend = rig.start();
    await expectReadAnew(backend);
    expect(rig.lines.join('\n')).toMatch(/warn .*its state is damaged/);
    // What was read is saved in its place.
    await rig.saved();
    await until('the new one is whole', () => rig.lines.some((line) => line.includes('saved')));
    expect(restored(await run(rig.start(), asked))).toBe(plain.result.promptTokens - 1);
  });

  it.each([
    ['whose first word is another', (state: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 0]), state.subarray(4)])],
    ['that ends in the middle', (state: Buffer) => state.subarray(0, state.length >> 1)],
    ['that is empty', (state: Buffer) => state.subarray(0, 0)],
    ['whose layers have another shape', (state: Buffer) => withoutLayers(state)],
  ])('that only llama.cpp notices, a state %s, leaves a working engine', async (_, change) => {
    rig.forge((_sidecar, state) => ({ state: change(state) }));
    const backend = rig.start();
    await backend.ensureReady();
    // The sequence holds something when the load fails.
    await run(backend, question('What can you do?'));
    const before = (await backend.status()).pid;
    const outcome = await run(backend, asked);
    expect(restored(outcome)).toBe(0);
    expect(outcome.answer).toBe(plain.answer);
    expect(rig.lines.join('\n')).toMatch(/warn .*llama.cpp cannot load it/);
    await expect(run(backend, question('What can you do?'))).resolves.toMatchObject({ result: { reason: 'stop' } });
    const { text } = await fill(backend, hole({ form: 'file', prefix: 'def add(a, b):\n    return ', suffix: '\n' }));
    expect(text).not.toBe('');
    expect((await backend.status()).pid).toBe(before);
  });

  it('of the tokens in a state is noticed', async () => {
    // Magic, version and count come first, the tokens follow.
    rig.forge((_sidecar, state) => {
      const other = Buffer.from(state);
      other.writeUInt32LE(other.readUInt32LE(12 + 400) ^ 1, 12 + 400);
      return { state: other };
    });
    await expectReadAnew(rig.start());
    expect(rig.lines.join('\n')).toMatch(/warn .*its tokens are others/);
  });
});

describe('the folder', () => {
  it('is measured and cleared through the engine', async () => {
    const backend = rig.start();
    const bytes = [...kept.values()].reduce((sum, { length }) => sum + length, 0);
    expect(await backend.snapshots(rig.folder)).toEqual({ files: 1, bytes });
    await backend.clearSnapshots(rig.folder);
    expect(rig.files).toEqual([]);
    await expectReadAnew(backend);
  });

  it('may be one that cannot be made', async () => {
    const backend = rig.start({ snapshots: { folder: path.join(modelPath(), 'states'), limit: 1 << 30 } });
    await expectReadAnew(backend);
    await until('the save is given up', () => rig.lines.some((line) => /warn .*could not save/.test(line)));
    await expectStillAnswers(backend);
  });

  it('gets nothing where a save has no room', async () => {
    const backend = rig.start({ snapshots: { folder: rig.folder, limit: 5000 } });
    await expectReadAnew(backend);
    await until('the save is given up', () => rig.lines.some((line) => line.includes('no room')));
    expect(rig.files).toEqual([]);
  });

  it('is shared by two engines at once', async () => {
    for (const name of rig.files) rmSync(path.join(rig.folder, name));
    const other = about('Write a test for slugify.');
    const [one, two] = [rig.start(), rig.start()];
    await Promise.all([run(one, asked), run(two, other)]);
    await rig.saved(1);
    await until('both have saved, or found nothing left to save', () => rig.lines.some((line) => line.includes('saved')));
    expect((await run(one, other)).answer).toBe((await run(two, other)).answer);
  });
});

async function expectStillAnswers(backend: LocalBackend): Promise<void> {
  await expect(run(backend, question('What can you do?'))).resolves.toMatchObject({ result: { reason: 'stop' } });
}

/** The state data begin behind the tokens: number of streams, of cells, their positions; then a word on layers. Half of it is zeroed. */
function withoutLayers(state: Buffer): Buffer {
  const other = Buffer.from(state);
  const start = 12 + 4 * state.readUInt32LE(8);
  other.fill(0, start, start + ((state.length - start) >> 1));
  return other;
}
