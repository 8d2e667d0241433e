/**
 * A backend of llama.cpp that does not ship: its packages are fetched from the npm registry into a folder of ours. What is
 * below `<folder>/<version>/` is whole, since it gets that name last; the engine looks there for the version of its own
 * node-llama-cpp (`engine/binaries.ts`).
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { PonderError } from '../../base/errors.ts';
import { named } from '../download/disk-errors.ts';
import { tryLock } from '../download/lock.ts';
import { describePackage, fetchTarball, type FetchOptions, type RegistryPackage } from './registry.ts';
import { unpack } from './tar.ts';

/** What an installation will fetch and take. */
export interface InstallPlan {
  readonly version: string;
  readonly packages: readonly RegistryPackage[];
  /** Bytes to fetch. */
  readonly download: number;
  /** Bytes on disk afterwards. */
  readonly size: number;
}

export interface InstallProgress {
  readonly stage: 'fetching' | 'unpacking';
  /** Bytes, of all packages together. */
  readonly done: number;
  readonly total: number;
}

export interface InstallOptions extends FetchOptions {
  /** Absolute path; what Ponder keeps there is nobody else's. */
  readonly folder: string;
  readonly onProgress: (progress: InstallProgress) => void;
  /** Bytes of the disk that must stay free. */
  readonly spare?: number;
}

/** Names of what is not whole yet, or not any more. */
const unfinished = '.part-';
const lockName = 'install';

/** The packages of the CUDA backend, as node-llama-cpp calls them; none where there is no such backend. */
export function cudaPackages(platform: NodeJS.Platform, arch: string): readonly string[] {
  const system = platform === 'win32' ? 'win' : platform;
  if (arch !== 'x64' || (system !== 'linux' && system !== 'win')) return [];
  // The second one holds the same for older drivers; without it the first one alone would do for new ones.
  return [`@node-llama-cpp/${system}-x64-cuda`, `@node-llama-cpp/${system}-x64-cuda-ext`];
}

/** @param version of node-llama-cpp, which takes no other binaries than its own */
export async function planInstall(registry: string, names: readonly string[], version: string, options: FetchOptions): Promise<InstallPlan> {
  const packages = await Promise.all(names.map((name) => describePackage(registry, name, version, options)));
  const sum = (of: (each: RegistryPackage) => number): number => packages.reduce((all, each) => all + of(each), 0);
  return { version, packages, download: sum(({ bytes }) => bytes), size: sum(({ unpacked }) => unpacked) };
}

/**
 * What fails or is cancelled leaves nothing behind. Other versions go once this one is there.
 * @returns false where another window is at it
 * @throws PonderError `disk-full`, `folder-unwritable` and what `describePackage` does; an AbortError
 */
export async function install(plan: InstallPlan, options: InstallOptions): Promise<boolean> {
  const { folder, signal } = options;
  signal.throwIfAborted();
  let staging: string | undefined;
  const lost = new AbortController();
  const together = { ...options, signal: AbortSignal.any([signal, lost.signal]) };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await tryLock(path.join(folder, lockName), () => lost.abort(new PonderError('download-failed', 'Another window has taken over.')));
    if (!lock) return false;
    try {
      await sweep(folder, (name) => name.startsWith(unfinished));
      await requireSpace(folder, plan.download + plan.size, options.spare ?? 256e6);
      staging = await mkdtemp(path.join(folder, unfinished));
      await fill(staging, plan, together);
      await rm(path.join(folder, plan.version), { recursive: true, force: true });
      await renameSoon(path.join(staging, 'whole'), path.join(folder, plan.version));
      // What an old engine still has open can go another time.
      await sweep(folder, (name) => isVersion(name) && name !== plan.version).catch(() => undefined);
      return true;
    } finally {
      if (staging !== undefined) await rm(staging, { recursive: true, force: true, maxRetries: 5 });
      await lock.release();
      await rmdir(folder).catch(() => undefined);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw named(error, folder);
  }
}

