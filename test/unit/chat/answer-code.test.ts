import { describe, expect, it } from 'vitest';
import { namedCode } from '../../../src/chat/answer-code.ts';
import { fenceInfo } from '../../../src/webview/shared/markdown/languages.ts';

describe('code of an answer', () => {
  it('is what stands in fences that name a file', () => {
    const answer = 'First:\n\n```ts src/a.ts\nlet a;\n```\n\nand\n\n~~~py title="b.py"\npass\n\n~~~\n\nand `x`:\n\n```\nnot named\n```\n';
    expect(namedCode(answer)).toEqual([
      { code: 'let a;', language: 'ts', path: 'src/a.ts' },
      { code: 'pass\n', language: 'py', path: 'b.py' },
    ]);
  });

  it('within a list is without its indentation', () => {
    expect(namedCode('1. So:\n\n   ```ts:a.ts\n   if (x) {\n     y();\n   }\n   ```\n')).toEqual([{ code: 'if (x) {\n  y();\n}', language: 'ts', path: 'a.ts' }]);
  });

  it('keeps shorter fences within, and leaves out what was cut off', () => {
    expect(namedCode('````md a.md\n```ts b.ts\nx\n```\n````\n\n```ts c.ts\nlet')).toEqual([{ code: '```ts b.ts\nx\n```', language: 'md', path: 'a.md' }]);
  });

  it('is named as the view reads the name', () => {
    for (const info of ['ts src/a.ts', 'ts:src/a.ts', 'ts', 'ts title="a b.ts"', 'js {1,3}', 'ts file=a.ts', 'c++ src\\a.cc', '']) {
      const { name, path } = fenceInfo(info);
      expect(namedCode(`\`\`\`${info}\nx\n\`\`\``)).toEqual(path === undefined ? [] : [{ code: 'x', language: name, path }]);
    }
  });
});
