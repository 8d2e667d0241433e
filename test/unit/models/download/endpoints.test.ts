import { describe, expect, it } from 'vitest';
import { endpointsFor } from '../../../../src/models/download/endpoints.ts';

const urls = (setting: string, fallback: boolean): string[] => endpointsFor(setting, fallback).map(({ url }) => url);
const [face, mirror, scope] = ['https://huggingface.co', 'https://hf-mirror.com', 'https://modelscope.cn'];

describe('the hubs that are asked', () => {
  it('begin with the chosen one, and are that one alone where no other is wanted', () => {
    expect(urls('huggingface', true)).toEqual([face, mirror, scope]);
    expect(urls('modelscope', true)).toEqual([scope, face, mirror]);
    expect(urls('hf-mirror', false)).toEqual([mirror]);
    expect(endpointsFor('modelscope', false)).toEqual([{ kind: 'modelscope', url: scope }]);
  });

  it('may begin with an address, which speaks as Hugging Face does', () => {
    expect(endpointsFor('https://models.example.org/hub/', false)).toEqual([{ kind: 'huggingface', url: 'https://models.example.org/hub' }]);
    expect(urls('http://localhost:8080', true)).toEqual(['http://localhost:8080', face, mirror, scope]);
    expect(urls('http://127.0.0.1:8080/', false)).toEqual(['http://127.0.0.1:8080']);
  });

  it.each(['', 'nonsense', 'http://models.example.org', 'http://localhost.example.org', 'ftp://localhost/', 'file:///etc', 'https://user:secret@example.org', 'javascript:1'])(
    'do not take %j for one',
    (setting) => expect(urls(setting, false)).toEqual([face]),
  );
});
