import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseHeader } from '../../../../src/models/header/parse.ts';
import { readHeader } from '../../../../src/models/header/read.ts';
import { withMetadata, type Metadata } from '../../../model/support/gguf.ts';

const tiny = fileURLToPath(new URL('../../../fixtures/tiny-qwen3/tiny-qwen3.gguf', import.meta.url));
const file = readFileSync(tiny);
const folder = mkdtempSync(path.join(tmpdir(), 'ponder-header-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

function refusalOf(bytes: Buffer): unknown {
  const parsed = parseHeader(bytes, bytes.length);
  return parsed.kind === 'refused' ? parsed.refusal : parsed.kind;
}

const changed = (metadata: Metadata): Buffer => withMetadata(file, metadata);

describe('the header of a GGUF file', () => {
  it('says what planning needs to know', async () => {
    const reading = await readHeader(tiny);
    expect(reading).toMatchObject({
      kind: 'model',
      header: {
        name: expect.stringContaining('Tiny Qwen3') as string,
        chatTemplate: true,
        parts: 1,
        facts: { architecture: 'qwen3', bytes: file.length, context: 512, tied: true },
      },
    });
    if (reading.kind !== 'model') return;
    const { layers, heads, kvHeads, headSize, embedding, vocabulary } = reading.header.facts;
    for (const figure of [layers, heads, kvHeads, headSize, embedding, vocabulary]) expect(figure).toBeGreaterThan(0);
    expect(vocabulary).toBeGreaterThan(100);
  });

  it('names the quantisation by its number', () => {
    const parsed = parseHeader(changed({ 'general.file_type': { uint32: 15 } }), file.length * 2);
    expect(parsed).toMatchObject({ kind: 'model', header: { facts: { quantisation: 'Q4_K_M' } } });
  });

  it('is asked for in larger pieces until it is whole', () => {
    expect(parseHeader(file.subarray(0, 4000), file.length)).toEqual({ kind: 'more' });
  });

  it('without a chat template still describes a model', () => {
    const template = readFileSync(tiny).indexOf('tokenizer.chat_template');
    const without = Buffer.from(file);
    without.write('tokenizer.chat_templatX', template);
    expect(parseHeader(without, without.length)).toMatchObject({ kind: 'model', header: { chatTemplate: false } });
  });
});

describe('refused, each with its reason, is', () => {
  it('a page of HTML, an empty file and none', async () => {
    expect(await readHeader(write('page.gguf', '<!doctype html><title>Not found</title>'))).toEqual({ kind: 'refused', refusal: { why: 'not-gguf' } });
    expect(await readHeader(write('empty.gguf', ''))).toEqual({ kind: 'refused', refusal: { why: 'empty' } });
    expect(await readHeader(path.join(folder, 'none.gguf'))).toEqual({ kind: 'refused', refusal: { why: 'missing' } });
    expect(await readHeader(folder)).toEqual({ kind: 'refused', refusal: { why: 'missing' } });
    expect(await readHeader(write('three.gguf', 'GGU'))).toEqual({ kind: 'refused', refusal: { why: 'not-gguf' } });
  });

  it('a file that ends before its tensors do, even by a few bytes', async () => {
    expect(await readHeader(write('short.gguf', file.subarray(0, file.length - 64)))).toEqual({ kind: 'refused', refusal: { why: 'cut-short' } });
    expect(await readHeader(write('shorter.gguf', file.subarray(0, 3000)))).toEqual({ kind: 'refused', refusal: { why: 'cut-short' } });
  });

  it('another version of the format', () => {
    const newer = Buffer.from(file);
    newer.writeUInt32LE(4, 4);
    expect(refusalOf(newer)).toEqual({ why: 'version', version: 4 });
  });

  it('a later part of a model, and a first one that is alone', async () => {
    expect(refusalOf(changed({ 'split.no': { uint32: 1 }, 'split.count': { uint32: 2 } }))).toEqual({ why: 'later-part' });
    const first = write('model-00001-of-00002.gguf', changed({ 'split.no': { uint32: 0 }, 'split.count': { uint32: 2 } }));
    expect(await readHeader(first)).toEqual({ kind: 'refused', refusal: { why: 'cut-short' } });
  });

  it('a part of a model that sees, an adapter, and a model that makes vectors', () => {
    expect(refusalOf(changed({ 'general.architecture': { string: 'clip' } }))).toEqual({ why: 'not-a-model' });
    expect(refusalOf(changed({ 'general.type': { string: 'adapter' } }))).toEqual({ why: 'not-a-model' });
    expect(refusalOf(changed({ 'general.architecture': { string: 'nomic-bert' } }))).toEqual({ why: 'embedding' });
    expect(refusalOf(changed({ 'qwen3.pooling_type': { uint32: 3 } }))).toEqual({ why: 'embedding' });
  });

  it('a header whose figures are no figures', () => {
    expect(refusalOf(changed({ 'qwen3.block_count': { uint32: 0 } }))).toEqual({ why: 'damaged' });
    expect(refusalOf(changed({ 'qwen3.block_count': { string: 'many' } }))).toEqual({ why: 'damaged' });
    expect(refusalOf(changed({ 'general.alignment': { uint32: 0 } }))).toEqual({ why: 'damaged' });
  });
});

describe('whatever a file holds, reading its header ends', () => {
  it('random bytes behind the right beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 2, max: 3 }), (noise, version) => {
        const bytes = Buffer.concat([Buffer.from('GGUF'), Buffer.from([version, 0, 0, 0]), noise]);
        expect(parseHeader(bytes, bytes.length).kind).toMatch(/^(refused|model)$/);
      }),
    );
  });

  it('a real header with bytes changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 8, max: 6000 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of changes) bytes[at] = value;
        expect(parseHeader(bytes, bytes.length).kind).toMatch(/^(refused|model)$/);
      }),
      { numRuns: 60 },
    );
  });

  it('a real header cut anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (length) => {
        expect(parseHeader(file.subarray(0, length), length).kind).toBe('refused');
        expect(parseHeader(file.subarray(0, length), file.length).kind).not.toBe('refused');
      }),
      { numRuns: 60 },
    );
  });

  it('counts and lengths beyond all reason take no memory', () => {
    const huge = Buffer.alloc(64);
    huge.write('GGUF');
    huge.writeUInt32LE(3, 4);
    for (const count of [2n ** 40n, 2n ** 63n]) {
      huge.writeBigUInt64LE(count, 16);
      expect(refusalOf(huge)).toEqual({ why: 'damaged' });
    }
    huge.writeBigUInt64LE(1n, 16);
    huge.writeBigUInt64LE(2n ** 50n, 24);
    expect(refusalOf(huge)).toEqual({ why: 'cut-short' });
  });
});
