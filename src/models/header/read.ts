/** Looks into a GGUF file without loading it. */
import { open } from 'node:fs/promises';
import { partsOf } from '../download/hub.ts';
import type { HeaderFacts } from '../fit/shape.ts';
import { sizeOf } from '../found/found.ts';
import { parseHeader, type Header } from './parse.ts';
import type { Refusal } from './refusal.ts';

export interface ModelHeader extends Omit<Header, 'facts'> {
  readonly facts: HeaderFacts;
}

export type Reading = { readonly kind: 'model'; readonly header: ModelHeader } | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Bytes read at first; four times as many where that is too little. Headers are mostly the vocabulary, a few megabytes. */
const firstLook = 1 << 20;
const largestHeader = 1 << 26;

/** Never throws. @param file absolute path */
export async function readHeader(file: string): Promise<Reading> {
  const size = await sizeOf(file);
  if (size === undefined) return { kind: 'refused', refusal: { why: 'missing' } };
  try {
    const handle = await open(file, 'r');
    try {
      for (let length = firstLook; length <= largestHeader; length *= 4) {
        const bytes = Buffer.alloc(Math.min(length, size));
        const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, 0);
        const parsed = parseHeader(bytes.subarray(0, bytesRead), size);
        if (parsed.kind === 'model') return await withParts(file, parsed.header);
        if (parsed.kind === 'refused') return parsed;
      }
      return { kind: 'refused', refusal: { why: 'damaged' } };
    } finally {
      await handle.close();
    }
  } catch {
    return { kind: 'refused', refusal: { why: 'missing' } };
  }
}

async function withParts(file: string, header: Header): Promise<Reading> {
  const sizes = await Promise.all((header.parts > 1 ? partsOf(file) : [file]).map(sizeOf));
  if (sizes.some((each) => each === undefined) || sizes.length !== header.parts) return { kind: 'refused', refusal: { why: 'cut-short' } };
  const bytes = sizes.reduce<number>((all, each) => all + (each ?? 0), 0);
  return { kind: 'model', header: { ...header, facts: { ...header.facts, bytes } } };
}
