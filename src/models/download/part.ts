/** A file that is not whole yet: `<name>.part`, and beside it what it is a part of. It is never taken for a model. */
import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { HubFile } from './hub.ts';
import { letGo } from './let-go.ts';

const description = v.object({ size: v.number(), sha256: v.string() });

/** Bytes after which the disk is told to write them, so that little is left to wait for at the end. */
const flushAfter = 64 * 1024 * 1024;
/** How often it is made sure that what is written to is still the file of that name, ms. */
const lookAfter = 2000;
/** Of renaming a file that another program, a virus scanner say, has just opened; 200 ms apart. */
const renameAttempts = 25;

export class PartFile {
  constructor(
    /** Absolute path that the file has once it is whole. */
    private readonly target: string,
    private readonly whole: Pick<HubFile, 'size' | 'sha256'>,
  ) {}

  get path(): string {
    return partOf(this.target);
  }

  /**
   * Bytes there already. What is left of another file of that name, or longer than this one, goes.
   * Where it came from does not matter: the hash tells whether it belongs.
   */
  async begin(): Promise<number> {
    const known = await this.#describes();
    const size = known ? await this.size() : 0;
    if (known && size <= this.whole.size) return size;
    await this.discard();
    await writeFile(sidecarOf(this.target), JSON.stringify({ size: this.whole.size, sha256: this.whole.sha256 }));
    return 0;
  }

  /** @throws where it cannot be told, because the folder is gone say */
  async size(): Promise<number> {
    return stat(this.path).then(
      ({ size }) => size,
      async (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        // Nothing has been written yet, or somebody took the folder away.
        await stat(sidecarOf(this.target));
        return 0;
      },
    );
  }

  /** Lets `fill` write at the end; what it has written when it is through reaches the file. @param onBytes is told of what has reached the file, whatever becomes of the rest */
  async append<T>(fill: (sink: Writable) => Promise<T>, onBytes: (bytes: number) => void): Promise<T> {
    const file = await open(this.path, 'a');
    const upkeep = new Upkeep(file, this.path);
    const write = async (chunks: readonly Buffer[]): Promise<void> => {
      const wanted = chunks.reduce((sum, { length }) => sum + length, 0);
      const { bytesWritten } = await file.writev(chunks);
      onBytes(bytesWritten);
      chunks.forEach(letGo);
      // What follows would stand in the wrong place.
      if (bytesWritten !== wanted) throw new Error('The disk has taken only a part of it.');
      await upkeep.after(bytesWritten);
    };
    const sink = new Writable({
      // As much as comes while something is written; more would only go through fresh memory.
      highWaterMark: 512 * 1024,
      write: (chunk: Buffer, _encoding, done) => void write([chunk]).then(() => done(), done),
      writev: (chunks, done) => void write(chunks.map(({ chunk }) => chunk as Buffer)).then(() => done(), done),
    });
    const written = finished(sink);
    written.catch(() => undefined);
    try {
      const result = await fill(sink);
      sink.end();
      await written;
      return result;
    } finally {
      sink.destroy();
      await upkeep.settled();
      await file.close();
    }
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
    await renamed(this.path, this.target);
    await rm(sidecarOf(this.target), { force: true });
  }

  async discard(): Promise<void> {
    await discardPart(this.target);
  }

  async #describes(): Promise<boolean> {
    try {
      const { size, sha256 } = v.parse(description, JSON.parse(await readFile(sidecarOf(this.target), 'utf8')));
      return size === this.whole.size && sha256 === this.whole.sha256;
    } catch {
      return false;
    }
  }
}

/** What is to be done beside the writing. */
class Upkeep {
  #unflushed = 0;
  #flush: Promise<void> | undefined;
  #looked = performance.now();

  constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  async after(bytes: number): Promise<void> {
    this.#unflushed += bytes;
    if (this.#unflushed >= flushAfter && !this.#flush) {
      this.#unflushed = 0;
      this.#flush = this.file
        .datasync()
        // A file that cannot be flushed now is refused at the end.
        .catch(() => undefined)
        .finally(() => (this.#flush = undefined));
    }
    const now = performance.now();
    if (now - this.#looked < lookAfter) return;
    this.#looked = now;
    // A file that was removed can be written to for gigabytes without anyone noticing.
    const [named, open] = await Promise.all([stat(this.path), this.file.stat()]);
    if (named.ino !== open.ino) throw new Error('Another file has taken its place.');
  }

  async settled(): Promise<void> {
    await this.#flush;
  }
}

async function renamed(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const mayPass = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY');
      if (!mayPass || attempt >= renameAttempts) throw error;
      await sleep(200);
    }
  }
}

/** Where what has come of a file is kept until it is whole. */
export function partOf(target: string): string {
  return `${target}.part`;
}

function sidecarOf(target: string): string {
  return `${partOf(target)}.json`;
}

/** Removes what there is of a file that is not whole. */
export async function discardPart(target: string): Promise<void> {
  await rm(partOf(target), { force: true });
  await rm(sidecarOf(target), { force: true });
}
