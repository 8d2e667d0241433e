/** What a store does with files, whatever is in them. */
import { chmod, copyFile, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';

const ownerOnly = 0o600;

/** Replaces a file by bytes that only its owner can read, or leaves it as it is. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  // Loaded with the first thing worth keeping, not with the extension.
  const { default: writeFileAtomic } = await import('write-file-atomic');
  // The library takes the short write of a full disk for a whole one; writing its temporary file here throws instead.
  const tmpfileCreated = (file: string): Promise<void> => writeFile(file, bytes);
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- it is awaited; the types do not say so
  await writeFileAtomic(path, '', { mode: ownerOnly, tmpfileCreated });
}

/** Undefined where a file or directory does not exist. */
export async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Changes when a file does. */
export async function stampOf(path: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(path);
  return `${ino}:${mtimeMs}:${size}`;
}

/** The first bytes of a file. */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Copies a file to `<file>.damaged`, or to `.damaged-2` and on where other damage is kept already; returns the copy. */
export async function keepDamaged(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const copy = n === 1 ? `${path}.damaged` : `${path}.damaged-${n}`;
    const kept = await ifThere(readFile(copy));
    if (kept?.equals(await readFile(path))) return copy;
    if (kept) continue;
    await copyFile(path, copy, constants.COPYFILE_EXCL);
    await chmod(copy, ownerOnly);
    return copy;
  }
}

/** Moves a file and all that is named after it; returns how many there were. */
export async function moveAll(name: string, from: string, to: string): Promise<number> {
  const names = ((await ifThere(readdir(from))) ?? []).filter((entry) => entry.startsWith(name));
  for (const entry of names) await rename(join(from, entry), join(to, entry));
  return names.length;
}
