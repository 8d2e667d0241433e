import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PonderError } from '../../../src/base/errors.ts';
import { Generation, type GenerationOptions } from '../../../src/completion/generation.ts';
import type { Hole } from '../../../src/completion/hole.ts';
import type { InfillToken } from '../../../src/protocol/engine.ts';

/** `‸` is the cursor. */
function hole(document: string): Hole {
  const [prefix = '', suffix = ''] = document.split('‸');
  return { prefix, suffix, language: 'typescript', indent: '  ' };
}
const at = (document: string, more: Partial<GenerationOptions> = {}): Generation => new Generation({ hole: hole(document), end: undefined, syntax: undefined, ...more });
const say = (text: string, probability = 0.9): InfillToken => ({ text, probability });

/** Pushes texts until the answer is over. @returns how many were taken, or undefined where more is wanted */
function push(generation: Generation, ...texts: readonly string[]): number | undefined {
  const last = texts.findIndex((text) => generation.push(say(text)));
  return last < 0 ? undefined : last + 1;
}
/** What is shown of an answer in the end. */
function shown(generation: Generation, ...texts: readonly string[]): string {
  push(generation, ...texts);
  generation.settle();
  return generation.text;
}

describe('an answer that grows', () => {
  it('shows whole lines only', () => {
    const generation = at('function f() {\n  ‸\n}\n');
    const seen = ['one', '();', '\n', '  two();\n  thr', 'ee();'].map((text) => {
      push(generation, text);
      return generation.text;
    });
    expect(seen).toEqual(['', '', 'one();', 'one();\n  two();', 'one();\n  two();']);
    expect(generation).toMatchObject({ settled: false, filtered: undefined });
    generation.settle();
    expect(generation).toMatchObject({ text: 'one();\n  two();\n  three();', settled: true, filtered: undefined, replaces: 0 });
  });

  it('keeps a line that it has shown when the model becomes unsure', () => {
    const generation = at('function f() {\n  ‸\n}\n');
    push(generation, 'one();\n');
    expect(generation.text).toBe('one();');
    for (const text of ['  two', '(three', ', four', ');']) generation.push(say(text, 0.2));
    generation.settle();
    expect(generation.text).toMatch(/^one\(\);/);
  });

  it('shows nothing before a line is whole', () => {
    const generation = at('function f() {‸\n}\n');
    push(generation, '\n', '  on');
    expect(generation.text).toBe('');
  });

  it('takes the place of what the editor has closed', () => {
    const generation = at('items.map(‸)\n');
    push(generation, '(item) => {\n', '  use(item);\n', '});');
    expect(generation.replaces).toBe(0);
    generation.settle();
    expect(generation).toMatchObject({ text: '(item) => {\n  use(item);\n});', replaces: 1 });
  });

  it('tells at its end why there is nothing', () => {
    const why = (document: string, ...tokens: InfillToken[]): unknown => {
      const generation = at(document);
      for (const token of tokens) if (generation.push(token)) break;
      generation.settle();
      expect(generation.text).toBe('');
      return generation.filtered;
    };
    expect(why('a = ‸;')).toBe('model');
    expect(why('a = ‸;', say(' '))).toBe('model');
    expect(why('a = ‸;', say('b', 0.01))).toBe('weak');
    expect(why('a = ‸;', say('b', 0.2), say('c', 0.2))).toBe('weak');
    expect(why('‸', say('// one'))).toBe('emptiness');
    expect(why('a = b;\n‸\n', say('}'))).toBe('unbalanced');
  });
});

