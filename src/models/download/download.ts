/** One file from a hub: in parts if need be, from whichever address has it, and under its name only when it is right. */
import type { IncomingMessage } from 'node:http';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { PonderError } from '../../base/errors.ts';
import { isDiskError, named } from './disk-errors.ts';
import { judge, type Verdict } from './failure.ts';
import { get } from './get.ts';
import { FollowingHash } from './hash.ts';
import type { HubFile } from './hub.ts';
import { PartFile } from './part.ts';
import { Sources, type Candidate, type Source } from './sources.ts';

export interface DownloadRequest {
  readonly file: Pick<HubFile, 'size' | 'sha256'>;
  /** Where it can be had, best first. */
  readonly addresses: readonly Source[];
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
  /** Of the disk, kept free: bytes. */
  readonly spare?: number;
}

export interface Patience {
  /** A connection without a byte for so long is given up, ms. */
  readonly stall: number;
  /** Before the second attempt, ms; doubles with each. */
  readonly first: number;
  /** At most, ms. */
  readonly longest: number;
  /** Attempts in a row that bring nothing, for each address. */
  readonly attempts: number;
}

export const usualPatience: Patience = { stall: 20_000, first: 1000, longest: 30_000, attempts: 8 };

/** @param fruitless attempts so far that have brought nothing, over all of `count` addresses */
export function backoff({ first, longest }: Patience, fruitless: number, count = 1): number {
  return Math.min(longest, first * 2 ** Math.floor(Math.max(0, fruitless - 1) / Math.max(1, count)));
}

const usualSpare = 512 * 1024 * 1024;
/** A file that is wrong twice will be wrong again. */
const mostWrong = 2;

/**
 * Goes on where an earlier one stopped.
 * @throws PonderError `download-refused`, `download-missing`, `download-damaged`, `download-failed`, `disk-full`,
 *   `folder-unwritable`; an AbortError when the signal aborts: what is there stays and is gone on from
 */
export async function download(request: DownloadRequest, options: DownloadOptions): Promise<void> {
  try {
    await mkdir(path.dirname(request.target), { recursive: true });
    for (let wrong = 0; wrong < mostWrong; wrong++) {
      if (await attempt(request, wrong, options)) return;
    }
  } catch (error) {
    throw named(error, path.dirname(request.target));
  }
  throw new PonderError('download-damaged', 'What arrived is not the file that the hub describes.', { path: request.target });
}

/** False where all has arrived and is wrong. @param first index of the address to begin with: after a wrong file, another one */
async function attempt(request: DownloadRequest, first: number, options: DownloadOptions): Promise<boolean> {
  const { file, target } = request;
  const part = new PartFile(target, file);
  const begun = await part.begin();
  await requireSpace(path.dirname(target), file.size - begun, options.spare ?? usualSpare);
  const hash = new FollowingHash(part.path);
  try {
    hash.follow(begun);
    await fetchAll({ request, part, hash, begun, first }, options);
    const digest = await hash.digest(file.size, (done) => options.onProgress({ stage: 'checking', done }), options.signal);
    const right = digest === file.sha256;
    if (right && (await part.isGguf())) {
      await part.finish();
      return true;
    }
    options.log(`${path.basename(target)}: ${right ? 'is no GGUF file' : 'its hash is not the hub’s'}`);
  } finally {
    hash.dispose();
  }
  await part.discard();
  return false;
}

interface Work {
  readonly request: DownloadRequest;
  readonly part: PartFile;
  readonly hash: FollowingHash;
  /** Bytes that were there before. */
  readonly begun: number;
  readonly first: number;
}

