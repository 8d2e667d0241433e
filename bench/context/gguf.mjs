// @ts-check
/** Writes GGUF files, version 3, little-endian, tensor by tensor. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Numbers of the types of metadata values. */
const valueTypes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };
/** Numbers of the types of tensors. */
const tensorTypes = { f32: 0, q4_0: 2 };
const alignment = 32;

/** @typedef {{ uint32: number } | { float32: number } | { bool: boolean } | { string: string } | { strings: readonly string[] } | { int32s: readonly number[] }} Value */
/**
 * @typedef {object} Tensor
 * @property {string} name
 * @property {keyof typeof tensorTypes} type
 * @property {readonly number[]} shape the row's length first
 * @property {() => Iterable<Buffer>} data
 */

/**
 * @param {string} file replaced when all of it is written
 * @param {Readonly<Record<string, Value>>} metadata
 * @param {readonly Tensor[]} tensors
 */
export async function writeGguf(file, metadata, tensors) {
  const temporary = `${file}.tmp`;
  await pipeline(Readable.from(pieces(metadata, tensors), { objectMode: true }), createWriteStream(temporary));
  await rename(temporary, file);
}

/**
 * @param {Readonly<Record<string, Value>>} metadata
 * @param {readonly Tensor[]} tensors
 * @returns {Iterable<Buffer>}
 */
function* pieces(metadata, tensors) {
  const header = Buffer.concat([...head(metadata, tensors)]);
  yield header;
  yield padding(header.length);
  for (const tensor of tensors) {
    yield* tensor.data();
    yield padding(bytesOf(tensor));
  }
}

/**
 * @param {Readonly<Record<string, Value>>} metadata
 * @param {readonly Tensor[]} tensors
 * @returns {Iterable<Buffer>}
 */
function* head(metadata, tensors) {
  yield Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(Object.keys(metadata).length)]);
  for (const [key, entry] of Object.entries(metadata)) {
    yield string(key);
    yield value(entry);
  }
  let offset = 0;
  for (const tensor of tensors) {
    const { name, type, shape } = tensor;
    yield Buffer.concat([string(name), uint32(shape.length), ...shape.map(uint64), uint32(tensorTypes[type]), uint64(offset)]);
    offset += bytesOf(tensor) + padding(bytesOf(tensor)).length;
  }
}

/** @param {Value} entry */
function value(entry) {
  if ('uint32' in entry) return Buffer.concat([uint32(valueTypes.uint32), uint32(entry.uint32)]);
  if ('float32' in entry) return Buffer.concat([uint32(valueTypes.float32), float32(entry.float32)]);
  if ('bool' in entry) return Buffer.concat([uint32(valueTypes.bool), Buffer.from([entry.bool ? 1 : 0])]);
  if ('string' in entry) return Buffer.concat([uint32(valueTypes.string), string(entry.string)]);
  if ('strings' in entry) return array(valueTypes.string, entry.strings.map(string));
  return array(valueTypes.int32, entry.int32s.map(uint32));
}

/**
 * @param {number} type
 * @param {readonly Buffer[]} items
 */
function array(type, items) {
  return Buffer.concat([uint32(valueTypes.array), uint32(type), uint64(items.length), ...items]);
}

/** @param {Tensor} tensor */
export function bytesOf({ type, shape }) {
  const elements = shape.reduce((product, length) => product * length, 1);
  return type === 'f32' ? elements * 4 : (elements / blockElements) * blockBytes;
}

/** Of Q4_0: a 16-bit scale, and a nibble an element. */
export const blockElements = 32;
export const blockBytes = 18;

/** @param {number} length */
function padding(length) {
  return Buffer.alloc((alignment - (length % alignment)) % alignment);
}

/** @param {string} text */
function string(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

/** @param {number} number */
function uint32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

/** @param {number} number */
function uint64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes;
}

/** @param {number} number */
function float32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(number);
  return bytes;
}
