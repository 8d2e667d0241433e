/** One file from a hub: in parts if need be, from whichever address has it, and under its name only when it is right. */
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PonderError, type ErrorCode } from '../../base/errors.ts';
import { judge, type Verdict } from './failure.ts';
import { get } from './get.ts';
import type { HubFile } from './hub.ts';
import { PartFile } from './part.ts';

export interface DownloadRequest {
  readonly file: Pick<HubFile, 'size' | 'sha256'>;
  /** Where it can be had, best first. */
  readonly addresses: readonly { readonly url: string; readonly headers: Readonly<Record<string, string>> }[];
  /** Absolute path that it gets. */
  readonly target: string;
}

export type DownloadProgress =
  /** Bytes on disk; `fetched` of them since the beginning, for the speed. */
  | { readonly stage: 'fetching'; readonly done: number; readonly fetched: number }
  /** The connection is gone; tried again in `ms`, for the `attempt`th time in a row. */
  | { readonly stage: 'waiting'; readonly done: number; readonly attempt: number; readonly ms: number; readonly why: string }
  /** Bytes looked through for the hash. */
  | { readonly stage: 'checking'; readonly done: number };

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly log: (message: string) => void;
  readonly patience: Patience;
}

export interface Patience {
  /** A connection without a byte for so long is given up, ms. */
  readonly stall: number;
  /** Before the second attempt, ms; doubles with each. */
  readonly first: number;
  /** At most, ms. */
  readonly longest: number;
  /** Attempts in a row that bring nothing. */
  readonly attempts: number;
}

export const usualPatience: Patience = { stall: 20_000, first: 1000, longest: 30_000, attempts: 8 };

/** Of the disk, kept free: bytes. */
const spareSpace = 512 * 1024 * 1024;
/** A file that is wrong twice will be wrong again. */
const mostWrong = 2;

/**
 * Goes on where an earlier one stopped.
 * @throws PonderError `download-refused`, `download-missing`, `download-damaged`, `download-failed`, `disk-full`,
 *   `folder-unwritable`; an AbortError when the signal aborts: what is there stays and is gone on from
 */
export async function download(request: DownloadRequest, options: DownloadOptions): Promise<void> {
  const part = new PartFile(request.target, request.file);
  try {
    await mkdir(path.dirname(request.target), { recursive: true });
    for (let wrong = 0; ; wrong++) {
      await fetchAll(request, part, wrong, options);
      const right = await part.isRight((done) => options.onProgress({ stage: 'checking', done }), options.signal);
      if (right && (await part.isGguf())) return await part.finish();
      options.log(`${path.basename(request.target)}: ${right ? 'is no GGUF file' : 'its hash is not the hub’s'}`);
      await part.discard();
      if (wrong + 1 >= mostWrong) throw new PonderError('download-damaged', 'What arrived is not the file that the hub describes.', { path: request.target });
    }
  } catch (error) {
    throw named(error, request);
  }
}

/** Until the part is as long as the file. @param from index of the address to begin with: after a wrong file, another one */
async function fetchAll({ file, addresses, target }: DownloadRequest, part: PartFile, from: number, options: DownloadOptions): Promise<void> {
  const { signal, onProgress, log, patience } = options;
  const begun = await part.begin();
  await requireSpace(path.dirname(target), file.size - begun);
  let left = rotated(addresses, from);
  let fruitless = 0;
  for (let done = begun; done < file.size; ) {
    const [address] = left;
    if (!address) throw new PonderError('download-failed', 'There is no address to try.', { path: target });
    const { host } = new URL(address.url);
    const end = await fetchSome(address, part, done, file.size, begun, options);
    if (end.kind === 'elsewhere') {
      log(`${host} ${end.why}`);
      left = left.slice(1);
      if (left.length === 0) throw new PonderError(end.code, `${host} ${end.why}.`, { path: target, host });
      continue;
    }
    const now = await part.size();
    fruitless = now > done ? 1 : fruitless + 1;
    done = now;
    if (done >= file.size) return;
    if (fruitless > patience.attempts) throw new PonderError('download-failed', `${host}: ${end.why}; gave up after ${String(patience.attempts)} attempts.`, { path: target, host });
    const ms = Math.max(end.ms ?? 0, Math.min(patience.longest, patience.first * 2 ** (fruitless - 1)));
    log(`${path.basename(target)}: ${end.why}; attempt ${String(fruitless + 1)} in ${String(ms)} ms`);
    onProgress({ stage: 'waiting', done, attempt: fruitless, ms, why: end.why });
    await sleep(ms, undefined, { signal });
    // One that is down may have a mirror that is up.
    left = rotated(left, 1);
  }
}

type End = Extract<Verdict, { kind: 'later' | 'elsewhere' }>;

/** One connection, as far as it goes. */
async function fetchSome(
  { url, headers }: DownloadRequest['addresses'][number],
  part: PartFile,
  have: number,
  size: number,
  begun: number,
  { signal, onProgress, patience }: DownloadOptions,
): Promise<End> {
  try {
    const range: Record<string, string> = have > 0 ? { range: `bytes=${String(have)}-` } : {};
    const response = await get(url, { headers: { ...headers, ...range }, signal, patience: patience.stall });
    const verdict = judge({ status: response.statusCode ?? 0, headers: response.headers }, have, size, Date.now());
    if (verdict.kind !== 'body') {
      response.destroy();
      if (verdict.kind === 'restart') await part.restart();
      return verdict.kind === 'restart' ? { kind: 'later', why: 'begins anew' } : verdict;
    }
    let done = have;
    const count = (bytes: number): void => onProgress({ stage: 'fetching', done: (done += bytes), fetched: done - begun });
    await part.append((sink) => pipeline(response, only(have - verdict.start, size - have), sink), count);
    return { kind: 'later', why: 'the connection ended early' };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (isDiskError(error)) throw error;
    return { kind: 'later', why: error instanceof Error ? error.message : String(error) };
  }
}

/** What is there already does not go to the disk again, nor what is too much. */
function only(skip: number, length: number): Transform {
  let [before, left] = [skip, length];
  return new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      const wanted = chunk.subarray(Math.min(before, chunk.length)).subarray(0, left);
      before = Math.max(0, before - chunk.length);
      left -= wanted.length;
      pass(null, wanted);
    },
  });
}

async function requireSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed + spareSpace) throw new PonderError('disk-full', `${folder} has ${String(free)} bytes free, ${String(needed)} are needed.`, { path: folder, needed, free });
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = list.length > 0 ? by % list.length : 0;
  return [...list.slice(at), ...list.slice(0, at)];
}

const diskErrors: ReadonlyMap<string, ErrorCode> = new Map([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'folder-unwritable'],
  ['EPERM', 'folder-unwritable'],
  ['EROFS', 'folder-unwritable'],
  ['ENOENT', 'folder-unwritable'],
  ['ENOTDIR', 'folder-unwritable'],
  ['EEXIST', 'folder-unwritable'],
]);

function isDiskError(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && diskErrors.has(error.code))) return false;
  // A connection may be refused with the same codes.
  return 'path' in error || ('syscall' in error && error.syscall === 'write');
}

function named(error: unknown, { target }: DownloadRequest): unknown {
  if (!isDiskError(error)) return error;
  return new PonderError(diskErrors.get(error.code) ?? 'internal', error.message, { path: path.dirname(target) });
}
