/** Puts together what there is to choose from. It reads files' headers and reckons for a tenth of a second, in small steps. */
import { availableParallelism, freemem, totalmem } from 'node:os';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Backend } from '../backends/backend.ts';
import { toPonderError, type PonderError } from '../base/errors.ts';
import type { GpuBackend, Hardware } from '../protocol/engine.ts';
import { catalogue, modelNamed, sizeOfFile } from './catalogue/catalogue.ts';
import type { CatalogueFile, CatalogueModel } from './catalogue/schema.ts';
import type { Choices, Found, Offered, OfferedFile } from './choices.ts';
import { targetOf, type Wanted } from './download/wanted.ts';
import { fit } from './fit/fit.ts';
import type { Machine } from './fit/machine.ts';
import { recommend } from './fit/recommend.ts';
import { catalogueModel, headerModel } from './fit/shape.ts';
import type { FoundModel } from './found/found.ts';
import type { Reading } from './header/read.ts';

export interface KnownHardware {
  readonly hardware: Hardware;
  readonly guessed?: PonderError;
}

/** Never throws: where the engine cannot say, what the system says of RAM and cores stands, without a GPU. */
export async function knownHardware(backend: Pick<Backend, 'hardware'>, gpu: GpuBackend): Promise<KnownHardware> {
  try {
    return { hardware: await backend.hardware(gpu) };
  } catch (error) {
    const guessed = toPonderError(error);
    // Another backend than the one asked for is not what models would run on; cores and RAM are the same.
    if (guessed.code === 'gpu-unavailable') return { hardware: await backend.hardware('cpu').catch(systemFacts), guessed };
    return { hardware: systemFacts(), guessed };
  }
}

function systemFacts(): Hardware {
  const logical = availableParallelism();
  return {
    backend: 'cpu',
    gpus: [],
    vram: { total: 0, free: 0 },
    unified: false,
    ram: { total: totalmem(), free: freemem() },
    cores: { physical: Math.max(1, Math.ceil(logical / 2)), logical },
  };
}

/** Of several GPUs only the sum is known; they are taken to be alike. @param gpuLayers as the user has fixed it */
export function machineOf({ backend, gpus, vram, unified, ram, cores }: Hardware, gpuLayers?: number): Machine {
  const count = backend === 'cpu' || vram.total === 0 ? 0 : Math.max(1, gpus.filter(({ used }) => used !== false).length);
  return {
    ramBytes: ram.total,
    vramBytes: Array.from({ length: count }, () => vram.total / count),
    unified,
    physicalCores: cores.physical,
    ...(gpuLayers === undefined ? {} : { gpuLayers }),
    backend,
  };
}

export interface Sources extends KnownHardware {
  /** Fixed by the user; absent: as many as fit. */
  readonly gpuLayers?: number;
  /** Absolute path of the folder that downloads go to. */
  readonly folder: string;
  readonly found: readonly FoundModel[];
  readonly headerOf: (file: FoundModel) => Promise<Reading>;
}

export async function readChoices({ hardware, guessed, gpuLayers, folder, found, headerOf }: Sources): Promise<Choices> {
  const machine = machineOf(hardware, gpuLayers);
  const { models } = catalogue();
  const offered: Offered[] = [];
  for (const model of models) {
    offered.push({ model, files: model.files.map((file) => offeredFile(model, file, machine, folder, found)) });
    // Nothing else in this process shall wait for all of them.
    await breathe();
  }
  const here: Found[] = [];
  for (const file of found) here.push(foundModel(file, await headerOf(file), machine));
  await breathe();
  const recommendation = recommend({ models }, machine);
  return { hardware, ...(guessed ? { guessed } : {}), recommendation, offered, found: here };
}

/** What a download of it is asked with. */
export function wantedOf({ id, name, repositories }: CatalogueModel, { quantisation, parts: [first] }: CatalogueFile): Wanted {
  return { id, name: `${name} ${quantisation}`, repositories, path: first?.path ?? '' };
}

function offeredFile(model: CatalogueModel, file: CatalogueFile, machine: Machine, folder: string, found: readonly FoundModel[]): OfferedFile {
  const wanted = wantedOf(model, file);
  const { bytes, exact } = sizeOfFile(file);
  const target = targetOf(folder, wanted);
  const here = found.find((each) => each.path === target || (exact && each.size === bytes && path.basename(each.path) === path.basename(target)));
  return { quantisation: file.quantisation, bytes, exact, fit: fit(catalogueModel(model, file), machine), wanted, ...(here ? { path: here.path } : {}) };
}

function foundModel(file: FoundModel, reading: Reading, machine: Machine): Found {
  if (reading.kind === 'refused') return { file, refusal: reading.refusal };
  const { facts, name, basename, chatTemplate } = reading.header;
  const named = modelNamed({ name, basename, path: file.path });
  // A name is easily kept by what was made of a model; its layers are not.
  const model = named?.shape.layers === facts.layers ? named : undefined;
  return {
    file,
    ...(model ? { model } : {}),
    fit: fit(headerModel(facts), machine),
    ...(facts.quantisation === undefined ? {} : { quantisation: facts.quantisation }),
    chats: chatTemplate,
  };
}
