import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hole } from '../../../src/completion/hole.ts';
import { spotOf, typedSince } from '../../../src/completion/spot.ts';

/** `‸` is the cursor. */
function hole(document: string): Hole {
  const [prefix = '', suffix = ''] = document.split('‸');
  return { prefix, suffix, language: 'typescript', indent: '  ' };
}
/** What has been typed of a text that was for one place, by what another one looks like. */
const since = (spot: string, text: string, now: string, ahead?: number): string | undefined => typedSince(spotOf(hole(spot)), text, hole(now), ahead);

const long = Array.from({ length: 200 }, (_, index) => `line ${index};\n`).join('');

describe('what has been typed since', () => {
  it('is nothing at the same place', () => {
    expect(since('a = ‸;\n', 'one', 'a = ‸;\n')).toBe('');
    expect(since('a = ‸;\n', '', 'a = ‸;\n')).toBe('');
  });

  it('is a beginning of the text', () => {
    expect(since('a = ‸;\n', 'one + two', 'a = o‸;\n')).toBe('o');
    expect(since('a = ‸;\n', 'one + two', 'a = one + two‸;\n')).toBe('one + two');
    expect(since('{‸\n}', '\n  one();\n  two();', '{\n  one();‸\n}')).toBe('\n  one();');
  });

  it('is unknown where something else was typed', () => {
    expect(since('a = ‸;\n', 'one', 'a = x‸;\n')).toBeUndefined();
    expect(since('a = ‸;\n', 'one', 'a = onx‸;\n')).toBeUndefined();
    expect(since('a = ‸;\n', 'one', 'a = One‸;\n')).toBeUndefined();
  });

  it('is unknown at another place', () => {
    expect(since('a = ‸;\nb = ;\n', 'one', 'a = ;\nb = ‸;\n')).toBeUndefined();
    expect(since('a = ‸;\n', 'one', 'b = ‸;\n')).toBeUndefined();
    expect(since('a = ‸;\n', 'one', 'a = ‸ + 1;\n')).toBeUndefined();
    expect(since('a = ‸\n', 'one', 'a = ‸;\n')).toBeUndefined();
  });

  it('is unknown after an edit near the place, and not hurt by one far away', () => {
    const far = `first\n${long}`;
    expect(since(`${far}a = ‸;\n${long}last`, 'one', `changed\n${long}a = o‸;\n${long}changed`)).toBe('o');
    expect(since(`${long}a = ‸;\n`, 'one', `${long}\na = o‸;\n`)).toBeUndefined();
    expect(since(`a = ‸;\n${long}`, 'one', `a = o‸;\n\n${long}`)).toBeUndefined();
  });

  it('may go beyond a text that still grows, so far', () => {
    expect(since('a = ‸;\n', 'one', 'a = one +‸;\n')).toBeUndefined();
    expect(since('a = ‸;\n', 'one', 'a = one +‸;\n', 2)).toBe('one +');
    expect(since('a = ‸;\n', 'one', 'a = one + ‸;\n', 2)).toBeUndefined();
    expect(since('a = ‸;\n', '', 'a = on‸;\n', 2)).toBe('on');
    expect(since('a = ‸;\n', 'one', 'a = two‸;\n', 64)).toBeUndefined();
  });

  it('goes on where the editor has closed a bracket or a quote that was typed', () => {
    expect(since('a = ‸;\n', 'f(x)', 'a = f(‸);\n')).toBe('f(');
    expect(since('a = ‸;\n', 'f(x)', 'a = f(x‸);\n')).toBe('f(x');
    expect(since('a = ‸\n', 'f("x")', 'a = f("‸")\n')).toBe('f("');
    expect(since('a = ‸\n', '[`x`]', 'a = [`‸`]\n')).toBe('[`');
    expect(since('f(‸)', '{ a }', 'f({‸})')).toBe('{');
  });

  it('does not take other text for what the editor has closed', () => {
    expect(since('a = ‸;\n', 'f(x)', 'a = f(‸y);\n')).toBeUndefined();
    expect(since('a = ‸;\n', 'f(g(h(x)))', 'a = f(g(h(‸)));\n')).toBeUndefined();
  });

  it('is less again when it is undone, and unknown once more than that is', () => {
    const steps = ['a = ‸;\n', 'a = o‸;\n', 'a = on‸;\n', 'a = o‸;\n', 'a = ‸;\n', 'a =‸;\n'];
    expect(steps.map((now) => since('a = ‸;\n', 'one', now))).toEqual(['', 'o', 'on', 'o', '', undefined]);
  });

  it('is known at the beginning of a document', () => {
    expect(since('‸', 'one', '‸')).toBe('');
    expect(since('‸', 'one', 'on‸')).toBe('on');
    expect(since('‸b', 'one', 'on‸b')).toBe('on');
    expect(since('a‸', 'one', '‸')).toBeUndefined();
    expect(since('‸', 'one', 'xon‸')).toBeUndefined();
  });

  it('is known in a document of any length', () => {
    for (const length of [1, 100, 251, 400, 499, 500, 501, 900, 1001]) {
      const before = long.slice(0, length);
      expect(since(`${before}‸;\n`, 'one', `${before}on‸;\n`)).toBe('on');
      expect(since(`${before}‸;${long.slice(0, length)}`, 'one', `${before}‸;${long.slice(0, length)}`)).toBe('');
    }
  });

  it('is the least that fits where text repeats', () => {
    expect(since('‸', 'aaaa', 'aa‸')).toBe('aa');
    expect(since('aa‸', 'aaaa', 'aaa‸')).toBe('a');
  });

  it('counts in whole units of characters beyond the basic plane', () => {
    expect(since('"‸"', '你好👋', '"你好👋‸"')).toBe('你好👋');
    expect(since('"‸"', '👋', '"👍‸"')).toBeUndefined();
  });

  it('is what stands before the cursor, if it is known', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '(', ')', '\n', '👋'), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, text, text, fc.nat({ max: 5 }), (prefix, suffix, answer, nowPrefix, nowSuffix, ahead) => {
        const { before, after } = spotOf(hole(`${prefix}‸${suffix}`));
        const typed = typedSince({ before, after }, answer, hole(`${nowPrefix}‸${nowSuffix}`), ahead);
        if (typed === undefined) return;
        expect(nowPrefix).toBe(before + typed);
        expect(answer.startsWith(typed) || typed.startsWith(answer)).toBe(true);
        expect(typed.length).toBeLessThanOrEqual(answer.length + ahead);
      }),
      { numRuns: 2000 },
    );
  });

  it('is found wherever a text is typed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom('', 'x = ', long), text, fc.nat(), (before, answer, count) => {
        const typed = answer.slice(0, count % (answer.length + 1));
        expect(typedSince(spotOf({ ...hole(''), prefix: before, suffix: ';' }), answer, { ...hole(''), prefix: before + typed, suffix: ';' })).toBe(typed);
      }),
    );
  });
});
