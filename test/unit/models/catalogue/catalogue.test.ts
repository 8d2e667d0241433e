import { describe, expect, it } from 'vitest';
import { catalogue, modelById, modelNamed, parseCatalogue, sizeOfFile } from '../../../../src/models/catalogue/catalogue.ts';
import data from '../../../../src/models/catalogue/catalogue.json' with { type: 'json' };

const thinking = { temperature: 0.6, topP: 0.95, topK: 20, minP: 0 };
const answer = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0 };

describe('the catalogue', () => {
  it('fits its schema, and has the three 4B first', () => {
    const { models } = parseCatalogue(data);
    expect(models.map(({ id }) => id)).toEqual([
      'qwen3-4b',
      'qwen3-4b-instruct-2507',
      'qwen3-4b-thinking-2507',
      'qwen3-8b',
      'qwen3-1.7b',
      'qwen3-0.6b',
      'qwen2.5-coder-1.5b',
      'qwen3-coder-30b-a3b-instruct',
    ]);
  });

  it('is parsed once', () => expect(catalogue()).toBe(catalogue()));

  it.each([
    ['qwen3-4b', 'hybrid', { thinking, answer }, 32_768, 131_072, 32_768, 38_912],
    ['qwen3-4b-thinking-2507', 'always', { thinking }, 262_144, 262_144, 32_768, 81_920],
    ['qwen3-4b-instruct-2507', 'never', { answer }, 262_144, 262_144, 16_384, undefined],
    ['qwen3-8b', 'hybrid', { thinking, answer }, 32_768, 131_072, 32_768, 38_912],
    ['qwen3-1.7b', 'hybrid', { thinking, answer }, 32_768, 32_768, 32_768, 38_912],
    ['qwen3-0.6b', 'hybrid', { thinking, answer }, 32_768, 32_768, 32_768, 38_912],
  ])('%s thinks, samples and reaches as its card says', (id, kind, sampling, native, extended, usual, long) => {
    const model = modelById(id);
    expect(model).toMatchObject({ thinking: kind, window: { native, extended }, licence: 'Apache-2.0' });
    expect(model?.sampling).toEqual(sampling);
    expect(model?.output).toEqual(long === undefined ? { usual } : { usual, long });
  });

  it('knows what a token of each size of Qwen3 leaves in the cache', () => {
    // Layers x heads of keys and values x head size x 2.
    expect(modelById('qwen3-4b')?.shape.kvValuesPerToken).toBe(36 * 8 * 128 * 2);
    expect(modelById('qwen3-8b')?.shape.kvValuesPerToken).toBe(36 * 8 * 128 * 2);
    expect(modelById('qwen3-1.7b')?.shape.kvValuesPerToken).toBe(28 * 8 * 128 * 2);
    expect(modelById('qwen3-coder-30b-a3b-instruct')?.shape.kvValuesPerToken).toBe(48 * 4 * 128 * 2);
    expect(modelById('qwen2.5-coder-1.5b')?.shape.kvValuesPerToken).toBe(28 * 2 * 128 * 2);
  });

  it('lists quantisations from the smallest on, of about the size their bits come to', () => {
    const bits: Record<string, [number, number]> = { Q4_K_M: [4.6, 5.1], Q5_K_M: [5.5, 5.9], Q6_K: [6.5, 6.7], Q8_0: [8.5, 8.6] };
    for (const { id, parameters, files } of catalogue().models) {
      const sizes = files.map((file) => sizeOfFile(file).bytes);
      expect([id, sizes]).toEqual([id, sizes.toSorted((a, b) => a - b)]);
      for (const file of files) {
        const [least = 0, most = 0] = bits[file.quantisation] ?? [];
        const each = (8 * sizeOfFile(file).bytes) / parameters;
        expect(each, `${id} ${file.quantisation}`).toBeGreaterThan(least);
        expect(each, `${id} ${file.quantisation}`).toBeLessThan(most);
      }
    }
  });

  it('says of a size whether it is exact, and adds up parts', () => {
    expect(sizeOfFile({ quantisation: 'Q8_0', parts: [{ path: 'a.gguf', size: 5 }, { path: 'b.gguf', size: 7 }] })).toEqual({ bytes: 12, exact: true });
    expect(sizeOfFile({ quantisation: 'Q8_0', parts: [{ path: 'a.gguf', size: 5 }, { path: 'b.gguf', approximateSize: 7 }] })).toEqual({ bytes: 12, exact: false });
  });
});

