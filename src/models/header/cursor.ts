/** Reads GGUF's values out of the beginning of a file. Files come from anywhere, so nothing in them is believed. */
import { Refused } from './refusal.ts';

/** More of the file must be read first. */
export class More extends Error {}

/** Bytes of a text that is kept; templates of a hundred kilobytes exist. */
const longestText = 1 << 20;
/** Numbers of an array that are kept: one for each layer. */
const mostNumbers = 1024;
/** Arrays within arrays. */
const deepest = 3;

/** By GGUF's number of the type: bytes, and how it is read. */
const scalars: Readonly<Record<number, readonly [size: number, read: (view: DataView, at: number) => number | boolean]>> = {
  0: [1, (view, at) => view.getUint8(at)],
  1: [1, (view, at) => view.getInt8(at)],
  2: [2, (view, at) => view.getUint16(at, true)],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [4, (view, at) => view.getUint32(at, true)],
  5: [4, (view, at) => view.getInt32(at, true)],
  6: [4, (view, at) => view.getFloat32(at, true)],
  7: [1, (view, at) => view.getUint8(at) !== 0],
  10: [8, (view, at) => Number(view.getBigUint64(at, true))],
  11: [8, (view, at) => Number(view.getBigInt64(at, true))],
  12: [8, (view, at) => view.getFloat64(at, true)],
};
const textType = 8;
const arrayType = 9;

/** An array is its length, and its numbers where they are few. */
export type Value = number | boolean | string | { readonly length: number; readonly numbers?: readonly number[] };

export class Cursor {
  at = 0;
  readonly #view: DataView;

  /** @param size of the whole file, bytes, of which `bytes` is the beginning */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly size: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** @throws Refused where it is more than can be counted exactly */
  uint64(): number {
    const value = Number(this.#view.getBigUint64(this.#take(8), true));
    if (!Number.isSafeInteger(value)) throw new Refused({ why: 'damaged' });
    return value;
  }

  /** @param longest bytes; what is longer is skipped and read as '' */
  text(longest = longestText): string {
    const length = this.uint64();
    const from = this.#take(length);
    return length > longest ? '' : new TextDecoder().decode(this.bytes.subarray(from, from + length));
  }

  value(): Value {
    return this.#value(this.uint32(), 0);
  }

  #value(type: number, depth: number): Value {
    if (type === textType) return this.text();
    if (type === arrayType) return this.#array(depth);
    const [size, read] = scalarOf(type);
    return read(this.#view, this.#take(size));
  }

  #array(depth: number): Value {
    if (depth >= deepest) throw new Refused({ why: 'damaged' });
    const type = this.uint32();
    const length = this.uint64();
    if (type === textType || type === arrayType) {
      // Each takes twelve bytes or eight at least, so this ends where the file does.
      for (let left = length; left > 0; left--) {
        if (type === textType) this.#take(this.uint64());
        else this.#array(depth + 1);
      }
      return { length };
    }
    const [size, read] = scalarOf(type);
    const from = this.#take(length * size);
    return length > mostNumbers ? { length } : { length, numbers: Array.from({ length }, (_, index) => Number(read(this.#view, from + index * size))) };
  }

  /** @returns where they begin */
  #take(count: number): number {
    const from = this.at;
    const to = from + count;
    if (to > this.size) throw new Refused({ why: 'cut-short' });
    if (to > this.bytes.byteLength) throw new More();
    this.at = to;
    return from;
  }
}

function scalarOf(type: number): (typeof scalars)[number] & object {
  const scalar = scalars[type];
  if (!scalar) throw new Refused({ why: 'damaged' });
  return scalar;
}
