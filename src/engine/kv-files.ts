/** The files of a folder of snapshots: how they are named, found, written so that they last, and removed. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

/** "<process>-<random>" and what it is; a name of any other form is not ours to touch. */
const ours = /^((\d+)-[0-9a-f]{16})\.(state|json)(\.tmp)?$/;

/** Stands there while a process, the second one named, loads a snapshot. */
const loadingMark = /^(\d+-[0-9a-f]{16})\.loading-(\d+)$/;

/** Older ones were left behind, whoever wrote them: nothing takes this long, ms. */
const abandonedAfter = 3_600_000;

/** Ids of what this process is writing. */
export const writing = new Set<string>();
/** Marks of what it is loading. */
export const loading = new Set<string>();

export interface SnapshotFile {
  readonly name: string;
  /** Of the snapshot that it belongs to. */
  readonly id: string;
  readonly pid: number;
  readonly kind: 'state' | 'json';
  readonly temporary: boolean;
  readonly bytes: number;
  readonly modified: number;
}

export function newId(): string {
  return `${String(process.pid)}-${randomBytes(8).toString('hex')}`;
}

/** Those of our files that are in the folder now; none if there is no such folder. */
export async function listFiles(folder: string): Promise<SnapshotFile[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const files = await Promise.all(names.map((name) => describe(folder, name)));
  return files.filter((file) => file !== undefined);
}

async function describe(folder: string, name: string): Promise<SnapshotFile | undefined> {
  const [, id, pid, kind, temporary] = ours.exec(name) ?? [];
  if (id === undefined) return undefined;
  try {
    const facts = await stat(path.join(folder, name));
    if (!facts.isFile()) return undefined;
    return { name, id, pid: Number(pid), kind: kind === 'state' ? 'state' : 'json', temporary: temporary !== undefined, bytes: facts.size, modified: facts.mtimeMs };
  } catch {
    // Another process removed it meanwhile.
    return undefined;
  }
}

export function markOf(id: string): string {
  return `${id}.loading-${String(process.pid)}`;
}

/** Marks of loads during which the process has ended. */
export async function brokenLoads(folder: string): Promise<{ readonly name: string; readonly id: string }[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const [, id, pid] = loadingMark.exec(name) ?? [];
    return id !== undefined && !(Number(pid) === process.pid ? loading.has(name) : isRunning(Number(pid))) ? [{ name, id }] : [];
  });
}

/** Whether nobody is at work on it any more. Two engines may share a folder, and each leaves the other's drafts alone. */
export function isAbandoned({ id, pid, modified }: SnapshotFile, now: number): boolean {
  if (now - modified > abandonedAfter) return true;
  return pid === process.pid ? !writing.has(id) : !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Gives a file with all of its content its final name. */
export async function publish(temporary: string, final: string): Promise<void> {
  await flush(temporary, 'r+');
  await rename(temporary, final);
}

/** The names in a folder last once it is written too. Windows cannot open a folder, and needs not. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await flush(folder, 'r');
}

async function flush(file: string, flags: string): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads a file through, a piece at a time. An aborted signal ends it with an AbortError. */
export async function digestFile(file: string, signal?: AbortSignal): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** @returns false if it is still there */
export async function remove(folder: string, name: string): Promise<boolean> {
  try {
    await unlink(path.join(folder, name));
    return true;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
