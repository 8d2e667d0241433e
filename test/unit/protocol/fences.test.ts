import { describe, expect, it } from 'vitest';
import { fenceInfo, namedCode } from '../../../src/protocol/fences.ts';

describe('code of an answer', () => {
  it('is what stands in fences that name a file', () => {
    const answer = 'First:\n\n```ts src/a.ts\nlet a;\n```\n\nand\n\n~~~py title="b.py"\npass\n\n~~~\n\nand `x`:\n\n```\nnot named\n```\n';
    expect(namedCode(answer)).toEqual([
      { code: 'let a;', path: 'src/a.ts' },
      { code: 'pass\n', path: 'b.py' },
    ]);
  });

  it('within a list is without its indentation', () => {
    expect(namedCode('1. So:\n\n   ```ts:a.ts\n   if (x) {\n     y();\n   }\n   ```\n')).toEqual([{ code: 'if (x) {\n  y();\n}', path: 'a.ts' }]);
  });

  it('keeps shorter fences within, and leaves out what was cut off', () => {
    expect(namedCode('````md a.md\n```ts b.ts\nx\n```\n````\n\n```ts c.ts\nlet')).toEqual([{ code: '```ts b.ts\nx\n```', path: 'a.md' }]);
  });

  it('is not opened by backticks within a line', () => {
    expect(namedCode('```a.ts``` is it:\n```ts b.ts\nx\n```')).toEqual([{ code: 'x', path: 'b.ts' }]);
  });
});

describe('the words behind a fence', () => {
  it.each([
    ['ts', 'ts', undefined],
    ['ts src/a.ts', 'ts', 'src/a.ts'],
    ['ts:src/a.ts', 'ts', 'src/a.ts'],
    ['ts file=a.ts', 'ts', 'a.ts'],
    ['c++ src\\a.cc', 'c++', 'src\\a.cc'],
    ['python title="a b.py"', 'python', 'a b.py'],
    ['js {1,3}', 'js', undefined],
    ['js and more', 'js', undefined],
    ['', '', undefined],
  ])('%j name language and file', (info, name, path) => expect(fenceInfo(info)).toEqual({ name, path }));
});