describe('an answer is over', () => {
  it('at its line end, where the rest of a line is wanted', () => {
    const generation = at('const a = ‸\n');
    expect(push(generation, 'b', ' + c;', '\nconst d')).toBe(3);
    generation.settle();
    expect(generation.text).toBe('b + c;');
  });

  it('before the line that stands below anyway', () => {
    const generation = at('function f(a) {\n  ‸\n  return total;\n}\n');
    expect(push(generation, 'const total', ' = a + 1;\n', '  return', ' total;', '\n', '}', '\n')).toBe(5);
    generation.settle();
    expect(generation.text).toBe('const total = a + 1;');
  });

  it('when it runs into a loop', () => {
    const generation = at('‸');
    expect(push(generation, 'x += 1;\n', 'x += 1;\n', 'x += 1;\n', 'x += 1;\n')).toBe(3);
    generation.settle();
    expect(generation.text).toBe('x += 1;');
  });

  it('before a bracket that closes nothing', () => {
    const generation = at('one();\n‸\n');
    expect(push(generation, 'two();\n', 'three();\n', '}\n', 'four();\n')).toBe(3);
    generation.settle();
    expect(generation.text).toBe('two();\nthree();');
  });

  it('before a token that the model does not believe in', () => {
    const generation = at('const a = ‸;\n');
    expect([say('first '), say('+ '), say('wrong', 0.01)].map((token) => generation.push(token))).toEqual([false, false, true]);
    generation.settle();
    expect(generation.text).toBe('first +');
  });

  it('at the line before, if a later line has such a token', () => {
    const generation = at('function f() {\n  ‸\n}\n');
    expect([say('one();\n'), say('  two('), say('wrong', 0.01)].map((token) => generation.push(token))).toEqual([false, false, true]);
    expect(generation.text).toBe('one();');
    generation.settle();
    expect(generation.text).toBe('one();');
  });

  it('with the block that its indentation shows, where no syntax is known', () => {
    const generation = at('if (a) {‸');
    expect(push(generation, '\n', '  b();\n', '}\n', 'c();\n')).toBe(3);
    generation.settle();
    expect(generation.text).toBe('\n  b();\n}');
  });

  it('never by a line end alone, where lines are wanted', () => {
    expect(push(at('if (a) {‸'), '\n', '  b();\n', '  c();\n')).toBeUndefined();
  });
});

describe('an answer of the chat form', () => {
  const end = '\n```';

  it('is over with its fence, which is not shown', () => {
    const generation = at('const a = ‸;\n', { end });
    expect(push(generation, 'b', ' + c', '\n``', '`', '\nThat')).toBe(3);
    generation.settle();
    expect(generation.text).toBe('b + c');

    const lines = at('‸\n', { end });
    expect(push(lines, 'one();\n', 'two();\n``', '`', '\nThis adds')).toBe(3);
    lines.settle();
    expect(lines.text).toBe('one();\ntwo();');

    const block = at('function f() {\n  ‸\n}\n', { end });
    expect(push(block, 'one();\n', '  two();\n```\nThis adds', ' two')).toBe(2);
    block.settle();
    expect(block.text).toBe('one();\n  two();');
  });

  it('may end without one', () => {
    expect(shown(at('const a = ‸;\n', { end }), 'b', ' + c')).toBe('b + c');
  });

  it('keeps backticks that are no fence', () => {
    expect(shown(at('const a = ‸;\n', { end }), '`b`', ' + `', '`')).toBe('`b` + ``');
  });

  it('has nothing where the fence comes at once', () => {
    expect(shown(at('const a = ‸;\n', { end }), '\n', '```')).toBe('');
  });

  it('has nothing where the fence comes at once, on a line with nothing on it', () => {
    expect(shown(at('one();\n‸', { end }), '```')).toBe('');
  });
  it('has nothing where the fence comes at once, on an indented line', () => {
    expect(shown(at('function f() {\n  ‸\n}\n', { end }), '```', '\n')).toBe('');
  });
});

