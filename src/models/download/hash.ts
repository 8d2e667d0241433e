/**
 * The SHA-256 of a file that is still being written. A thread of its own reads behind the writer, out of the page cache:
 * the extension host does not stand still for it, and when the last byte has come the hash is nearly there.
 */
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import type { Disposable } from '../../base/disposable.ts';

/** Bytes between two messages to the thread. */
const step = 4 * 1024 * 1024;

/** Plain JavaScript, so that it runs alike from a bundle and from the sources. */
const thread = `
const { closeSync, openSync, readSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const hash = createHash('sha256');
const block = Buffer.alloc(1024 * 1024);
let file, done = 0;
parentPort.on('message', ({ to, last }) => {
  file ??= openSync(workerData, 'r');
  while (done < to) {
    const read = readSync(file, block, 0, Math.min(block.length, to - done), done);
    if (read === 0) throw new Error('The file is shorter than what was written to it.');
    hash.update(block.subarray(0, read));
    done += read;
    if (last) parentPort.postMessage({ done });
  }
  if (!last) return;
  closeSync(file);
  parentPort.postMessage({ done, digest: hash.digest('hex') });
});
`;

const answer = v.object({ done: v.number(), digest: v.optional(v.string()) });

export class FollowingHash implements Disposable {
  readonly #worker: Worker;
  /** Rejects when the thread has failed. */
  readonly #failed: Promise<never>;
  #told = 0;

  constructor(file: string) {
    this.#worker = new Worker(thread, { eval: true, workerData: file, execArgv: [] });
    this.#failed = new Promise((_resolve, reject) => this.#worker.once('error', reject));
    // It may fail before anyone asks for the hash.
    this.#failed.catch(() => undefined);
  }

  /** So many bytes of the file are written. */
  follow(to: number): void {
    if (to - this.#told < step) return;
    this.#told = to;
    this.#worker.postMessage({ to, last: false });
  }

  /**
   * Of the first `size` bytes, lower-case hexadecimal.
   * @param onProgress is told of bytes
   * @throws what reading throws; an AbortError
   */
  async digest(size: number, onProgress: (done: number) => void, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const stop = new AbortController();
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: stop.signal });
    });
    const digest = new Promise<string>((resolve) => {
      this.#worker.on('message', (message: unknown) => {
        const { done, digest: found } = v.parse(answer, message);
        onProgress(done);
        if (found !== undefined) resolve(found);
      });
    });
    this.#worker.postMessage({ to: size, last: true });
    try {
      return await Promise.race([digest, aborted, this.#failed]);
    } finally {
      stop.abort();
    }
  }

  dispose(): void {
    void this.#worker.terminate();
  }
}
