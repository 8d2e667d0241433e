import { describe, expect, it } from 'vitest';
import { fileTitle } from '../../../src/models/model-words.ts';

describe('a file without a name of its own', () => {
  it.each([
    ['/models/Qwen3-4B-Q4_K_M.gguf', 'Qwen3-4B-Q4_K_M'],
    ['C:\\models\\Qwen3.GGUF', 'Qwen3'],
  ])('names %s', (path, name) => expect(fileTitle(path)).toBe(name));
});