describe('a damaged catalogue is refused', () => {
  const [first] = data.models;
  const damaged = (change: object): unknown => ({ models: [{ ...first, ...change }] });
  it('but this one is not', () => expect(parseCatalogue(damaged({})).models).toHaveLength(1));
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty one', { models: [] }],
    ['one with something beside the models', { ...data, version: 2 }],
    ['the same model twice', { models: [first, first] }],
    ['an unknown key', damaged({ colour: 'red' })],
    ['no licence', damaged({ licence: '' })],
    ['an unknown kind of thinking', damaged({ thinking: 'sometimes' })],
    ['a window that shrinks by being extended', damaged({ window: { native: 32_768, extended: 16_384 } })],
    ['greedy thinking', damaged({ sampling: { thinking: { ...thinking, temperature: 0 }, answer } })],
    ['thinking with a top-k of 1', damaged({ sampling: { thinking: { ...thinking, topK: 1 }, answer } })],
    ['a hybrid without sampling for answers', damaged({ sampling: { thinking } })],
    ['sampling for a mode that it has not', damaged({ thinking: 'never' })],
    ['a probability above one', damaged({ sampling: { thinking, answer: { ...answer, topP: 1.2 } } })],
    ['a negative size', damaged({ files: [{ quantisation: 'Q8_0', parts: [{ path: 'a.gguf', size: -1 }] }] })],
    ['a size both exact and not', damaged({ files: [{ quantisation: 'Q8_0', parts: [{ path: 'a.gguf', size: 1, approximateSize: 1 }] }] })],
    ['a file without parts', damaged({ files: [{ quantisation: 'Q8_0', parts: [] }] })],
    ['a quantisation twice', damaged({ files: [...(first?.files ?? []), first?.files[0]] })],
    ['a path that leaves its repository', damaged({ files: [{ quantisation: 'Q8_0', parts: [{ path: '../a.gguf', size: 1 }] }] })],
    ['a path that is absolute', damaged({ files: [{ quantisation: 'Q8_0', parts: [{ path: '/a.gguf', size: 1 }] }] })],
    ['a file of another kind', damaged({ files: [{ quantisation: 'Q8_0', parts: [{ path: 'a.exe', size: 1 }] }] })],
    ['an address for a repository', damaged({ repositories: { huggingface: 'https://example.com/x' } })],
    ['more active parameters than there are', damaged({ activeParameters: 9e9 })],
  ])('%s', (_, json) => expect(() => parseCatalogue(json)).toThrow());
});

describe('a model is known', () => {
  it.each([
    ['its name', { name: 'Qwen3-4B-Instruct-2507' }, 'qwen3-4b-instruct-2507'],
    ['its name as converters write it', { name: 'Qwen3 4B Instruct' }, 'qwen3-4b'],
    ['its base name, where the name says nothing', { name: 'Model', basename: 'Qwen3-4B-Thinking-2507' }, 'qwen3-4b-thinking-2507'],
    ['its file', { path: '/models/Qwen3-8B-Q5_K_M.gguf' }, 'qwen3-8b'],
    ['its file on Windows', { path: 'C:\\models\\Qwen3-4B-Q4_K_M.gguf' }, 'qwen3-4b'],
    ['a file quantised by somebody else', { path: 'Qwen_Qwen3-4B-Thinking-2507-IQ4_XS.gguf' }, 'qwen3-4b-thinking-2507'],
    ['a file of a quantisation that is not listed', { path: 'Qwen3-4B-Instruct-2507-UD-Q4_K_XL.gguf' }, 'qwen3-4b-instruct-2507'],
    ['the first part of a split file', { path: 'Qwen3-Coder-30B-A3B-Instruct-BF16-00001-of-00002.gguf' }, 'qwen3-coder-30b-a3b-instruct'],
    ['the small letters of another hub', { path: 'qwen2.5-coder-1.5b-q8_0.gguf' }, 'qwen2.5-coder-1.5b'],
  ])('by %s', (_, names, id) => expect(modelNamed(names)?.id).toBe(id));

  it.each([[{}], [{ name: '' }], [{ name: 'Qwen3' }], [{ path: 'Qwen3-14B-Q4_K_M.gguf' }], [{ name: 'Qwen3-4B-abliterated', path: 'x.gguf' }], [{ path: '/blobs/sha256-0123' }]])('and not by %j', (names) =>
    expect(modelNamed(names)).toBeUndefined(),
  );
});
