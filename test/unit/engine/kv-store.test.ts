import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SnapshotKey } from '../../../src/engine/kv-sidecar.ts';
import { decodeSidecar, encodeSidecar } from '../../../src/engine/kv-sidecar.ts';
import { clearSnapshots, KvStore, snapshotUsage } from '../../../src/engine/kv-store.ts';

const key: SnapshotKey = { model: 'm', library: '1.0.0', yarnFactor: 1, kvType: 'F16/F16', attention: 'false' };
const never = new AbortController().signal;
const megabyte = 1 << 20;

let folder: string;
let lines: string[];
let clock: number;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'kv-')), 'states');
  lines = [];
  clock = Date.now();
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

function store(limit = megabyte, at = folder): KvStore {
  return new KvStore({ folder: at, limit, log: (level, message) => lines.push(`${level} ${message}`), now: () => ++clock });
}

const state = (text: string) => (file: string) => writeFile(file, text);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

async function save(kv: KvStore, tokens: readonly number[], { text = `state of ${tokens.join()}`, under = key } = {}): Promise<boolean> {
  return kv.write({ key: under, tokens: Uint32Array.from(tokens), bytes: text.length }, state(text));
}

/** The text that a prompt would get from disk. */
async function lookUp(kv: KvStore, prompt: readonly number[], { under = key, longest = 1000 } = {}): Promise<{ text: string; common: number } | undefined> {
  const found = await kv.find(under, prompt, longest);
  const file = found && (await kv.verify(found.snapshot, never));
  return file === undefined ? undefined : { text: readFileSync(file, 'utf8'), common: found?.common ?? 0 };
}

const names = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const fileOf = (end: string): string => path.join(folder, names().find((name) => name.endsWith(end)) ?? 'none');

