/** A disk that is full, may not be written to or goes away: the right error, nothing that looks like a model, and a way to go on. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/base/log.ts';
import { DownloadManager } from '../../../../src/models/download/manager.ts';
import type { Wanted } from '../../../../src/models/download/wanted.ts';
import { ggufBelow } from '../../../../src/models/found/found.ts';
import { slowly, startHub, type TestHub } from './hub.ts';
import { good } from './server.ts';

const bytes = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(3_000_000, 'ponder ')]);
const wanted: Wanted = { id: 'tiny', name: 'Tiny', repositories: { huggingface: 'Qwen/Tiny-GGUF' }, path: 'tiny.gguf' };

let root = '';
let hub: TestHub;
const managers: DownloadManager[] = [];
beforeAll(async () => {
  hub = await startHub({ 'tiny.gguf': bytes });
});
afterAll(() => hub.close());
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-disk-'));
  hub.behave(good);
});
afterEach(async () => {
  for (const manager of managers.splice(0)) manager.dispose();
  await sleep(20);
  rmSync(root, { recursive: true, force: true });
});

function manage(folder: string, spare?: number): DownloadManager {
  const manager = new DownloadManager({
    folder: () => folder,
    endpoints: () => [hub.endpoint],
    token: () => Promise.resolve(undefined),
    patience: { stall: 500, first: 1, longest: 5, attempts: 2 },
    logger: silentLogger,
    beat: 20,
    ...(spare === undefined ? {} : { spare }),
  });
  managers.push(manager);
  return manager;
}

/** Only root on Linux may mount; elsewhere these tests say that they were skipped. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

function mounts(): boolean {
  const at = mkdtempSync(path.join(tmpdir(), 'ponder-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'ponder', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

describe.skipIf(!mayMount)('a small disk', () => {
  let disk = '';
  beforeEach(() => {
    disk = path.join(root, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'ponder', disk]);
  });
  afterEach(() => void execFileSync('umount', ['-l', disk]));

  it('is known to be too small before a byte is fetched', async () => {
    const end = await manage(disk).start(wanted);
    expect(end).toMatchObject({ phase: 'failed', error: { code: 'disk-full', data: { needed: bytes.length } } });
    expect(hub.files).toEqual([]);
  });

  it('that gets full while bytes come is told, and the download goes on when there is room', async () => {
    // As if another program had filled it in the meantime: the room that is asked for first is there.
    const manager = manage(disk, -10_000_000);
    const end = await manager.start(wanted);
    expect(end).toMatchObject({ phase: 'failed', error: { code: 'disk-full' } });
    expect(await ggufBelow(disk, 'ponder')).toEqual([]);
    const { size } = statSync(path.join(disk, 'tiny/tiny.gguf.part'));
    expect(size).toBeGreaterThan(1_000_000);
    execFileSync('mount', ['-o', 'remount,size=8m', disk]);
    const before = hub.files.length;
    expect(await manager.resume(end.target)).toMatchObject({ phase: 'done' });
    expect(hub.files.slice(before).map(({ from }) => from)).toEqual([size]);
    expect(readFileSync(end.target).equals(bytes)).toBe(true);
  });

  it('that is read-only is told', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect(await manage(disk).start(wanted)).toMatchObject({ phase: 'failed', error: { code: 'folder-unwritable', data: { path: path.join(disk, 'tiny') } } });
  });
});

describe('a folder', () => {
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('that may not be written to is told', async () => {
    chmodSync(root, 0o555);
    expect(await manage(root).start(wanted)).toMatchObject({ phase: 'failed', error: { code: 'folder-unwritable' } });
    chmodSync(root, 0o755);
  });

  it('that is a file is told, and can be cancelled', async () => {
    writeFileSync(path.join(root, 'models'), '');
    const manager = manage(path.join(root, 'models'), 0);
    const end = await manager.start(wanted);
    expect(end).toMatchObject({ phase: 'failed', error: { code: 'folder-unwritable' } });
    await manager.cancel(end.target);
    expect(manager.all).toEqual([]);
  });

  it('that vanishes while bytes come is noticed, and the download begins anew when asked', async () => {
    const folder = path.join(root, 'models');
    hub.behave(slowly(5_000));
    const manager = manage(folder, 0);
    const asked = manager.start(wanted);
    for (let waited = 0; waited < 200 && (manager.all[0]?.done ?? 0) < 50_000; waited++) await sleep(10);
    renameSync(folder, path.join(root, 'away'));
    const end = await asked;
    expect(end).toMatchObject({ phase: 'failed', error: { code: 'folder-unwritable' } });
    // Long before all of it has gone into nothing.
    expect(end.done).toBeLessThan(bytes.length);
    expect(existsSync(end.target)).toBe(false);
    hub.behave(good);
    expect(await manager.resume(end.target)).toMatchObject({ phase: 'done' });
    expect(readFileSync(end.target).equals(bytes)).toBe(true);
  });
});
