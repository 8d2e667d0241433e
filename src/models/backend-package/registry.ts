/** What the npm registry says of a package, and its tarball, which is compared with the hash that the registry publishes. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { PonderError, toPonderError, type ErrorCode } from '../../base/errors.ts';
import { isDiskError, named } from '../download/disk-errors.ts';
import { get, readJson } from '../download/get.ts';

export const npmRegistry = 'https://registry.npmjs.org';

export interface RegistryPackage {
  readonly name: string;
  readonly version: string;
  /** Address of the tarball. */
  readonly tarball: string;
  /** Its SHA-512, base64. */
  readonly sha512: string;
  /** Of the tarball, bytes. */
  readonly bytes: number;
  /** Of what is in it, bytes: as published, or guessed. */
  readonly unpacked: number;
}

export interface Patience {
  /** Without a byte for so long, ms, a connection is given up. */
  readonly stall: number;
  /** Before the second attempt, ms; twice as long before each further one. */
  readonly first: number;
  readonly attempts: number;
}

export const usualPatience: Patience = { stall: 30_000, first: 1000, attempts: 5 };

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly patience: Patience;
  readonly log: (line: string) => void;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const answer = v.object({
  name: v.string(),
  version: v.string(),
  dist: v.object({ tarball: v.pipe(v.string(), v.url()), integrity: v.string(), unpackedSize: v.optional(count) }),
});

/** How much larger llama.cpp's libraries are than their archive, at most, where the registry does not say. */
const growth = 2.2;

/**
 * @param registry address, without a slash at its end
 * @throws PonderError `download-missing`, `download-refused`, `download-damaged`, `download-failed`; an AbortError
 */
export async function describePackage(registry: string, name: string, version: string, options: FetchOptions): Promise<RegistryPackage> {
  const address = `${registry}/${name.replace('/', '%2f')}/${version}`;
  const { dist, ...found } = await attempts(address, options, async () => {
    const response = await asked(address, {}, options);
    // Half of it, or what a proxy says in its place.
    const parsed = v.safeParse(answer, await readJson(response).catch((error: unknown) => later(toPonderError(error).message)));
    if (!parsed.success) throw damaged(address, 'is not the description of a package');
    return parsed.output;
  });
  const [, sha512] = /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)(?:\s|$|\?)/.exec(dist.integrity) ?? [];
  if (found.name !== name || found.version !== version) throw damaged(address, `describes ${found.name} ${found.version}`);
  if (sha512 === undefined) throw damaged(address, 'gives no SHA-512');
  if (new URL(registry).protocol === 'https:' && new URL(dist.tarball).protocol !== 'https:') throw damaged(address, 'names an address that is not encrypted');
  const bytes = await lengthOf(dist.tarball, options);
  return { name, version, tarball: dist.tarball, sha512, bytes, unpacked: dist.unpackedSize ?? Math.round(bytes * growth) };
}

/** Only its beginning is asked for, and not waited for. */
async function lengthOf(address: string, options: FetchOptions): Promise<number> {
  return attempts(address, options, async () => {
    const { headers, destroy } = await asked(address, { range: 'bytes=0-0' }, options).then((response) => ({ headers: response.headers, destroy: () => response.destroy() }));
    destroy();
    return Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length'] ?? 0);
  });
}

/**
 * Fetches a tarball; a connection that breaks is taken up where it was.
 * @param file absolute path; the file must not be there yet
 * @param onBytes is told how many bytes are there
 * @throws PonderError as `describePackage`, and `disk-full`, `folder-unwritable`; an AbortError
 */
export async function fetchTarball({ tarball, sha512 }: RegistryPackage, file: string, options: FetchOptions, onBytes: (bytes: number) => void): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'wx', 0o600);
    const sink = handle;
    let [hash, done] = [createHash('sha512'), 0];
    await attempts(tarball, options, async () => {
      const response = await asked(tarball, done > 0 ? { range: `bytes=${String(done)}-` } : {}, options);
      if (!(response.statusCode === 206 && response.headers['content-range']?.startsWith(`bytes ${String(done)}-`) === true)) {
        // It sends all of it again, whatever was asked for.
        [hash, done] = [createHash('sha512'), 0];
      }
      for await (const chunk of response as AsyncIterable<Buffer>) {
        for (let from = 0; from < chunk.length; ) from += (await sink.write(chunk, from, chunk.length - from, done + from)).bytesWritten;
        hash.update(chunk);
        done += chunk.length;
        onBytes(done);
      }
      if (!response.complete) later('the connection ended early');
    });
    await sink.truncate(done);
    if (hash.digest('base64') !== sha512) throw damaged(tarball, 'does not have the published hash');
  } catch (error) {
    options.signal.throwIfAborted();
    throw isDiskError(error) ? named(error, file) : error;
  } finally {
    await handle?.close();
  }
}

/** What another attempt may mend. */
class Later extends Error {
  override readonly name = 'Later';
}

function later(why: string): never {
  throw new Later(why);
}

async function attempts<T>(address: string, { signal, patience, log }: FetchOptions, attempt: () => Promise<T>): Promise<T> {
  const { host } = new URL(address);
  for (let number = 1; ; number++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PonderError || isDiskError(error)) throw error;
      const why = toPonderError(error).message;
      if (number >= patience.attempts) throw new PonderError('download-failed', `${host}: ${why}; gave up after ${String(number)} attempts.`, { host });
      const ms = patience.first * 2 ** (number - 1);
      log(`${address}: ${why}; attempt ${String(number + 1)} in ${String(ms)} ms`);
      await sleep(ms, undefined, { signal });
    }
  }
}

const final: ReadonlyMap<number, ErrorCode> = new Map([
  [401, 'download-refused'],
  [403, 'download-refused'],
  [404, 'download-missing'],
  [410, 'download-missing'],
]);

/** An answer that has what was asked for in it. */
async function asked(address: string, headers: Readonly<Record<string, string>>, { signal, patience }: FetchOptions): Promise<IncomingMessage> {
  const response = await get(address, { headers, signal, patience: patience.stall });
  const status = response.statusCode ?? 0;
  if (status === 200 || status === 206) return response;
  response.destroy();
  const { host } = new URL(address);
  // 416: what is there is longer than the file, so it is not it.
  if (status >= 500 || [408, 416, 425, 429].includes(status)) later(`answered ${String(status)}`);
  throw new PonderError(final.get(status) ?? 'download-failed', `${host} answered ${String(status)} for ${address}.`, { host });
}

function damaged(address: string, why: string): PonderError {
  return new PonderError('download-damaged', `${address} ${why}.`, { host: new URL(address).host });
}
