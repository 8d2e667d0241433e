import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidentText, isWeak } from '../../../src/completion/confidence.ts';
import type { InfillToken } from '../../../src/protocol/engine.ts';

const strong = (text: string): InfillToken => ({ text, probability: 0.9 });
/** Not believed in at all. */
const weak = (text: string): InfillToken => ({ text, probability: 0.01 });
/** Believed in a little: one is nothing, many are too much. */
const doubtful = (text: string): InfillToken => ({ text, probability: 0.2 });

describe('confidentText', () => {
  it('is nothing of nothing', () => {
    expect(confidentText([])).toBe('');
  });

  it('is all of what the model is sure of, spaces at its ends too', () => {
    expect(confidentText([strong(' a'), strong(' + b;\n'), strong('  c();\n ')])).toBe(' a + b;\n  c();\n ');
  });

  it('breaks off before a weak token of the first line, without a space at the end', () => {
    expect(confidentText([strong('return '), strong('first + '), weak('other'), strong(';')])).toBe('return first +');
  });

  it('breaks off at the beginning of a later line that has a weak token', () => {
    expect(confidentText([strong('one();\n'), strong('two();\n'), strong('three('), weak('x'), strong(');\n')])).toBe('one();\ntwo();');
    expect(confidentText([strong('one();'), strong('\n'), weak('two')])).toBe('one();');
  });

  it('is nothing where the first token is weak', () => {
    expect(confidentText([weak('a'), strong('b'), strong('c')])).toBe('');
  });

  it('is nothing where the whole is weak, though no token is', () => {
    expect(confidentText([doubtful('a'), doubtful('b')])).toBe('');
    expect(confidentText([doubtful('a'), doubtful('b'), weak('c')])).toBe('');
  });

  it('bears a doubtful token among strong ones', () => {
    expect(confidentText([strong('a'), doubtful('b'), strong('c')])).toBe('abc');
    expect(confidentText([doubtful('a'), strong('b'), strong('c')])).toBe('abc');
  });

  it('judges what is kept by itself, not by what is cut', () => {
    expect(confidentText([strong('a'), weak('b'), doubtful('c'), doubtful('d')])).toBe('a');
  });

  it('takes a probability of 0 for weak', () => {
    expect(confidentText([strong('a'), { text: 'b', probability: 0 }])).toBe('a');
    expect(confidentText([{ text: 'a', probability: 0 }])).toBe('');
  });

  it('is always a beginning of the text, and never has a weak token', () => {
    const token = fc.record({ text: fc.constantFrom('a', ' b', '\n', '();\n', '  '), probability: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        const text = confidentText(tokens);
        const first = tokens.findIndex(isWeak);
        const sure = first < 0 ? tokens : tokens.slice(0, first);
        expect(sure.map((each) => each.text).join('').startsWith(text)).toBe(true);
      }),
    );
  });
});

describe('isWeak', () => {
  it('tells what the model does not believe in', () => {
    expect(isWeak(weak('a'))).toBe(true);
    expect(isWeak(doubtful('a'))).toBe(false);
    expect(isWeak(strong('a'))).toBe(false);
  });
});
