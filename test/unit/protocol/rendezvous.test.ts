import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileOf, latest, publish, securePlace, type EngineRecord, type Place } from '../../../src/protocol/rendezvous.ts';

let root: string;
let place: Place;
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-meet-'));
  place = { folder: path.join(root, 'meet'), key: 'a1b2' };
  await securePlace(place);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const record = (digit: string): EngineRecord => ({ address: `/tmp/${digit}.sock`, token: digit.repeat(64) });

describe('the folder', () => {
  it('is made for its owner alone', () => {
    expect(statSync(place.folder).mode & 0o777).toBe(0o700);
  });

  it('is taken again as it is', async () => {
    await expect(securePlace(place)).resolves.toBeUndefined();
  });

  it.each([0o750, 0o705, 0o770])('is refused where others may look in: mode %o', async (mode) => {
    chmodSync(place.folder, mode);
    await expect(securePlace(place)).rejects.toMatchObject({ code: 'folder-unwritable' });
  });

  it('is refused as a link to one, or a file', async () => {
    const link = path.join(root, 'link');
    symlinkSync(place.folder, link);
    await expect(securePlace({ ...place, folder: link })).rejects.toMatchObject({ code: 'folder-unwritable' });
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    await expect(securePlace({ ...place, folder: file })).rejects.toMatchObject({ code: 'folder-unwritable' });
  });

  it('is not made in a folder that is not there', async () => {
    await expect(securePlace({ ...place, folder: path.join(root, 'no', 'such') })).rejects.toMatchObject({ code: 'folder-unwritable' });
  });
});

describe('the record', () => {
  it('is none at first', async () => {
    expect(await latest(place)).toBeUndefined();
  });

  it('is written for its owner alone, and read as it was written', async () => {
    await expect(publish(place, 1, record('1'))).resolves.toBe(true);
    expect(statSync(fileOf(place, 1)).mode & 0o777).toBe(0o600);
    expect(await latest(place)).toEqual({ number: 1, record: record('1') });
  });

  it('is taken by one of many at once, and left whole', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, async (_, index) => ((await publish(place, 1, record(String(index % 10)))) ? String(index % 10) : undefined)));
    const winners = taken.filter((digit) => digit !== undefined);
    expect(winners).toHaveLength(1);
    expect(await latest(place)).toEqual({ number: 1, record: record(winners[0] ?? '') });
    expect(readdirSync(place.folder)).toEqual(['a1b2.1.json']);
  });

  it('with the highest number counts, by number and not by name, and older ones go', async () => {
    await publish(place, 9, record('9'));
    await publish(place, 10, record('0'));
    expect(await latest(place)).toEqual({ number: 10, record: record('0') });
    expect(existsSync(fileOf(place, 9))).toBe(false);
  });

  it('of another key is not seen', async () => {
    await publish({ ...place, key: 'ffff' }, 5, record('5'));
    expect(await latest(place)).toBeUndefined();
  });

  it.each([
    ['that others may read', JSON.stringify(record('1')), 0o644],
    ['cut short', JSON.stringify(record('1')).slice(0, -4), 0o600],
    ['without a proper token', JSON.stringify({ ...record('1'), token: 'short' }), 0o600],
  ])('%s is not trusted, and keeps its number', async (_, content, mode) => {
    writeFileSync(fileOf(place, 3), content);
    chmodSync(fileOf(place, 3), mode);
    expect(await latest(place)).toEqual({ number: 3, record: undefined });
  });

  it('behind a link is not trusted', async () => {
    const elsewhere = path.join(root, 'elsewhere');
    mkdirSync(elsewhere);
    const file = path.join(elsewhere, 'record');
    writeFileSync(file, JSON.stringify(record('1')), { mode: 0o600 });
    symlinkSync(file, fileOf(place, 1));
    expect(await latest(place)).toEqual({ number: 1, record: undefined });
  });
});