describe('a snapshot', () => {
  it('is found by another engine, by the longest common beginning, and has what was saved', async () => {
    const one = store();
    await save(one, [1, 2, 3, 9], { text: 'three' });
    await save(one, [1, 2, 7], { text: 'two' });
    const other = store();
    await other.open();
    expect(await lookUp(other, [1, 2, 3, 4, 5])).toEqual({ text: 'three', common: 3 });
    expect(await lookUp(other, [1, 2, 7, 4])).toEqual({ text: 'two', common: 3 });
    expect(await lookUp(other, [4, 1, 2])).toBeUndefined();
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('that continues another one takes its place; one that branches off does not', async () => {
    const kv = store();
    await save(kv, [1, 2, 3], { text: 'short' });
    await save(kv, [1, 2, 4], { text: 'branch' });
    await save(kv, [1, 2, 3, 4, 5], { text: 'long' });
    expect((await snapshotUsage(folder)).files).toBe(2);
    expect(await lookUp(kv, [1, 2, 3])).toEqual({ text: 'long', common: 3 });
    expect(await lookUp(kv, [1, 2, 4])).toEqual({ text: 'branch', common: 3 });
  });

  it('that is longer than the context is left out', async () => {
    const kv = store();
    await save(kv, range(0, 20));
    expect(await lookUp(kv, range(0, 20), { longest: 19 })).toBeUndefined();
    expect(await lookUp(kv, range(0, 20), { longest: 20 })).toMatchObject({ common: 20 });
  });

  it.each([
    ['model', 'other'],
    ['library', '1.0.1'],
    ['yarnFactor', 2],
    ['kvType', 'Q8_0/Q8_0'],
    ['attention', 'auto'],
  ] as const)('of another %s is not found, and stays', async (name, value) => {
    const kv = store();
    const foreign = { ...key, [name]: value };
    await save(kv, [1, 2, 3], { under: foreign });
    expect(await lookUp(kv, [1, 2, 3])).toBeUndefined();
    expect(await lookUp(kv, [1, 2, 3], { under: foreign })).toMatchObject({ common: 3 });
    // Nor does it give way to a longer one.
    await save(kv, [1, 2, 3, 4]);
    expect((await snapshotUsage(folder)).files).toBe(2);
  });

  it('is readable by its owner alone, in a folder that was open to others', async () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    await save(store(), [1, 2, 3]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(names()).toHaveLength(2);
    for (const name of names()) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  });
});

describe('damage', () => {
  interface Files {
    readonly sidecar: string;
    readonly state: string;
  }

  async function saved(): Promise<Files> {
    rmSync(folder, { recursive: true, force: true });
    await save(store(), [1, 2, 3], { text: 'the state' });
    return { sidecar: fileOf('.json'), state: fileOf('.state') };
  }

  async function expectDropped(): Promise<void> {
    lines = [];
    const kv = store();
    await kv.open();
    expect(await lookUp(kv, [1, 2, 3])).toBeUndefined();
    expect(lines.join('\n')).toMatch(/snapshots: (dropping|removing)/);
    expect(names()).toEqual([]);
  }

  /** Both files as they are, but for one of them. */
  async function expectDroppedWith(files: Files, sound: Readonly<Record<keyof Files, Buffer>>, which: keyof Files, broken: Buffer): Promise<void> {
    for (const name of ['sidecar', 'state'] as const) writeFileSync(files[name], name === which ? broken : sound[name]);
    await expectDropped();
  }

  const read = (files: Files): Record<keyof Files, Buffer> => ({ sidecar: readFileSync(files.sidecar), state: readFileSync(files.state) });

  function flipped(sound: Buffer, bit: number): Buffer {
    const broken = Buffer.from(sound);
    broken.writeUInt8(broken.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return broken;
  }

  it('of any bit of the sidecar is noticed', async () => {
    const { sidecar } = read(await saved());
    expect(decodeSidecar(sidecar).tokens).toEqual(Uint32Array.of(1, 2, 3));
    for (let bit = 0; bit < sidecar.length * 8; bit++) {
      expect(() => decodeSidecar(flipped(sidecar, bit)), `bit ${String(bit)}`).toThrow();
    }
  });

  it.each(['sidecar', 'state'] as const)('of any byte of the %s drops the snapshot', async (which) => {
    const files = await saved();
    const sound = read(files);
    for (let index = 0; index < sound[which].length; index++) await expectDroppedWith(files, sound, which, flipped(sound[which], index * 8 + (index % 8)));
  });

  it.each(['sidecar', 'state'] as const)('by cutting the %s short, wherever, drops the snapshot', async (which) => {
    const files = await saved();
    const sound = read(files);
    for (let length = 0; length < sound[which].length; length++) await expectDroppedWith(files, sound, which, sound[which].subarray(0, length));
  });

  it('leaves the folder as good as before', async () => {
    writeFileSync((await saved()).state, 'other');
    await expectDropped();
    const kv = store();
    expect(await save(kv, [1, 2, 3], { text: 'anew' })).toBe(true);
    expect(await lookUp(kv, [1, 2, 3])).toMatchObject({ text: 'anew' });
  });

  it('by something that follows drops the snapshot', async () => {
    for (const end of ['sidecar', 'state'] as const) {
      const files = await saved();
      writeFileSync(files[end], Buffer.concat([readFileSync(files[end]), Buffer.from(' ')]));
      await expectDropped();
    }
  });

  it('by a lost state drops the snapshot, also when it goes after the first look', async () => {
    rmSync((await saved()).state);
    await expectDropped();
    await saved();
    const kv = store();
    const found = await kv.find(key, [1, 2, 3], 10);
    rmSync(fileOf('.state'));
    expect(found && (await kv.verify(found.snapshot, never))).toBeUndefined();
    expect(names()).toEqual([]);
  });

  it('is no other format, which is dropped too', async () => {
    const { sidecar } = await saved();
    const json = readFileSync(sidecar).subarray(65).toString().replace('"format":1', '"format":2');
    const { createHash } = await import('node:crypto');
    writeFileSync(sidecar, `${createHash('sha256').update(json).digest('hex')}\n${json}`);
    await expectDropped();
  });

  it('to one leaves the next best', async () => {
    const kv = store();
    await save(kv, [1, 2], { text: 'good' });
    await save(kv, [1, 3], { text: 'other' });
    await kv.open();
    const found = await kv.find(key, [1, 2], 10);
    if (found) await kv.drop(found.snapshot.id, 'as a test');
    expect(await lookUp(kv, [1, 2])).toEqual({ text: 'other', common: 1 });
  });
});

describe('the limit', () => {
  it('drops what was used longest ago, and being found and loaded is use', async () => {
    const text = 'x'.repeat(1000);
    // Three of about 1,400 bytes.
    const kv = store(4500);
    for (const first of [1, 2, 3]) expect(await save(kv, [first], { text })).toBe(true);
    const found = await kv.find(key, [1], 10);
    if (found) await kv.touch(found.snapshot);
    expect(await save(kv, [4], { text })).toBe(true);
    const left = await Promise.all([1, 2, 3, 4].map(async (first) => (await lookUp(kv, [first])) !== undefined));
    expect(left).toEqual([true, false, true, true]);
    expect((await snapshotUsage(folder)).bytes).toBeLessThanOrEqual(4500);
  });

  it('lets what is continued go before what is older', async () => {
    const text = 'x'.repeat(1000);
    const kv = store(3200);
    await save(kv, [1], { text });
    await save(kv, [2], { text });
    await save(kv, [2, 3], { text });
    expect(await lookUp(kv, [1])).toMatchObject({ common: 1 });
    expect(await lookUp(kv, [2, 3])).toMatchObject({ common: 2 });
  });

  it('of 0 keeps nothing, and removes what is there', async () => {
    await save(store(), [1, 2, 3]);
    const kv = store(0);
    await kv.open();
    expect(names()).toEqual([]);
    expect(await save(kv, [1, 2, 3])).toBe(false);
    expect(names()).toEqual([]);
  });

  it('is not passed by a state that is larger than was thought', async () => {
    const kv = store(2000);
    await save(kv, [1]);
    expect(await kv.write({ key, tokens: Uint32Array.of(2), bytes: 10 }, state('x'.repeat(3000)))).toBe(false);
    expect(await lookUp(kv, [1])).toMatchObject({ common: 1 });
    expect((await snapshotUsage(folder)).files).toBe(1);
    // Fits alone, not beside the other.
    expect(await kv.write({ key, tokens: Uint32Array.of(2), bytes: 10 }, state('x'.repeat(1500)))).toBe(true);
    expect((await snapshotUsage(folder)).bytes).toBeLessThanOrEqual(2000);
    expect(await lookUp(kv, [2])).toMatchObject({ common: 1 });
  });
});

describe('two engines in one folder', () => {
  it('save at the same time, and each finds what the other saved', async () => {
    const [one, other] = [store(), store()];
    const results = await Promise.all(range(0, 10).flatMap((first) => [save(one, [first, 1]), save(other, [first, 2])]));
    expect(results.every(Boolean)).toBe(true);
    for (const first of range(0, 10)) {
      expect(await lookUp(one, [first, 2])).toEqual({ text: `state of ${String(first)},2`, common: 2 });
      expect(await lookUp(other, [first, 1])).toEqual({ text: `state of ${String(first)},1`, common: 2 });
    }
  });

  it('take it well when one removes what the other has just found', async () => {
    const [one, other] = [store(), store()];
    await save(one, [1, 2]);
    const found = await other.find(key, [1, 2], 10);
    await clearSnapshots(folder);
    expect(found && (await other.verify(found.snapshot, never))).toBeUndefined();
    expect(await other.find(key, [1, 2], 10)).toBeUndefined();
  });

  it('leave what the other is writing alone, and clear it only when asked to', async () => {
    const [one, other] = [store(), store()];
    const result = one.write({ key, tokens: Uint32Array.of(1), bytes: 10 }, async (file) => {
      await writeFile(file, 'half');
      await other.open();
      expect(existsSync(file)).toBe(true);
      await writeFile(file, 'whole');
    });
    expect(await result).toBe(true);
    expect(await lookUp(other, [1])).toMatchObject({ text: 'whole' });
    const cleared = one.write({ key, tokens: Uint32Array.of(2), bytes: 10 }, async (file) => {
      await writeFile(file, 'half');
      await clearSnapshots(folder);
    });
    expect(await cleared).toBe(false);
    expect(names()).toEqual([]);
  });
});

describe('an interrupted write', () => {
  const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid;
  const leftover = (pid: number, end: string): string => {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${String(pid)}-0123456789abcdef.${end}`);
    writeFileSync(file, 'x');
    return file;
  };

  it.each(['state.tmp', 'state', 'json.tmp', 'json'])('that left a .%s is cleared away with the process gone', async (end) => {
    const file = leftover(dead(), end);
    await store().open();
    expect(existsSync(file)).toBe(false);
    expect(lines.join()).toContain('left by an interrupted write');
  });

  it.each(['state.tmp', 'state'])('that left a .%s is left alone while its process lives, but not for ever', async (end) => {
    const file = leftover(process.ppid, end);
    await store().open();
    expect(existsSync(file)).toBe(true);
    utimesSync(file, clock / 1000 - 4000, clock / 1000 - 4000);
    await store().open();
    expect(existsSync(file)).toBe(false);
  });

  it('leaves nothing when the state could not be written or nobody wanted it any more', async () => {
    const kv = store();
    const failing = (error: Error) => async (file: string) => {
      await writeFile(file, 'half');
      throw error;
    };
    const draft = { key, tokens: Uint32Array.of(1), bytes: 10 };
    expect(await kv.write(draft, failing(new Error('disk full')))).toBe(false);
    expect(lines.join()).toContain('disk full');
    lines = [];
    expect(await kv.write(draft, failing(new DOMException('x', 'AbortError')))).toBe(false);
    expect(lines).toEqual([]);
    expect(names()).toEqual([]);
  });

  it('of a load drops the snapshot, lest it end the engine again; one under way does not', async () => {
    const kv = store();
    await save(kv, [1, 2]);
    const found = await kv.find(key, [1, 2], 10);
    if (!found) throw new Error('not found');
    const loaded = await kv.loading(found.snapshot);
    await store().open();
    expect(await lookUp(store(), [1, 2])).toBeDefined();
    const mark = fileOf(`.loading-${String(process.pid)}`);
    await loaded();
    expect(existsSync(mark)).toBe(false);
    writeFileSync(mark.replace(/\d+$/, String(dead())), '');
    await store().open();
    expect(names()).toEqual([]);
    expect(lines.join()).toContain('the engine ended while it was being loaded');
  });

  it('never touches what is not ours', async () => {
    mkdirSync(folder, { recursive: true });
    const mine = path.join(folder, 'thesis.json');
    writeFileSync(mine, 'x');
    const kv = store(0);
    await kv.open();
    await clearSnapshots(folder);
    expect(existsSync(mine)).toBe(true);
    expect(await snapshotUsage(folder)).toEqual({ files: 0, bytes: 0 });
  });
});

describe('a folder that cannot be written', () => {
  it('costs a log line', async () => {
    const file = path.join(path.dirname(folder), 'file');
    writeFileSync(file, '');
    const kv = store(megabyte, path.join(file, 'states'));
    await kv.open();
    expect(await kv.find(key, [1], 10)).toBeUndefined();
    expect(await save(kv, [1])).toBe(false);
    expect(lines.join()).toContain('warn snapshots: could not save');
  });
});

describe('the check of a state', () => {
  it('ends at once when nobody waits for it any more', async () => {
    const kv = store();
    await save(kv, [1]);
    const found = await kv.find(key, [1], 10);
    if (!found) throw new Error('not found');
    await expect(kv.verify(found.snapshot, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(await lookUp(kv, [1])).toMatchObject({ common: 1 });
  });
});

describe('a sidecar', () => {
  it('holds any token', () => {
    const sidecar = { key, tokens: Uint32Array.of(0, 151_935, 0xffff_ffff), state: { bytes: 1, sha256: '0'.repeat(64) } };
    expect(decodeSidecar(encodeSidecar(sidecar))).toEqual(sidecar);
  });
});
