import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/engine/fingerprint.ts';

const megabyte = 1 << 20;
let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'fingerprint-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function of(content: Buffer): Promise<string> {
  const file = path.join(folder, 'model');
  writeFileSync(file, content);
  return fingerprint(file);
}

describe('a fingerprint', () => {
  it('is the same for the same content, wherever it lies', async () => {
    const content = Buffer.alloc(3 * megabyte, 'a');
    const [one, other] = ['one', 'other'].map((name) => path.join(folder, name));
    for (const file of [one, other]) writeFileSync(file ?? '', content);
    expect(await fingerprint(one ?? '')).toBe(await fingerprint(other ?? ''));
  });

  it('tells files of one size apart that differ in one tensor, be it at either end or between', async () => {
    const sound = Buffer.alloc(24 * megabyte, 'a');
    const whole = await of(sound);
    for (const tenth of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const start = Math.floor((sound.length * tenth) / 10);
      const other = Buffer.from(sound).fill('b', start, start + megabyte);
      expect(await of(other), `at ${String(tenth)} tenths`).not.toBe(whole);
    }
  });

  it('tells files apart by their size, and takes small and empty ones', async () => {
    expect(await of(Buffer.alloc(10, 'a'))).not.toBe(await of(Buffer.alloc(11, 'a')));
    expect(await of(Buffer.alloc(0))).toMatch(/^[0-9a-f]{32}$/);
  });
});