describe('a syntax', () => {
  type Syntax = NonNullable<GenerationOptions['syntax']>;
  /** Ends a text behind its first semicolon, and lets it end wherever others say. */
  const semicolon: Syntax = { endOf: (text) => (text.includes(';') ? text.indexOf(';') + 1 : undefined), mayEnd: () => true };
  const unknowing: Syntax = { endOf: () => undefined, mayEnd: () => true };

  it('ends an answer where lines are wanted', () => {
    const generation = at('if (a) {‸', { syntax: semicolon });
    expect(push(generation, '\n', '  b(', '\n', '    c', ');\n', '}\n')).toBe(5);
    generation.settle();
    expect(generation.text).toBe('\n  b(\n    c);');
  });

  it('hears the text and the hole at line ends only', () => {
    const heard: [string, Hole][] = [];
    const generation = at('if (a) {‸', { syntax: { ...unknowing, endOf: (text, hole) => void heard.push([text, hole]) } });
    push(generation, '\n', '  b', ' = ', 'c;\n', '  d');
    expect(heard).toEqual([
      ['\n', generation.hole],
      ['\n  b = c;\n', generation.hole],
    ]);
  });

  it('is not asked within a line', () => {
    const generation = at('const a = ‸\n', { syntax: semicolon });
    expect(push(generation, 'b; c', '\n')).toBe(2);
    generation.settle();
    expect(generation.text).toBe('b; c');
  });

  it('leaves it to the indentation where it cannot tell', () => {
    const generation = at('if (a) {‸', { syntax: unknowing });
    expect(push(generation, '\n', '  b();\n', '}\n', 'c();\n')).toBe(3);
    generation.settle();
    expect(generation.text).toBe('\n  b();\n}');
  });

  it('refuses an end by indentation in the middle of something', () => {
    const heard: number[] = [];
    const within: Syntax = { ...unknowing, mayEnd: (text, _, end) => (heard.push(end), text.includes('last')) };
    const generation = at('if (a) {\n  ‸', { syntax: within });
    expect(push(generation, 'b(`\n', 'text\n', '`);\n', 'last\n')).toBe(4);
    generation.settle();
    expect(generation.text).toBe('b(`');
    expect(new Set(heard)).toEqual(new Set(['b(`'.length]));
  });

  it('and the indentation: the first end counts', () => {
    const first = (syntax: number, raw: string): string => {
      const generation = at('if (a) {‸', { syntax: { ...unknowing, endOf: () => syntax } });
      push(generation, raw);
      generation.settle();
      return generation.text;
    };
    const raw = '\n  b();\n  c();\n}\n';
    expect(first('\n  b();'.length, raw)).toBe('\n  b();');
    expect(first(raw.length, `${raw}d();\n`)).toBe('\n  b();\n  c();\n}');
  });

  it('does not keep an answer going that repeats what is below', () => {
    expect(push(at('if (a) {\n  ‸\n  last();\n}\n', { syntax: { endOf: () => undefined, mayEnd: () => false } }), 'b\n', '  last();\n')).toBe(2);
  });
});

describe('a failure', () => {
  it('leaves what was whole', () => {
    const generation = at('function f() {\n  ‸\n}\n');
    push(generation, 'one();\n', '  tw');
    generation.fail(new PonderError('engine-crashed', 'gone'));
    expect(generation).toMatchObject({ settled: true, text: 'one();', error: { code: 'engine-crashed' } });
  });

  it('of an unknown kind is internal', () => {
    const generation = at('‸');
    generation.fail(new TypeError('x is not a function'));
    expect(generation).toMatchObject({ settled: true, text: '', error: { code: 'internal' } });
  });

  it('by cancelling is none', () => {
    const generation = at('‸');
    generation.fail(new DOMException('Cancelled', 'AbortError'));
    expect(generation).toMatchObject({ settled: true, text: '', error: undefined });
  });
});

describe('a change', () => {
  /** Whether a promise has been fulfilled by now. */
  async function isDone(promise: Promise<void>): Promise<boolean> {
    let done = false;
    void promise.then(() => (done = true));
    await new Promise(setImmediate);
    return done;
  }

  it('is a whole line, not a token', async () => {
    const generation = at('function f() {\n  ‸\n}\n');
    const changes = [generation.changed(), generation.changed()];
    push(generation, 'one', '();');
    expect(await Promise.all(changes.map(isDone))).toEqual([false, false]);
    push(generation, '\n');
    expect(await Promise.all(changes.map(isDone))).toEqual([true, true]);
    expect(await isDone(generation.changed())).toBe(false);
  });

  it('is the end, and a failure', async () => {
    const settled = at('‸');
    const failed = at('‸');
    const changes = [settled.changed(), failed.changed()];
    settled.settle();
    failed.fail(new Error('gone'));
    expect(await Promise.all(changes.map(isDone))).toEqual([true, true]);
  });

  it('is not waited for once it is over', async () => {
    const generation = at('‸');
    generation.settle();
    expect(await isDone(generation.changed())).toBe(true);
  });
});