/** Until the part is as long as the file. */
async function fetchAll(work: Work, options: DownloadOptions): Promise<void> {
  const { request, part, begun } = work;
  const { file, target } = request;
  const { signal, onProgress, log, patience } = options;
  const sources = new Sources(request.addresses, work.first);
  let fruitless = 0;
  let candidate = sources.next();
  for (let done = begun; done < file.size; ) {
    if (!candidate) throw sources.error ?? new PonderError('download-failed', 'There is no address to try.', { path: target });
    const { host } = new URL(candidate.source.url);
    const end = await fetchSome(work, candidate, done, options);
    if (end.kind === 'elsewhere') {
      log(`${host} ${end.why}`);
      sources.drop(candidate, new PonderError(end.code, `${host} ${end.why}.`, { path: target, host }));
      candidate = sources.next();
      continue;
    }
    const now = await part.size();
    const fruitful = now > done;
    done = now;
    if (done >= file.size) return;
    fruitless = fruitful ? 1 : fruitless + 1;
    if (fruitless > patience.attempts * sources.count) throw new PonderError('download-failed', `${host}: ${end.why}; gave up after ${String(fruitless - 1)} attempts.`, { path: target, host });
    candidate.notBefore = performance.now() + Math.max(end.ms ?? 0, backoff(patience, fruitless, sources.count));
    // One that has sent something is asked again; one that has not may have a mirror that is up.
    if (!fruitful) candidate = sources.next() ?? candidate;
    const ms = Math.max(0, Math.round(candidate.notBefore - performance.now()));
    log(`${path.basename(target)}: ${end.why}; attempt ${String(fruitless + 1)} in ${String(ms)} ms`);
    onProgress({ stage: 'waiting', done, attempt: fruitless, ms, why: end.why });
    await sleep(ms, undefined, { signal });
  }
}

type End = Extract<Verdict, { kind: 'later' | 'elsewhere' }>;

/** One connection, as far as it goes. */
async function fetchSome({ request, part, hash, begun }: Work, candidate: Candidate, have: number, options: DownloadOptions): Promise<End> {
  const { signal, onProgress, patience } = options;
  const { size } = request.file;
  const { url, headers, vouch } = candidate.source;
  try {
    if (!candidate.vouched) await vouch?.(signal);
    candidate.vouched = true;
    const range: Record<string, string> = have > 0 && !candidate.whole ? { range: `bytes=${String(have)}-` } : {};
    let done = have;
    const count = (bytes: number): void => {
      done += bytes;
      hash.follow(done);
      onProgress({ stage: 'fetching', done, fetched: done - begun });
    };
    // The file is open first: what comes goes to it at once, and is not lost where the connection breaks soon.
    const end = await part.append(async (sink): Promise<End> => {
      const response = await get(url, { headers: { ...headers, ...range }, signal, patience: patience.stall });
      const verdict = judge({ status: response.statusCode ?? 0, headers: response.headers }, have, size, Date.now());
      if (verdict.kind === 'body') return { kind: 'later', why: await pour(response, sink, have - verdict.start, size - have) };
      response.destroy();
      if (verdict.kind !== 'whole') return verdict;
      // Only once: whoever refuses the rest and then all of it has nothing for us.
      candidate.whole = true;
      return { kind: 'later', ms: 0, why: 'does not send parts' };
    }, count);
    signal.throwIfAborted();
    return end;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof PonderError) return { kind: 'elsewhere', code: error.code, why: error.message };
    if (isDiskError(error)) throw error;
    return { kind: 'later', why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What is there already does not go to the disk again; of what comes after the end nothing is waited for.
 * @returns why no more comes; never rejects: whoever has the sink hears of what is wrong with it
 */
function pour(response: IncomingMessage, sink: Writable, skip: number, length: number): Promise<string> {
  let [before, left] = [skip, length];
  return new Promise((resolve) => {
    const end = (why: string): void => {
      resolve(why);
      response.destroy();
    };
    response.on('error', (error) => end(error.message));
    response.once('close', () => end('the connection ended early'));
    sink.once('close', () => end('the file is closed'));
    sink.on('drain', () => response.resume());
    response.on('data', (chunk: Buffer) => {
      const wanted = chunk.subarray(Math.min(before, chunk.length)).subarray(0, left);
      before = Math.max(0, before - chunk.length);
      left -= wanted.length;
      if (wanted.length > 0 && !sink.write(wanted)) response.pause();
      if (left === 0) end('it is complete');
    });
  });
}

async function requireSpace(folder: string, needed: number, spare: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed + spare) throw new PonderError('disk-full', `${folder} has ${String(free)} bytes free, ${String(needed)} are needed.`, { path: folder, needed, free });
}
