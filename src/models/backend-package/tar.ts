/**
 * Reads the tarballs that npm makes, and only those: files below `package/`. Whatever else an archive may hold, links
 * and devices and paths that lead elsewhere, is refused, and nothing is written for it.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { PonderError, toPonderError } from '../../base/errors.ts';
import { isDiskError, named } from '../download/disk-errors.ts';

export interface UnpackOptions {
  readonly signal: AbortSignal;
  /** Is told how many bytes more have been written. */
  readonly onBytes: (bytes: number) => void;
  /** Bytes of all files together, at most: an archive of megabytes may hold terabytes. */
  readonly mostBytes: number;
}

const block = 512;
const mostFiles = 2000;
/** Of a header that describes another one, bytes. */
const mostWords = 64 * 1024;

/**
 * @param archive absolute path of a `.tgz`
 * @param folder absolute path of an empty folder, which gets what is below `package/`
 * @throws PonderError `download-damaged`, `disk-full`, `folder-unwritable`; an AbortError
 */
export async function unpack(archive: string, folder: string, { signal, onBytes, mostBytes }: UnpackOptions): Promise<void> {
  const gunzip = createGunzip();
  // What goes wrong on the way here is heard of by whoever reads the other end.
  const feeding = pipeline(createReadStream(archive), gunzip, { signal }).catch(() => undefined);
  const source = new Source(gunzip);
  const written = new Set<string>();
  let total = 0;
  try {
    for (let words: Words = {}; ; ) {
      signal.throwIfAborted();
      const header = readHeader(await source.exactly(block));
      if (!header) break;
      const size = words.size ?? header.size;
      if (header.type === 'x') {
        if (size > mostWords) throw damaged('a header is too long');
        words = readWords(await source.padded(size));
        continue;
      }
      // Comments on the archive as a whole.
      if (header.type === 'g') {
        if (size > mostWords) throw damaged('a header is too long');
        await source.padded(size);
        continue;
      }
      const name = safeName(words.path ?? header.path);
      words = {};
      if (header.type === '5') continue;
      if (header.type !== '0' || name === '') throw damaged(`"${name}" is no file but of type ${header.type}`);
      // Systems that take upper and lower case for the same would write one over the other.
      if (written.has(name.toLowerCase())) throw damaged(`${name} is there twice`);
      written.add(name.toLowerCase());
      total += size;
      if (total > mostBytes || written.size > mostFiles) throw damaged('it holds more than it may');
      await writeFile(source, path.join(folder, ...name.split('/')), size, { signal, onBytes });
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PonderError) throw error;
    throw isDiskError(error) ? named(error, folder) : damaged(toPonderError(error).message);
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

async function writeFile(source: Source, file: string, size: number, { signal, onBytes }: Pick<UnpackOptions, 'signal' | 'onBytes'>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'wx', 0o644);
  try {
    for (let left = size; left > 0; ) {
      signal.throwIfAborted();
      const chunk = await source.some(left);
      for (let from = 0; from < chunk.length; ) from += (await handle.write(chunk, from)).bytesWritten;
      left -= chunk.length;
      onBytes(chunk.length);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await source.skipPadding(size);
}

interface Header {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

/** Undefined for the block of zeros that ends an archive. @throws PonderError `download-damaged` */
function readHeader(bytes: Buffer): Header | undefined {
  if (bytes.every((byte) => byte === 0)) return undefined;
  const sum = bytes.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(bytes, 148, 8) !== sum) throw damaged('a header has the wrong checksum');
  const prefix = bytes.toString('latin1', 257, 262) === 'ustar' ? text(bytes, 345, 155) : '';
  const name = text(bytes, 0, 100);
  const type = String.fromCharCode(bytes[156] ?? 0);
  return { path: prefix === '' ? name : `${prefix}/${name}`, size: octal(bytes, 124, 12), type: type === '\0' ? '0' : type };
}

/** What stands in a header in front of another one, in place of what that one says. */
interface Words {
  readonly path?: string;
  readonly size?: number;
}

/** Lines of "length key=value". */
function readWords(bytes: Buffer): Words {
  const found = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const length = Number(/^\d{1,6}(?= )/.exec(bytes.toString('latin1', at, at + 7))?.[0]);
    const line = bytes.toString('utf8', at, at + length - 1);
    const [, key, value] = /^\d+ ([^=]+)=([^]*)$/.exec(line) ?? [];
    if (!(length > 0) || at + length > bytes.length || key === undefined || value === undefined) throw damaged('a header is malformed');
    found.set(key, value);
    at += length;
  }
  const [name, size] = [found.get('path'), found.get('size')];
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw damaged('a header is malformed');
  return { ...(name === undefined ? {} : { path: name }), ...(size === undefined ? {} : { size: Number(size) }) };
}

/** A path below `package/` that means the same on every system. @throws PonderError `download-damaged` */
function safeName(name: string): string {
  const [root, ...rest] = name.replace(/\/$/, '').split('/');
  const safe = rest.every((part) => /^[\w@+~ -][\w@+~. -]*$|^\.[\w@+~-][\w@+~. -]*$/u.test(part) && part.length <= 200 && !/[. ]$/.test(part) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part));
  if (root !== 'package' || !safe || name.length > 500) throw damaged(`the path ${JSON.stringify(name.slice(0, 100))} leads elsewhere`);
  return rest.join('/');
}

function text(bytes: Buffer, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function octal(bytes: Buffer, from: number, length: number): number {
  const digits = text(bytes, from, length).trim();
  if (!/^[0-7]{1,12}$/.test(digits)) throw damaged('a header is malformed');
  return parseInt(digits, 8);
}

function damaged(why: string): PonderError {
  return new PonderError('download-damaged', `The archive is not as it should be: ${why}.`);
}

/** Takes from a stream as much as is asked for. */
class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<unknown>) {
    this.#chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Between one byte and so many. @throws where there are no more */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw damaged('it ends early');
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = length; left > 0; ) {
      const part = await this.some(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** What is so long, and what fills its last block. */
  async padded(length: number): Promise<Buffer> {
    const bytes = await this.exactly(length);
    await this.skipPadding(length);
    return bytes;
  }

  async skipPadding(length: number): Promise<void> {
    await this.exactly((block - (length % block)) % block);
  }
}
