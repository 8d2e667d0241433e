/** Writes copies of a GGUF with other metadata: the tensors stay as they are. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** As GGUF numbers its types of value. */
const types = { uint32: 4, float32: 6, string: 8, array: 9 } as const;
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Tensors' data begin at a multiple of this. */
const alignment = 32;

export type Metadata = Readonly<Record<string, { readonly uint32: number } | { readonly float32: number } | { readonly string: string }>>;

/** The same model with these keys set, added or replaced. */
export function withMetadata(file: Buffer, changes: Metadata): Buffer {
  const header = readHeader(file);
  const kept = header.entries.filter(({ key }) => !(key in changes));
  const added = Object.entries(changes).map(([key, value]) => Buffer.concat([text(key), encode(value)]));
  const start = Buffer.from(file.subarray(0, 24));
  start.writeBigUInt64LE(BigInt(kept.length + added.length), 16);
  const head = Buffer.concat([start, ...kept.map(({ from, to }) => file.subarray(from, to)), ...added, file.subarray(header.metadataEnd, header.tensorsEnd)]);
  return Buffer.concat([head, Buffer.alloc(aligned(head.length) - head.length), file.subarray(aligned(header.tensorsEnd))]);
}

/** YaRN in the file itself, as a converter would write it. */
export function bakedYarn(factor: number, native: number): Metadata {
  return {
    'qwen3.rope.scaling.type': { string: 'yarn' },
    'qwen3.rope.scaling.factor': { float32: factor },
    'qwen3.rope.scaling.original_context_length': { uint32: native },
    'qwen3.context_length': { uint32: native * factor },
  };
}

/** A copy in a folder that goes with the process; under its own name, which a backend shows. */
export function copyWithMetadata(file: string, changes: Metadata): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ponder-gguf-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const copy = path.join(folder, path.basename(file));
  writeFileSync(copy, withMetadata(readFileSync(file), changes));
  return copy;
}

function readHeader(file: Buffer): { entries: { key: string; from: number; to: number }[]; metadataEnd: number; tensorsEnd: number } {
  let at = 24;
  const number = (): number => Number(file.readBigUInt64LE((at += 8) - 8));
  const word = (): number => file.readUInt32LE((at += 4) - 4);
  const string = (): string => {
    const length = number();
    return file.toString('utf8', at, (at += length));
  };
  const skip = (type: number): void => {
    if (type === types.string) string();
    else if (type === types.array) {
      const of = word();
      for (let left = number(); left > 0; left--) skip(of);
    } else {
      const size = sizes[type];
      if (size === undefined) throw new Error(`There is no type ${String(type)} of value in GGUF.`);
      at += size;
    }
  };
  const tensors = Number(file.readBigUInt64LE(8));
  const entries = Array.from({ length: Number(file.readBigUInt64LE(16)) }, () => {
    const from = at;
    const key = string();
    skip(word());
    return { key, from, to: at };
  });
  const metadataEnd = at;
  for (let left = tensors; left > 0; left--) {
    string();
    const dimensions = word();
    // The dimensions, the type and the offset, which counts from where the data begin.
    at += dimensions * 8 + 4 + 8;
  }
  return { entries, metadataEnd, tensorsEnd: at };
}

function encode(value: Metadata[string]): Buffer {
  const type = Buffer.alloc(4);
  if ('string' in value) {
    type.writeUInt32LE(types.string);
    return Buffer.concat([type, text(value.string)]);
  }
  const data = Buffer.alloc(4);
  if ('uint32' in value) data.writeUInt32LE(value.uint32);
  else data.writeFloatLE(value.float32);
  type.writeUInt32LE('uint32' in value ? types.uint32 : types.float32);
  return Buffer.concat([type, data]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, bytes]);
}

function aligned(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
