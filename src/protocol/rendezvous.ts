/**
 * Where the windows of a user find the engine that runs: a folder that is theirs alone, and in it a file that names the
 * engine's socket and the token it wants to hear.
 *
 * Each engine that takes over writes a file with the next number, which only one can do, and the highest number counts.
 * No file with the highest number is ever removed, or counting would begin anew beside an engine that runs. Addresses
 * are never used twice: an engine that does not answer any more is gone for good.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { PonderError } from '../base/errors.ts';

export interface Place {
  /** Absolute path. */
  readonly folder: string;
  /** Engines and windows of one key meet. */
  readonly key: string;
}

const record = v.strictObject({
  /** Path of a Unix domain socket, or name of a pipe. */
  address: v.pipe(v.string(), v.minLength(1)),
  token: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type EngineRecord = v.InferOutput<typeof record>;

export interface Latest {
  readonly number: number;
  /** Undefined where the file is damaged or not to be trusted; the next number supersedes it. */
  readonly record: EngineRecord | undefined;
}

/**
 * Makes the folder unless it is there.
 * @throws PonderError `folder-unwritable` where it cannot be had, is another's, or others may look into it
 */
export async function securePlace({ folder }: Place): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw unusable(folder, String(error));
  }
  const stats = await lstat(folder);
  if (!stats.isDirectory()) throw unusable(folder, 'it is no folder');
  if (!isPrivate(stats)) throw unusable(folder, 'it is not its owner’s alone');
}

/** The file with the highest number. */
export async function latest(place: Place): Promise<Latest | undefined> {
  const [number] = (await numbers(place)).sort((a, b) => b - a);
  return number === undefined ? undefined : { number, record: await read(fileOf(place, number)) };
}

/** @returns false where somebody else has taken the number */
export async function publish(place: Place, number: number, content: EngineRecord): Promise<boolean> {
  const file = fileOf(place, number);
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(draft, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  try {
    // Complete from the first moment on, and only if there is none: a rename would replace one.
    await link(draft, file);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  for (const older of await numbers(place)) if (older < number) await rm(fileOf(place, older), { force: true });
  return true;
}

export function fileOf({ folder, key }: Place, number: number): string {
  return path.join(folder, `${key}.${String(number)}.json`);
}

async function numbers({ folder, key }: Place): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const [, number] = new RegExp(`^${key}\\.(\\d{1,15})\\.json$`).exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
}

async function read(file: string): Promise<EngineRecord | undefined> {
  try {
    // What stands behind a link is not what was looked at. Windows has no such flag.
    const handle = await open(file, constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NOFOLLOW ?? 0));
    try {
      if (!isPrivate(await handle.stat())) return undefined;
      const parsed = v.safeParse(record, JSON.parse(await handle.readFile('utf8')));
      return parsed.success ? parsed.output : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** Windows has neither modes nor numbers of users: there the user's temporary folder is theirs alone. */
export function isPrivate({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  const own = process.getuid?.();
  return own === undefined || (uid === own && (mode & 0o077) === 0);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unusable(folder: string, why: string): PonderError {
  return new PonderError('folder-unwritable', `Windows cannot meet in ${folder}: ${why}`, { path: folder });
}
