/**
 * All GPUs that a backend knows, numbered as the setting numbers them. An engine sees those that it was started with, and
 * Vulkan's lists leave out what it would not choose by itself though its numbers count that; so engines of their own are
 * asked, which load nothing and end at once.
 */
import type { GpuBackend, Hardware } from '../protocol/engine.ts';
import { startEngine, type EngineOptions } from './engine-process.ts';

export interface EveryGpu {
  readonly backend: Hardware['backend'];
  /** At their number. Undefined: one that the backend cannot use. */
  readonly names: readonly (string | undefined)[];
}

/** Vulkan's are asked for one by one. */
const mostGpus = 16;

/** Whether an engine's own list is all there is. @param devices that it was started with */
export function listsEveryGpu({ backend, gpus }: Hardware, devices: readonly number[] | undefined): boolean {
  return devices === undefined && (backend !== 'vulkan' || gpus.length < 2);
}

/** @throws PonderError as `startEngine` and the engine do */
export async function readEveryGpu(options: EngineOptions, gpu: GpuBackend): Promise<EveryGpu> {
  const { backend, gpus } = await ask(options, gpu, {});
  const listed = gpus.map(({ name }) => name);
  // Where the environment names GPUs already, Vulkan lists exactly those, and the numbers count them.
  if (backend !== 'vulkan' || process.env['GGML_VK_VISIBLE_DEVICES'] !== undefined) return { backend, names: listed };
  const names = await probe((number) => askOne(options, number));
  return { backend, names: names.length >= listed.length ? names : listed };
}

/** One by one, until two in a row are not there: one that is there may be too old to be used. */
export async function probe(read: (number: number) => Promise<string | undefined>): Promise<readonly (string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for (let missing = 0; missing < 2 && names.length < mostGpus; ) {
    const name = await read(names.length);
    missing = name === undefined ? missing + 1 : 0;
    names.push(name);
  }
  while (names.length > 0 && names.at(-1) === undefined) names.pop();
  return names;
}

/** What an engine sees, within all there is. @param devices that it was started with */
export function withEveryGpu(seen: Hardware, every: EveryGpu, devices: readonly number[] | undefined): Hardware {
  const left = seen.gpus.map(({ name }) => name);
  const gpus = every.names.map((name, number) => {
    const at = name === undefined ? -1 : left.indexOf(name);
    const used = (devices === undefined || devices.includes(number)) && at >= 0;
    // Two of the same name are told apart by being taken off the list.
    if (used) left.splice(at, 1);
    return { name: name ?? '?', used };
  });
  return { ...seen, gpus };
}

async function askOne(options: EngineOptions, number: number): Promise<string | undefined> {
  try {
    return (await ask(options, 'vulkan', { GGML_VK_VISIBLE_DEVICES: String(number) })).gpus[0]?.name;
  } catch {
    return undefined;
  }
}

/** @param variables in place of what limits the GPUs */
async function ask({ entry, logger, binaries }: EngineOptions, gpu: GpuBackend, variables: Readonly<Record<string, string>>): Promise<Hardware> {
  const engine = await startEngine({ entry, logger, variables, ...(binaries === undefined ? {} : { binaries }) });
  try {
    return await engine.rpc.call('hardware', { gpu });
  } finally {
    engine.release();
  }
}
