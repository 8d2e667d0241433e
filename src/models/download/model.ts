/** All files of one model, one after another. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PonderError } from '../../base/errors.ts';
import { download, type Patience } from './download.ts';
import { FollowingHash } from './hash.ts';
import { fileAddress, type Endpoint, type HubFile } from './hub.ts';
import { listAnywhere, listOf, type Hub } from './listing.ts';
import { partOf } from './part.ts';
import type { Source } from './sources.ts';
import { placesOf, type Wanted } from './wanted.ts';

export type ModelProgress =
  | { readonly phase: 'listing' }
  | { readonly phase: 'fetching' | 'checking'; readonly done: number; readonly total: number }
  | { readonly phase: 'waiting'; readonly done?: number; readonly total?: number; readonly attempt: number; readonly why: string };

export interface ModelOptions {
  /** Absolute path of the folder for models. */
  readonly folder: string;
  /** Where to ask, best first. */
  readonly endpoints: readonly Endpoint[];
  /** For a host alone; undefined: there is none. */
  readonly token: (host: string) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ModelProgress) => void;
  readonly log: (message: string) => void;
  readonly patience: Patience;
  readonly spare?: number;
  /** As the files were described when the parts that are there were begun. */
  readonly known: readonly HubFile[];
  /** They are described now. */
  readonly onListed: (files: readonly HubFile[]) => void;
}

/** @throws PonderError as `download` does; an AbortError */
export async function downloadModel(wanted: Wanted, options: ModelOptions): Promise<void> {
  const { folder, signal, log, patience, onProgress } = options;
  onProgress({ phase: 'listing' });
  const hubs = await hubsFor(wanted, options);
  const { hub, files } = await listAnywhere(hubs, wanted, options.known, {
    signal,
    log,
    patience,
    onWait: (attempt, why) => onProgress({ phase: 'waiting', attempt, why }),
  });
  options.onListed(files);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const [index, { path: within, target }] of placesOf(folder, wanted).entries()) {
    const file = files[index];
    if (!file) throw new PonderError('internal', 'The list of files is shorter than the model.');
    const offset = before;
    const report = (phase: 'fetching' | 'checking', done: number): void => onProgress({ phase, done: offset + done, total });
    if (!(await isThere(target, file, (done) => report('checking', done), signal))) {
      await download(
        { file, target, addresses: [hub, ...hubs.filter((other) => other !== hub)].map((each) => sourceOf(each, within, file, each !== hub, wanted, patience)) },
        {
          signal,
          log,
          patience,
          ...(options.spare === undefined ? {} : { spare: options.spare }),
          onProgress: (progress) => {
            if (progress.stage === 'waiting') onProgress({ phase: 'waiting', done: offset + progress.done, total, attempt: progress.attempt, why: progress.why });
            else report(progress.stage, progress.stage === 'checking' ? file.size : progress.done);
          },
        },
      );
    }
    before += file.size;
  }
}

async function hubsFor({ repositories }: Wanted, { endpoints, token }: ModelOptions): Promise<Hub[]> {
  const hubs: Hub[] = [];
  for (const endpoint of endpoints) {
    const repository = repositories[endpoint.kind];
    if (repository === undefined) continue;
    const { host } = new URL(endpoint.url);
    const secret = await token(host);
    hubs.push({ endpoint, repository, headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` } });
  }
  return hubs;
}

/** @param unsure whether this hub has the very same file is not known yet: bytes of two files must not be mixed */
function sourceOf(hub: Hub, within: string, file: HubFile, unsure: boolean, wanted: Wanted, patience: Patience): Source {
  const { host } = new URL(hub.endpoint.url);
  const vouch = async (signal: AbortSignal): Promise<void> => {
    const list = await listOf(hub, wanted, { signal, patience });
    const same = list.some(({ path: each, size, sha256 }) => each === within && size === file.size && sha256 === file.sha256);
    if (!same) throw new PonderError('download-damaged', `${host} has another version of ${path.posix.basename(within)}.`, { host });
  };
  return { url: fileAddress(hub.endpoint, hub.repository, within), headers: hub.headers, ...(unsure ? { vouch } : {}) };
}

/** Whether the file is there already, under its name. It may be an older version, or a file of the user's. */
async function isThere(target: string, { size, sha256 }: HubFile, onProgress: (done: number) => void, signal: AbortSignal): Promise<boolean> {
  const found = await stat(target).catch(() => undefined);
  if (found?.size !== size) return false;
  const hash = new FollowingHash(target);
  try {
    return (await hash.digest(size, onProgress, signal)) === sha256;
  } finally {
    hash.dispose();
  }
}

/** Bytes of a model that are on the disk. @param files as the hub described them */
export async function bytesThere(targets: readonly string[], files: readonly HubFile[]): Promise<number> {
  const sizes = await Promise.all(
    targets.map(async (target, index) => {
      const whole = files[index]?.size ?? 0;
      const sizeOf = async (file: string): Promise<number | undefined> => stat(file).then(({ size }) => size, () => undefined);
      if ((await sizeOf(target)) === whole) return whole;
      return Math.min(whole, (await sizeOf(partOf(target))) ?? 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
