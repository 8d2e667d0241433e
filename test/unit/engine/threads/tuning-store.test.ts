import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTuning, writeTuning, type Tuning, type TuningKey } from '../../../../src/engine/threads/tuning-store.ts';

let folder: string;
beforeEach(() => (folder = path.join(mkdtempSync(path.join(tmpdir(), 'ponder-tuning-')), 'threads')));
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

const key: TuningKey = { cpu: 'A processor', system: 'linux x64', cores: 8, parallelism: 16, library: '3.22.1', backend: 'cpu', model: 'f00d', gpuLayers: 0 };
const tuning: Tuning = { threads: 6, reading: 8, speeds: [{ threads: 6, tokensPerSecond: 12.5 }, { threads: 8, tokensPerSecond: 11 }], disturbed: false, at: 1_790_000_000_000 };

function file(): string {
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error('There is no file.');
  return path.join(folder, name);
}

describe('what was measured', () => {
  it('is read as it was written', async () => {
    await writeTuning(folder, key, tuning);
    expect(await readTuning(folder, key)).toEqual(tuning);
  });

  it('is nothing in a folder that is not there', async () => {
    expect(await readTuning(folder, key)).toBeUndefined();
  });

  it.each(Object.keys(key) as (keyof TuningKey)[])('does not hold for another %s', async (name) => {
    await writeTuning(folder, key, tuning);
    const other = { ...key, [name]: typeof key[name] === 'number' ? key[name] + 1 : `${key[name]}x` };
    expect(await readTuning(folder, other)).toBeUndefined();
  });

  it('stands beside that of another model', async () => {
    await writeTuning(folder, key, tuning);
    await writeTuning(folder, { ...key, model: 'cafe' }, { ...tuning, threads: 2 });
    expect((await readTuning(folder, key))?.threads).toBe(6);
    expect((await readTuning(folder, { ...key, model: 'cafe' }))?.threads).toBe(2);
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, 40)],
    ['empty', () => ''],
    ['of a newer version', (text: string) => text.replace('"version":1', '"version":2')],
    ['with no threads at all', (text: string) => text.replace('"threads":6,"reading"', '"threads":0,"reading"')],
    ['with more threads than cores', (text: string) => text.replace('"threads":6,"reading"', '"threads":9,"reading"')],
    ['with half a thread', (text: string) => text.replace('"reading":8', '"reading":7.5')],
    ['of another machine under this one’s name', (text: string) => text.replace('A processor', 'B processor')],
  ])('is nothing when its file is %s', async (_, damage) => {
    await writeTuning(folder, key, tuning);
    const before = readFileSync(file(), 'utf8');
    writeFileSync(file(), damage(before));
    expect(readFileSync(file(), 'utf8')).not.toBe(before);
    expect(await readTuning(folder, key)).toBeUndefined();
  });

  it('gives way to what is measured after it', async () => {
    await writeTuning(folder, key, tuning);
    await writeTuning(folder, key, { ...tuning, threads: 2 });
    expect((await readTuning(folder, key))?.threads).toBe(2);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is whole when many write at once, and no drafts are left', async () => {
    const writes = Array.from({ length: 20 }, (_, index) => writeTuning(folder, key, { ...tuning, threads: (index % 8) + 1 }));
    await Promise.all(writes);
    expect((await readTuning(folder, key))?.threads).toBeGreaterThan(0);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is kept for 64 machines and models, of which the oldest go, and other files stay', async () => {
    await writeTuning(folder, key, tuning);
    writeFileSync(path.join(folder, 'notes.json'), '{}');
    utimesSync(file(), 1, 1);
    for (let model = 0; model < 64; model++) await writeTuning(folder, { ...key, model: String(model) }, tuning);
    expect(readdirSync(folder)).toHaveLength(65);
    expect(readdirSync(folder)).toContain('notes.json');
    expect(await readTuning(folder, key)).toBeUndefined();
    expect(await readTuning(folder, { ...key, model: '63' })).toEqual(tuning);
  });
});
