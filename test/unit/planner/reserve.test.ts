import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerNeed, furtherNeed } from '../../../src/planner/reserve.ts';
import { factorFor } from '../../../src/planner/scaling.ts';
import { hybrid, instruct2507, tiny } from './models.ts';

describe('room for an answer', () => {
  it.each([
    ['a short prompt: the beginning of it', 1000, undefined, hybrid, 1024],
    ['a request that wants less: that', 1000, 300, hybrid, 300],
    ['one that wants next to nothing: a little all the same', 1000, 1, hybrid, 64],
    ['a prompt that a usual answer stays unstretched behind: the beginning of it', 24_000, undefined, hybrid, 1024],
    ['a prompt that a usual answer is stretched behind: all of it, from the start', 25_000, undefined, hybrid, 8192],
    ['one that is stretched anyway: the beginning of it', 33_000, undefined, hybrid, 1024],
    ['a model that is never stretched: the beginning of it', 30_000, undefined, instruct2507, 1024],
    ['a window of 512 tokens: a quarter of it', 100, undefined, tiny, 128],
  ])('%s', (_, prompt, maxTokens, model, output) => expect(answerNeed(prompt, maxTokens, model)).toEqual({ prompt, output }));
});

describe('more room for one that has filled its window', () => {
  it.each([
    ['a little more', 2047, Infinity, hybrid, 1, { prompt: 2047, output: 1024 }],
    ['what is left of its budget', 2047, 100, hybrid, 1, { prompt: 2047, output: 100 }],
    ['what is left of the native window', 32_000, Infinity, hybrid, 1, { prompt: 32_000, output: 768 }],
    ['none beyond the native window', 32_768, Infinity, hybrid, 1, undefined],
    ['more where positions are stretched already', 40_000, Infinity, hybrid, 2, { prompt: 40_000, output: 1024 }],
    ['none beyond the largest', 131_072, Infinity, hybrid, 4, undefined],
  ] as const)('%s', (_, tokens, left, model, factor, need) => expect(furtherNeed(tokens, left, model, factor)).toEqual(need));

  it('never asks for another factor', () => {
    fc.assert(
      fc.property(fc.constantFrom(hybrid, instruct2507, tiny), fc.integer({ min: 1, max: 270_000 }), (model, tokens) => {
        const factor = factorFor(model, tokens);
        const need = furtherNeed(tokens, undefined, model, factor);
        if (need) expect(factorFor(model, need.prompt + need.output)).toBe(factor);
      }),
    );
  });
});
