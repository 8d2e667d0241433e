import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../../src/backends/fake.ts';
import { matches } from '../../../src/models/correction-match.ts';
import { readCorrections } from '../../../src/models/corrections.ts';
import { loadProfile } from '../../../src/models/load-profile.ts';
import { profileFor } from '../../../src/models/profile.ts';
import type { ModelInfo } from '../../../src/protocol/engine.ts';

const thinking = { temperature: 0.6, topP: 0.95, topK: 20, minP: 0 };
const answer = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0 };
const info = (change: Partial<ModelInfo>): ModelInfo => ({ ...fakeModel, path: '/models/file.gguf', name: 'Something', architecture: 'qwen3', layers: 37, ...change });
const instruct = info({ name: 'Qwen3-4B-Instruct-2507', thinking: 'never' });
const corrections = (value: unknown): ReturnType<typeof readCorrections>['corrections'] => readCorrections(value).corrections;

describe('a profile comes', () => {
  it('from the catalogue for a model that is known', () => {
    expect(profileFor(instruct)).toMatchObject({
      id: 'qwen3-4b-instruct-2507',
      corrected: false,
      window: { native: 262_144, extended: 262_144 },
      thinking: 'never',
      sampling: { answer },
      output: { usual: 16_384 },
      infill: 'doubtful',
      family: 'qwen3',
    });
  });

  it('from the file where only the name is that of a model: its template thinks otherwise', () => {
    const profile = profileFor({ ...instruct, thinking: 'hybrid' });
    expect(profile.id).toBeUndefined();
    expect(profile).toMatchObject({ thinking: 'hybrid', output: { usual: 32_768, long: 38_912 } });
  });

  it('from the file where only the name is that of a model: it has other layers', () => expect(profileFor({ ...instruct, layers: 29 }).id).toBeUndefined());

  it('from the file for any other: windows, thinking, infill, family', () => {
    const profile = profileFor(info({ architecture: 'llama', trainedContext: 8192, largestContext: 4096, thinking: 'never', infill: false }));
    expect(profile).toMatchObject({ window: { native: 8192, extended: 8192 }, thinking: 'never', infill: 'none', family: 'llama', output: { usual: 16_384 } });
    expect(profile.sampling.answer).toEqual({ temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 });
  });

  it('with Qwen3’s sampling for an unknown Qwen3, in each mode', () => expect(profileFor(info({ thinking: 'hybrid' })).sampling).toEqual({ thinking, answer }));

  it('with the sampling that the file itself recommends', () => {
    const { sampling } = profileFor(info({ architecture: 'llama', sampling: { temperature: 1, topP: 0.9 } }));
    expect(sampling.answer).toEqual({ temperature: 1, topP: 0.9, topK: 40, minP: 0.05 });
    expect(sampling.thinking).toEqual({ temperature: 1, topP: 0.9, topK: 20, minP: 0 });
  });

  it('with no temperature of 0 from a file', () => expect(profileFor(info({ sampling: { temperature: 0 } })).sampling.thinking.temperature).toBe(0.6));

  it('with the catalogue’s sampling for a known model whatever its file recommends', () =>
    expect(profileFor({ ...instruct, sampling: { temperature: 1.5 } }).sampling.answer).toEqual(answer));
});

describe('a correction', () => {
  it('goes before the catalogue, in what it says and no more', () => {
    const profile = profileFor(instruct, corrections({ 'file.gguf': { sampling: { answer: { temperature: 0.2 } }, output: { usual: 4096 }, infill: 'trained', window: { extended: 524_288 } } }));
    expect(profile).toMatchObject({
      id: 'qwen3-4b-instruct-2507',
      corrected: true,
      sampling: { answer: { ...answer, temperature: 0.2 } },
      output: { usual: 4096 },
      infill: 'trained',
      window: { native: 262_144, extended: 524_288 },
    });
  });

  it('of the kind of thinking leaves a model known, though the engine has been told as well', () => {
    const profile = profileFor(info({ name: 'Qwen3-4B', thinking: 'never' }), corrections({ 'file.gguf': { thinking: 'never' } }));
    expect(profile).toMatchObject({ id: 'qwen3-4b', thinking: 'never' });
  });

  it('goes before an earlier one that fits as well', () => {
    const profile = profileFor(instruct, corrections({ '*.gguf': { output: { usual: 1000, long: 2000 } }, 'file.gguf': { output: { usual: 3000 } } }));
    expect(profile.output).toEqual({ usual: 3000, long: 2000 });
  });

  it('of another file changes nothing', () => expect(profileFor(instruct, corrections({ 'other.gguf': { output: { usual: 1000 } } }))).toEqual(profileFor(instruct)));

  it('that is wrong is left out and named, and the others stay', () => {
    const { corrections: good, invalid } = readCorrections({ 'a.gguf': { thinking: 'sometimes' }, 'b.gguf': { thinking: 'never' }, 'c.gguf': { colour: 1 }, 'd.gguf': 5, '': {} });
    expect(good.map(({ pattern }) => pattern)).toEqual(['b.gguf']);
    expect(invalid.map(({ pattern }) => pattern)).toEqual(['a.gguf', 'c.gguf', 'd.gguf', '']);
    expect(invalid[0]?.problem).toMatch(/^thinking: /);
  });

  it.each([[undefined], [null], [{}]])('setting of %j is nothing to complain of', (value) => expect(readCorrections(value)).toEqual({ corrections: [], invalid: [] }));
  it.each([[[]], ['text'], [7]])('setting of %j is', (value) => expect(readCorrections(value).invalid).toHaveLength(1));
});

describe('a pattern', () => {
  it.each([
    ['file.gguf', '/models/file.gguf', true],
    ['FILE.gguf', '/models/file.gguf', true],
    ['fil?.gguf', '/models/file.gguf', true],
    ['*.gguf', 'C:\\models\\file.gguf', true],
    ['file', '/models/file.gguf', false],
    ['f.le.gguf', '/models/file.gguf', false],
    ['/models/*.gguf', '/models/file.gguf', true],
    ['/models/*.gguf', '/models/deep/file.gguf', false],
    ['/models/**/*.gguf', '/models/deep/er/file.gguf', true],
    ['/models/**/*.gguf', '/models/file.gguf', true],
    ['C:/models/*', 'c:\\models\\file.gguf', true],
    ['(a+)+$', '/models/aaaaaaaa', false],
  ])('%s against %s: %s', (pattern, path, fits) => expect(matches(pattern, path)).toBe(fits));
});

describe('before it loads a model the engine is told', () => {
  it('nothing of one whose file says it all', () => expect(loadProfile('/models/Qwen3-4B-Q4_K_M.gguf', [])).toBeUndefined());
  it('that Qwen3-0.6B is not to be stretched, of which its card says nothing', () => expect(loadProfile('/models/Qwen3-0.6B-Q8_0.gguf', [])).toEqual({ window: { extended: 32_768 } }));
  it('what the user has corrected, before what the catalogue says', () =>
    expect(loadProfile('/models/Qwen3-0.6B-Q8_0.gguf', corrections({ 'qwen3-*': { thinking: 'never', window: { extended: 65_536 } } }))).toEqual({ thinking: 'never', window: { extended: 65_536 } }));
  it('nothing of corrections that do not matter to it', () => expect(loadProfile('/models/a.gguf', corrections({ 'a.gguf': { output: { usual: 512 } } }))).toBeUndefined());
});
