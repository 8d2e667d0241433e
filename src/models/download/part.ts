/** A file that is not whole yet: `<name>.part`, and beside it what it is a part of. It is never taken for a model. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import * as v from 'valibot';
import type { HubFile } from './hub.ts';

const description = v.object({ size: v.number(), sha256: v.string() });

export class PartFile {
  constructor(
    /** Absolute path that the file has once it is whole. */
    private readonly target: string,
    private readonly whole: Pick<HubFile, 'size' | 'sha256'>,
  ) {}

  get path(): string {
    return `${this.target}.part`;
  }

  /**
   * Bytes there already. What is left of another file of that name, or longer than this one, goes.
   * Where it came from does not matter: the hash tells whether it belongs.
   */
  async begin(): Promise<number> {
    const known = await this.#describes();
    const size = known ? await sizeOf(this.path) : 0;
    if (known && size <= this.whole.size) return size;
    await this.discard();
    await writeFile(this.#sidecar, JSON.stringify({ size: this.whole.size, sha256: this.whole.sha256 }));
    return 0;
  }

  async size(): Promise<number> {
    return sizeOf(this.path);
  }

  /** Lets `fill` write at the end. @param onBytes is told of what has reached the file, whatever becomes of the rest */
  async append(fill: (sink: Writable) => Promise<void>, onBytes: (bytes: number) => void): Promise<void> {
    const file = await open(this.path, 'a');
    const write = (chunks: Buffer[], done: (error?: Error | null) => void): void => {
      file.writev(chunks).then(
        ({ bytesWritten }) => {
          onBytes(bytesWritten);
          // What follows would stand in the wrong place.
          const whole = bytesWritten === chunks.reduce((sum, { length }) => sum + length, 0);
          done(whole ? null : new Error('The disk has taken only a part of it.'));
        },
        (error: unknown) => done(error as Error),
      );
    };
    const sink = new Writable({
      highWaterMark: 1024 * 1024,
      write: (chunk: Buffer, _encoding, done) => write([chunk], done),
      writev: (chunks, done) => write(chunks.map(({ chunk }) => chunk as Buffer), done),
    });
    try {
      await fill(sink);
    } finally {
      await file.close();
    }
  }

  /** Whether it is, byte for byte, what the hub says it is. @param onProgress is told of bytes */
  async isRight(onProgress: (checked: number) => void, signal: AbortSignal): Promise<boolean> {
    const hash = createHash('sha256');
    let checked = 0;
    for await (const chunk of createReadStream(this.path, { signal, highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      checked += chunk.length;
      onProgress(checked);
    }
    return checked === this.whole.size && hash.digest('hex') === this.whole.sha256;
  }

  async isGguf(): Promise<boolean> {
    const file = await open(this.path, 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.toString('latin1') === 'GGUF';
    } finally {
      await file.close();
    }
  }

  /** Gives it its name, once it is on the disk. */
  async finish(): Promise<void> {
    const file = await open(this.path, 'r+');
    await file.sync().finally(() => file.close());
    await rename(this.path, this.target);
    await rm(this.#sidecar, { force: true });
  }

  async restart(): Promise<void> {
    await truncate(this.path, 0);
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#sidecar, { force: true });
  }

  get #sidecar(): string {
    return `${this.path}.json`;
  }

  async #describes(): Promise<boolean> {
    try {
      const { size, sha256 } = v.parse(description, JSON.parse(await readFile(this.#sidecar, 'utf8')));
      return size === this.whole.size && sha256 === this.whole.sha256;
    } catch {
      return false;
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, () => 0);
}
