import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meetingFolders, meetingPlace } from '../../../src/backends/meeting-place.ts';

let root: string;
let entry: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-place-'));
  entry = path.join(root, 'engine.mjs');
  writeFileSync(entry, 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('where windows meet', () => {
  it('is the session’s own folder first, then the temporary one, with the user in its name', () => {
    const folders = meetingFolders({ XDG_RUNTIME_DIR: '/run/user/7' });
    expect(folders[0]).toBe('/run/user/7/ponder');
    expect(folders.at(-1)).toContain(String(process.getuid?.() ?? 'ponder'));
    expect(meetingFolders({})).toEqual(folders.slice(1));
    expect(meetingFolders({ XDG_RUNTIME_DIR: 'relative' })).toEqual(folders.slice(1));
  });

  it('is the same for windows with the same engine, and another after an update of its file', async () => {
    const folder = path.join(root, 'meet');
    const first = await meetingPlace(entry, [folder]);
    expect(await meetingPlace(entry, [folder])).toEqual(first);
    utimesSync(entry, 1, 1);
    const second = await meetingPlace(entry, [folder]);
    expect(second.key).not.toBe(first.key);
    writeFileSync(entry, 'other');
    utimesSync(entry, 1, 1);
    expect((await meetingPlace(entry, [folder])).key).not.toBe(second.key);
  });

  it('is another for windows that want other GPUs', async () => {
    const folder = path.join(root, 'meet');
    const keys = await Promise.all([undefined, [0], [1], [0, 1]].map(async (devices) => (await meetingPlace(entry, [folder], devices)).key));
    expect(new Set(keys).size).toBe(4);
    expect((await meetingPlace(entry, [folder], [1])).key).toBe(keys[2]);
  });

  it('passes over folders whose path is too long for a socket', async () => {
    const long = path.join(root, 'x'.repeat(90));
    mkdirSync(long);
    const short = path.join(root, 'meet');
    expect((await meetingPlace(entry, [path.join(long, 'meet'), short])).folder).toBe(short);
    await expect(meetingPlace(entry, [path.join(long, 'meet')])).rejects.toMatchObject({ code: 'folder-unwritable' });
  });

  it('passes over folders that are missing, or not the user’s alone', async () => {
    const open = path.join(root, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const good = path.join(root, 'meet');
    expect((await meetingPlace(entry, [path.join(root, 'no', 'such'), open, good])).folder).toBe(good);
    await expect(meetingPlace(entry, [open])).rejects.toMatchObject({ code: 'folder-unwritable' });
  });
});
