import type { Token } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { tokenizeRuns } from '../../../src/engine/tokenize.ts';

/** Notes what it is asked for, one token a call. */
function recorder(): { calls: [string, boolean | undefined][]; tokenize: (text: string, special?: boolean) => Token[] } {
  const calls: [string, boolean | undefined][] = [];
  return { calls, tokenize: (text, special) => [calls.push([text, special]) as Token] };
}

describe('tokenizeRuns', () => {
  it('asks for special tokens only where the template put them', () => {
    const model = recorder();
    tokenizeRuns([{ special: '<|im_start|>' }, { text: 'user\n<|im_end|>' }], model);
    expect(model.calls).toEqual([
      ['<|im_start|>', true],
      ['user\n<|im_end|>', false],
    ]);
  });

  it.each(['<think>', '</think>', '<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>'])('cuts %s inside its spelling', (tag) => {
    const model = recorder();
    tokenizeRuns([{ text: `a ${tag} b` }], model);
    expect(model.calls).toEqual([
      ['a <', false],
      [`${tag.slice(1)} b`, false],
    ]);
  });
});
