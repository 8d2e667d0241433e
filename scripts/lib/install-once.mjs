// @ts-check
/**
 * Installs something into a folder once. A second call finds the stamp and returns at once; a call at the same time
 * from another process waits; an install cut off half-way leaves nothing that could be mistaken for a whole one.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './log.mjs';

const stamp = '.installed';

/**
 * @param {string} dir
 * @param {string} what named in the message when there is something to do
 * @param {(staging: string) => Promise<void>} install fills an empty folder, which is then renamed to `dir`
 * @returns {Promise<string>} `dir`
 */
export async function installOnce(dir, what, install) {
  if (existsSync(path.join(dir, stamp))) return dir;
  await mkdir(path.dirname(dir), { recursive: true });
  await withLock(`${dir}.lock`, async () => {
    if (existsSync(path.join(dir, stamp))) return;
    say(`Installing ${what} …`);
    const staging = `${dir}.partial`;
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    try {
      await install(staging);
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
    await writeFile(path.join(staging, stamp), `${new Date().toISOString()}\n`);
    await rm(dir, { recursive: true, force: true });
    await rename(staging, dir);
  });
  return dir;
}

/**
 * One holder at a time, across processes; a dead holder's lock is taken over.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withLock(lock, body) {
  for (let waited = 0; !(await tryLock(lock)); waited++) {
    if (waited === 0) say(`Waiting for another process (${path.basename(lock)}) …`);
    await sleep(500);
  }
  try {
    return await body();
  } finally {
    await rm(lock, { force: true });
  }
}

/** @param {string} lock */
async function tryLock(lock) {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
    return false;
  }
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
