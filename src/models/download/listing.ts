/** What a hub says of the files of a model: asked for where it is wanted from, and where that fails, elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PonderError } from '../../base/errors.ts';
import { backoff, type Patience } from './download.ts';
import { judge } from './failure.ts';
import { get, readJson } from './get.ts';
import { listAddress, partsOf, readList, type Endpoint, type HubFile } from './hub.ts';
import { Sources } from './sources.ts';
import type { Wanted } from './wanted.ts';

/** A hub that has the model, with what it is to be sent along. */
export interface Hub {
  readonly endpoint: Endpoint;
  readonly repository: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ListOptions {
  readonly signal: AbortSignal;
  readonly patience: Patience;
  readonly log: (message: string) => void;
  readonly onWait: (attempt: number, why: string) => void;
}

/** A failure that may pass: the network, a busy server. */
class Later extends Error {
  override readonly name = 'Later';

  constructor(
    message: string,
    readonly ms = 0,
  ) {
    super(message);
  }
}

/**
 * The files of a model as the first hub that answers describes them, and which hub that was.
 * @param known as they were described before, when a part of them is on the disk: a hub that describes them so goes first
 * @throws PonderError `download-refused`, `download-missing`, `download-failed`; an AbortError
 */
export async function listAnywhere(hubs: readonly Hub[], wanted: Wanted, known: readonly HubFile[], options: ListOptions): Promise<{ readonly hub: Hub; readonly files: readonly HubFile[] }> {
  const { signal, patience, log, onWait } = options;
  const byUrl = new Map(hubs.map((hub) => [listAddress(hub.endpoint, hub.repository), hub]));
  const sources = new Sources([...byUrl.keys()].map((url) => ({ url, headers: {} })), 0);
  let other: { readonly hub: Hub; readonly files: readonly HubFile[] } | undefined;
  for (let fruitless = 0; ; ) {
    const candidate = sources.next();
    const hub = candidate && byUrl.get(candidate.source.url);
    if (!candidate || !hub) {
      if (other) return other;
      throw sources.error ?? new PonderError('download-missing', `No hub is known to have ${wanted.name}.`, { host: wanted.name });
    }
    const { host } = new URL(hub.endpoint.url);
    try {
      const files = await listOf(hub, wanted, options);
      if (known.length === 0 || sameFiles(files, known)) return { hub, files };
      other ??= { hub, files };
      sources.drop(candidate, new PonderError('download-damaged', `${host} has another version.`, { host }));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = error instanceof PonderError ? error : new PonderError('download-failed', error instanceof Error ? error.message : String(error), { host });
      log(`${host}: ${failure.message}`);
      fruitless++;
      if (failure === error || other || fruitless > patience.attempts * sources.count) {
        sources.drop(candidate, failure);
        continue;
      }
      candidate.notBefore = performance.now() + Math.max(error instanceof Later ? error.ms : 0, backoff(patience, fruitless, sources.count));
      onWait(fruitless, failure.message);
      await sleep(Math.max(0, Math.round((sources.next()?.notBefore ?? 0) - performance.now())), undefined, { signal });
    }
  }
}

/**
 * @throws PonderError where the hub does not have it or does not give it; other errors, which may pass
 */
export async function listOf({ endpoint, repository, headers }: Hub, wanted: Wanted, { signal, patience }: Pick<ListOptions, 'signal' | 'patience'>): Promise<readonly HubFile[]> {
  const { host } = new URL(endpoint.url);
  const response = await get(listAddress(endpoint, repository), { headers: { accept: 'application/json', ...headers }, signal, patience: patience.stall });
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    response.destroy();
    const verdict = judge({ status: statusCode, headers: response.headers }, 0, 0, Date.now());
    if (verdict.kind === 'later') throw new Later(verdict.why, verdict.ms);
    throw new PonderError(verdict.kind === 'elsewhere' ? verdict.code : 'download-failed', `${host} answered ${String(statusCode)} for its list of files.`, { host });
  }
  const json = await readJson(response).catch((error: unknown) => {
    throw error instanceof SyntaxError ? unreadable(host) : error;
  });
  const files = filesIn(endpoint, json, host);
  return partsOf(wanted.path).map((path) => {
    const file = files.find((each) => each.path === path);
    if (!file) throw new PonderError('download-missing', `${host} has no ${path} in ${repository}.`, { host });
    return file;
  });
}

function filesIn(endpoint: Endpoint, json: unknown, host: string): readonly HubFile[] {
  try {
    return readList(endpoint, json);
  } catch {
    throw unreadable(host);
  }
}

function unreadable(host: string): PonderError {
  return new PonderError('download-failed', `${host} sent a list of files that cannot be read.`, { host });
}

export function sameFiles(a: readonly HubFile[], b: readonly HubFile[]): boolean {
  return a.length === b.length && a.every(({ size, sha256 }, index) => b[index]?.size === size && b[index].sha256 === sha256);
}