describe('what is typed meanwhile', () => {
  it('is known while nothing has arrived, up to 64 units', () => {
    const generation = at('a = ‸;\n');
    expect(generation.typedSince(hole('a = ‸;\n'))).toBe('');
    expect(generation.typedSince(hole(`a = ${'x'.repeat(64)}‸;\n`))).toBe('x'.repeat(64));
    expect(generation.typedSince(hole(`a = ${'x'.repeat(65)}‸;\n`))).toBeUndefined();
    expect(generation.typedSince(hole('b = ‸;\n'))).toBeUndefined();
  });

  it('is judged by what has arrived of a line, and may run ahead of it', () => {
    const generation = at('a = ‸;\n');
    push(generation, 'one');
    expect(generation.typedSince(hole('a = on‸;\n'))).toBe('on');
    expect(generation.typedSince(hole('a = one + two‸;\n'))).toBe('one + two');
    expect(generation.typedSince(hole('a = x‸;\n'))).toBeUndefined();
    push(generation, ' - ');
    expect(generation.typedSince(hole('a = one + two‸;\n'))).toBeUndefined();
  });

  it('is judged by what is shown, as soon as something is', () => {
    const generation = at('function f() {\n  ‸\n}\n');
    // The cursor is indented already, and a model may say so again.
    push(generation, '  one();\n', '  tw');
    expect(generation.text).toBe('one();');
    expect(generation.typedSince(hole('function f() {\n  on‸\n}\n'))).toBe('on');
    expect(generation.typedSince(hole('function f() {\n  one();\n‸\n}\n'))).toBe('one();\n');
    expect(generation.typedSince(hole('function f() {\n  x‸\n}\n'))).toBeUndefined();
  });

  it('is part of the text when that is settled, and never more', () => {
    const generation = at('a = ‸;\n');
    expect(shown(generation, 'one', ' + two')).toBe('one + two');
    expect(generation.typedSince(hole('a = ‸;\n'))).toBe('');
    expect(generation.typedSince(hole('a = one‸;\n'))).toBe('one');
    expect(generation.typedSince(hole('a = one + two‸;\n'))).toBeUndefined();
    expect(generation.typedSince(hole('a = one + two + ‸;\n'))).toBeUndefined();
    expect(generation.typedSince(hole('a = ‸;\n'))).toBe('');
  });

  it('is nothing where there was nothing, so that the same is not asked again', () => {
    const generation = at('a = ‸;\n');
    generation.settle();
    expect(generation.typedSince(hole('a = ‸;\n'))).toBe('');
    expect(generation.typedSince(hole('a = o‸;\n'))).toBeUndefined();
  });

  it('is something else where it goes against what has arrived, though a line before is shown', () => {
    const generation = at('function f() {\n  ‸\n}\n');
    push(generation, 'one();\n', '  two();');
    expect(generation.typedSince(hole('function f() {\n  one(); // more‸\n}\n'))).toBeUndefined();
  });
});

describe('whatever a model says', () => {
  it('has no carriage return, before the rest of a line either', () => {
    expect(shown(at('f(a, ‸);\n'), 'b', '\r\n')).toBe('b');
  });

  const words = ['a', ' b', '(', ')', '{', '}', '\n', '\n  ', '  ', 'x += 1;\n', '```', '"', '👋', '你', '// c\n'];
  const tokens = fc.array(fc.record({ text: fc.constantFrom(...words), probability: fc.constantFrom(0.9, 0.9, 0.9, 0.9, 0.2, 0.01) }), { maxLength: 30 });
  const documents = fc.constantFrom('‸', 'a = ‸', 'f(‸)', 'if (a) {‸\n}\n', 'if (a) {\n  ‸\n  x += 1;\n}\n', 'say("‸")', '// ‸', '\t‸\n');

  it('is shown as text or given a reason for, in whole characters, and is over once it is', () => {
    fc.assert(
      fc.property(documents, tokens, (document, script) => {
        const generation = at(document, { end: '\n```' });
        for (const token of script) {
          const over = generation.push(token);
          expect(generation.text).not.toMatch(/\p{Cs}/u);
          if (over) break;
        }
        generation.settle();
        const { text, filtered, replaces } = generation;
        expect(text === '').toBe(filtered !== undefined);
        expect(text).not.toMatch(/\p{Cs}/u);
        const [, after = ''] = document.split('‸');
        expect(replaces).toBeLessThanOrEqual(after.split('\n')[0]?.length ?? 0);
      }),
      { numRuns: 2000 },
    );
  });
});
