import { describe, expect, it } from 'vitest';
import { FakeBackend } from '../../../src/backends/fake.ts';
import { TokenCounts } from '../../../src/context/token-counts.ts';

function counting(): { counts: TokenCounts; asked: string[][]; backend: FakeBackend } {
  const backend = new FakeBackend();
  const asked: string[][] = [];
  const count = backend.countTokens.bind(backend);
  backend.countTokens = (texts) => {
    asked.push([...texts]);
    return count(texts);
  };
  return { counts: new TokenCounts(backend), asked, backend };
}

describe('TokenCounts', () => {
  it('asks the engine once for what is asked for together', async () => {
    const { counts, asked } = counting();
    const [one, two] = await Promise.all([counts.all(['abcd', 'abcdefgh']), counts.all(['abcd', 'x'])]);
    expect([one, two]).toEqual([[1, 2], [1, 1]]);
    expect(asked).toEqual([['abcd', 'abcdefgh', 'x']]);
  });

  it('counts a text once', async () => {
    const { counts, asked } = counting();
    expect(await counts.all(['abcd'])).toEqual([1]);
    expect(await counts.all(['abcd'])).toEqual([1]);
    expect(asked).toHaveLength(1);
  });

  it('counts anew with another model', async () => {
    const { counts, asked, backend } = counting();
    await counts.all(['abcd']);
    backend.useModel({ modelPath: '/other.gguf', gpu: 'cpu', contextSize: 4096 });
    await counts.all(['abcd']);
    expect(asked).toHaveLength(2);
  });

  it('fails for everyone who waited, and tries again for the next', async () => {
    const { counts, backend } = counting();
    const works = backend.countTokens.bind(backend);
    backend.countTokens = () => Promise.reject(new Error('no model'));
    await expect(Promise.all([counts.all(['a']), counts.all(['a'])])).rejects.toThrow('no model');
    backend.countTokens = works;
    expect(await counts.all(['a'])).toEqual([1]);
  });
});
