/** What was measured, on disk: a file for each machine and model, so that engines that write at the same time lose nothing. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { newId, publish } from '../kv-files.ts';

/** All that the fastest number of threads depends on. */
const keySchema = v.strictObject({
  /** Processor, as the system names it. */
  cpu: v.string(),
  system: v.string(),
  /** Most threads that are worth a try. */
  cores: v.number(),
  parallelism: v.number(),
  /** Version of node-llama-cpp. */
  library: v.string(),
  backend: v.string(),
  /** Fingerprint of the model's file. */
  model: v.string(),
  gpuLayers: v.number(),
});
export type TuningKey = Readonly<v.InferOutput<typeof keySchema>>;

const countSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const speed = v.strictObject({ threads: countSchema, tokensPerSecond: v.pipe(v.number(), v.minValue(0), v.finite()) });

const tuningSchema = v.strictObject({
  version: v.literal(1),
  key: keySchema,
  /** Fastest for writing, a token at a time; and for reading, many at a time. */
  threads: countSchema,
  reading: countSchema,
  /** Writing speed by number of threads. */
  speeds: v.pipe(v.array(speed), v.minLength(1)),
  /** Other processes were busy meanwhile. */
  disturbed: v.boolean(),
  /** When, ms since 1970. */
  at: v.number(),
});
export type Tuning = Readonly<Omit<v.InferOutput<typeof tuningSchema>, 'version' | 'key'>>;

/** Files that are kept: a few hundred bytes each, for machines and models that may come back. */
const most = 64;
const named = /^[0-9a-f]{32}\.json(\.[-0-9a-f]+\.tmp)?$/;

/** Undefined where there is none, or none that can be trusted: it is measured again then. */
export async function readTuning(folder: string, key: TuningKey): Promise<Tuning | undefined> {
  try {
    const { output, success } = v.safeParse(tuningSchema, JSON.parse(await readFile(fileOf(folder, key), 'utf8')));
    if (!success || JSON.stringify(ordered(output.key)) !== JSON.stringify(ordered(key))) return undefined;
    const { threads, reading, speeds, disturbed, at } = output;
    return Math.max(threads, reading) <= key.cores ? { threads, reading, speeds, disturbed, at } : undefined;
  } catch {
    return undefined;
  }
}

/** @throws what the file system does */
export async function writeTuning(folder: string, key: TuningKey, tuning: Tuning): Promise<void> {
  const file = fileOf(folder, key);
  const draft = `${file}.${newId()}.tmp`;
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(draft, `${JSON.stringify({ version: 1, key, ...tuning })}\n`, { flag: 'wx' });
    await publish(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await prune(folder);
}

/** The oldest go. Another engine may do the same. */
async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => named.test(name));
  if (names.length <= most) return;
  const files = await Promise.all(names.map(async (name) => ({ name, modified: await stat(path.join(folder, name)).then(({ mtimeMs }) => mtimeMs, () => 0) })));
  const old = files.toSorted((a, b) => b.modified - a.modified).slice(most);
  await Promise.all(old.map(({ name }) => rm(path.join(folder, name), { force: true })));
}

function fileOf(folder: string, key: TuningKey): string {
  const hash = createHash('sha256').update(JSON.stringify(ordered(key))).digest('hex');
  return path.join(folder, `${hash.slice(0, 32)}.json`);
}

function ordered({ cpu, system, cores, parallelism, library, backend, model, gpuLayers }: TuningKey): TuningKey {
  return { cpu, system, cores, parallelism, library, backend, model, gpuLayers };
}
