/**
 * What is remembered of a download that is not finished, beside its parts and seen by all windows:
 * - `<file>.download.json`: what is wanted, and whether it shall run. Any window may write it, so that is how one pauses or
 *   cancels what another one downloads; it is gone when the download is.
 * - `<file>.download.state.json`: how far it is. Only the window that downloads writes it.
 * - `<file>.download.json.lock`: held by that window.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { progressSchema } from './state.ts';
import { wantedSchema, type Wanted } from './wanted.ts';

const suffix = '.download.json';

const recordSchema = v.object({ version: v.literal(1), wanted: wantedSchema, wish: v.picklist(['run', 'paused', 'cancelled']) });
export type DownloadRecord = Readonly<v.InferOutput<typeof recordSchema>>;
export type Wish = DownloadRecord['wish'];

const fileSchema = v.object({ path: v.string(), size: v.pipe(v.number(), v.integer(), v.minValue(0)), sha256: v.string() });
const standSchema = v.object({ version: v.literal(1), progress: progressSchema, files: v.array(fileSchema) });
/** How far it is, and what the hub said of its files; none before it was asked. */
export type Stand = Readonly<Omit<v.InferOutput<typeof standSchema>, 'version'>>;

export function recordOf(target: string): string {
  return `${target}${suffix}`;
}

function standOf(target: string): string {
  return `${target}.download.state.json`;
}

/** Undefined where there is none that can be read: what it was about may be asked for again, and goes on. */
export async function readRecord(target: string): Promise<DownloadRecord | undefined> {
  return read(recordOf(target), recordSchema);
}

export async function writeRecord(target: string, wanted: Wanted, wish: Wish): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await write(recordOf(target), { version: 1, wanted, wish } satisfies DownloadRecord);
}

export async function readStand(target: string): Promise<Stand | undefined> {
  return read(standOf(target), standSchema);
}

export async function writeStand(target: string, stand: Stand): Promise<void> {
  await write(standOf(target), { version: 1, ...stand });
}

export async function removeRecord(target: string): Promise<void> {
  await rm(standOf(target), { force: true });
  // Last: as long as it is there, somebody may go on.
  await rm(recordOf(target), { force: true });
}

/** The targets of unfinished downloads in a folder for models. */
export async function unfinishedIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const lists = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => {
        const files = await readdir(path.join(folder, name)).catch(() => []);
        return files.filter((file) => file.endsWith(suffix)).map((file) => path.join(folder, name, file.slice(0, -suffix.length)));
      }),
  );
  return lists.flat().toSorted();
}

async function read<T>(file: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  try {
    const parsed = v.safeParse(schema, JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

async function write(file: string, value: unknown): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(file, `${JSON.stringify(value)}\n`, { fsync: false });
}