async function fill(staging: string, { packages, download, size, version }: InstallPlan, options: InstallOptions): Promise<void> {
  const { signal, onProgress, log } = options;
  const archives: { readonly name: string; readonly file: string }[] = [];
  let fetched = 0;
  for (const each of packages) {
    const file = path.join(staging, `${shortName(each.name)}.tgz`);
    await fetchTarball(each, file, options, (bytes) => onProgress({ stage: 'fetching', done: Math.min(download, fetched + bytes), total: download }));
    fetched += each.bytes;
    archives.push({ name: each.name, file });
    log(`fetched ${each.name} ${version}, its hash is right`);
  }
  let unpacked = 0;
  const onBytes = (bytes: number): void => {
    unpacked += bytes;
    onProgress({ stage: 'unpacking', done: Math.min(size, unpacked), total: size });
  };
  for (const { name, file } of archives) {
    const target = path.join(staging, 'whole', shortName(name));
    await mkdir(target, { recursive: true });
    await unpack(file, target, { signal, onBytes, mostBytes: 4e9 });
    await check(target, name, version);
    await rm(file);
  }
}

const manifest = v.object({ name: v.string(), version: v.string() });

/** What node-llama-cpp will look for. @throws PonderError `download-damaged` */
async function check(folder: string, name: string, version: string): Promise<void> {
  const parsed = v.safeParse(manifest, await readFile(path.join(folder, 'package.json'), 'utf8').then(JSON.parse).catch(() => undefined));
  const right = parsed.success && parsed.output.name === name && parsed.output.version === version;
  const whole = await Promise.all([entryOf(folder), path.join(folder, 'bins')].map(exists));
  if (!right || whole.includes(false)) throw new PonderError('download-damaged', `${name} ${version} is not laid out as it should be.`);
}

export interface Standing {
  /** Whether the version asked for is there. */
  readonly installed: boolean;
  /** Versions that nothing uses any more, and what is left of others. */
  readonly stale: readonly string[];
}

/** @param names of the packages that belong to it */
export async function standing(folder: string, version: string, names: readonly string[]): Promise<Standing> {
  const entries = (await readdir(folder).catch(() => [])).filter(isVersion);
  const whole = await Promise.all(names.map((name) => exists(entryOf(path.join(folder, version, shortName(name))))));
  const installed = entries.includes(version) && names.length > 0 && !whole.includes(false);
  return { installed, stale: entries.filter((name) => !(installed && name === version)) };
}

/**
 * No engine takes it any more from here on, even where files that one has open cannot go yet.
 * @returns false where something is left, which another call removes once no engine has it open
 * @throws PonderError `folder-unwritable`
 */
export async function remove(folder: string): Promise<boolean> {
  try {
    const versions = (await readdir(folder)).filter(isVersion);
    for (const version of versions) {
      const packages = await readdir(path.join(folder, version));
      for (const name of packages) await rm(entryOf(path.join(folder, version, name)), { force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw named(error, folder);
  }
  try {
    await sweep(folder, (name) => isVersion(name) || name.startsWith(unfinished));
    await rmdir(folder).catch(() => undefined);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of what is imported of a package. */
function entryOf(folder: string): string {
  return path.join(folder, 'dist', 'index.js');
}

function shortName(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function isVersion(name: string): boolean {
  return /^\d+\.\d+\.\d+/.test(name);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}

async function sweep(folder: string, goes: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(folder)).filter(goes)) await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 3 });
}

/** A virus scanner may have a file of it open for a moment. */
async function renameSoon(from: string, to: string): Promise<void> {
  for (let left = 25; ; left--) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (left === 0 || !['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function requireSpace(folder: string, needed: number, spare: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed + spare) throw new PonderError('disk-full', `${folder} has ${String(free)} bytes free, ${String(needed)} are needed.`, { path: folder, needed, free });
}

/** Of the node-llama-cpp that an engine will load. @param engine absolute path of the bundled engine @throws where there is none */
export async function libraryVersion(engine: string): Promise<string> {
  const { createRequire } = await import('node:module');
  const entry = createRequire(engine).resolve('node-llama-cpp');
  const parsed = v.parse(manifest, JSON.parse(await readFile(path.join(path.dirname(entry), '..', 'package.json'), 'utf8')));
  return parsed.version;
}
