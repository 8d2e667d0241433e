/** What the header of a GGUF file says. Pure. */
import type { HeaderFacts } from '../fit/shape.ts';
import { Cursor, More, type Value } from './cursor.ts';
import { Refused, type Refusal } from './refusal.ts';
import { quantisationName, tensorBytes } from './tensors.ts';

export interface Header {
  readonly facts: Omit<HeaderFacts, 'bytes'>;
  /** `general.name`, as people call it. */
  readonly name?: string;
  readonly basename?: string;
  /** Whether it can be talked to; else it can only complete. */
  readonly chatTemplate: boolean;
  /** Files that the model is in. */
  readonly parts: number;
}

export type Parsed = { readonly kind: 'model'; readonly header: Header } | { readonly kind: 'refused'; readonly refusal: Refusal } | { readonly kind: 'more' };

const versions = [2, 3];
const mostEntries = 10_000;
const mostTensors = 100_000;
const mostDimensions = 8;
/** Bytes. */
const longestName = 1024;

/** These turn texts into vectors, and nothing else. */
const encoders = /bert|^t5encoder$|embedding/i;

/**
 * @param bytes the beginning of the file
 * @param size of the file, bytes
 * @returns `more` where the header goes on behind `bytes`
 */
export function parseHeader(bytes: Uint8Array, size: number): Parsed {
  try {
    return { kind: 'model', header: read(bytes, size) };
  } catch (error) {
    if (error instanceof More) return { kind: 'more' };
    if (error instanceof Refused) return { kind: 'refused', refusal: error.refusal };
    throw error;
  }
}

function read(bytes: Uint8Array, size: number): Header {
  if (size === 0) throw new Refused({ why: 'empty' });
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (magic !== 'GGUF'.slice(0, magic.length) || size < 4) throw new Refused({ why: 'not-gguf' });
  const cursor = new Cursor(bytes, size);
  cursor.uint32();
  const version = cursor.uint32();
  if (!versions.includes(version)) throw new Refused({ why: 'version', version });
  const tensors = cursor.uint64();
  const entries = cursor.uint64();
  if (tensors > mostTensors || entries > mostEntries) throw new Refused({ why: 'damaged' });
  const metadata = new Map<string, Value>();
  for (let left = entries; left > 0; left--) metadata.set(cursor.text(longestName), cursor.value());
  const about = new About(metadata);
  about.refuse();
  const shapes = tensorsOf(cursor, tensors, size, about.number('general.alignment') ?? 32);
  return headerOf(about, shapes);
}

/** Sizes of tensors by name. @throws Refused where the file ends before one of them does */
function tensorsOf(cursor: Cursor, count: number, size: number, alignment: number): ReadonlyMap<string, readonly number[]> {
  if (!Number.isInteger(alignment) || alignment < 1 || alignment > 1 << 20) throw new Refused({ why: 'damaged' });
  const shapes = new Map<string, readonly number[]>();
  let end = 0;
  for (let left = count; left > 0; left--) {
    const name = cursor.text(longestName);
    const dimensions = cursor.uint32();
    if (dimensions > mostDimensions) throw new Refused({ why: 'damaged' });
    const shape = Array.from({ length: dimensions }, () => cursor.uint64());
    const type = cursor.uint32();
    end = Math.max(end, cursor.uint64() + tensorBytes(type, shape.reduce((all, each) => all * each, 1)));
    if (name === 'output.weight' || name === 'token_embd.weight') shapes.set(name, shape);
  }
  if (Math.ceil(cursor.at / alignment) * alignment + end > size) throw new Refused({ why: 'cut-short' });
  return shapes;
}

/** The entries of a header, of whatever type they turn out to be. */
class About {
  readonly architecture: string;

  constructor(private readonly metadata: ReadonlyMap<string, Value>) {
    this.architecture = this.text('general.architecture') ?? '';
  }

  text(key: string): string | undefined {
    const value = this.metadata.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** Of an array, its largest. */
  number(key: string): number | undefined {
    const value = this.metadata.get(key);
    const number = typeof value === 'object' ? value.numbers?.reduce((most, each) => Math.max(most, each), 0) : value;
    return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
  }

  /** Under the architecture's own name. */
  own(key: string): number | undefined {
    return this.number(`${this.architecture}.${key}`);
  }

  lengthOf(key: string): number | undefined {
    const value = this.metadata.get(key);
    return typeof value === 'object' ? value.length : undefined;
  }

  has(key: string): boolean {
    return this.metadata.has(key);
  }

  /** @throws Refused where it is a GGUF, and yet no model that writes */
  refuse(): void {
    // A later part has little beside its number.
    if ((this.number('split.no') ?? 0) > 0) throw new Refused({ why: 'later-part' });
    if (this.architecture === '') throw new Refused({ why: 'damaged' });
    const type = this.text('general.type') ?? 'model';
    if (type !== 'model' || this.architecture === 'clip') throw new Refused({ why: 'not-a-model' });
    if (encoders.test(this.architecture) || (this.own('pooling_type') ?? 0) > 0) throw new Refused({ why: 'embedding' });
  }
}

function headerOf(about: About, tensors: ReadonlyMap<string, readonly number[]>): Header {
  const positive = (value: number | undefined): number => {
    if (value === undefined || value < 1 || value > 1e9) throw new Refused({ why: 'damaged' });
    return value;
  };
  const layers = positive(about.own('block_count'));
  const embedding = positive(about.own('embedding_length'));
  const heads = positive(about.own('attention.head_count') ?? 1);
  const experts = about.own('expert_count') ?? 0;
  const parts = Math.max(1, about.number('split.count') ?? 1);
  const quantisation = quantisationName(about.number('general.file_type') ?? -1);
  const name = about.text('general.name');
  const basename = about.text('general.basename');
  return {
    facts: {
      architecture: about.architecture,
      layers,
      heads,
      kvHeads: about.own('attention.head_count_kv') ?? heads,
      headSize: positive(about.own('attention.key_length') ?? embedding / heads),
      embedding,
      vocabulary: positive(about.lengthOf('tokenizer.ggml.tokens') ?? about.own('vocab_size') ?? tensors.get('token_embd.weight')?.[1]),
      context: positive(about.own('context_length') ?? 4096),
      // Of several files, another one may have it.
      tied: parts === 1 && !tensors.has('output.weight'),
      ...(quantisation === undefined ? {} : { quantisation }),
      ...(experts > 0 ? { experts: { used: about.own('expert_used_count') ?? experts, all: experts } } : {}),
    },
    ...(name === undefined ? {} : { name }),
    ...(basename === undefined ? {} : { basename }),
    chatTemplate: about.has('tokenizer.chat_template'),
    parts,
  };
}
