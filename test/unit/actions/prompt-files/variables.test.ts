import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referencesOf } from '../../../../src/actions/prompt-files/references.ts';
import { editorVariables, editorVariablesOf, fillIn, inputsOf } from '../../../../src/actions/prompt-files/variables.ts';

const values = { editor: { selection: 'let a;', language: 'ts' }, inputs: new Map([['what', 'speed']]) };

describe('variables', () => {
  it('are filled in, once and everywhere', () => {
    expect(fillIn('${language}: ${selection} for ${input:what:what to look at} and ${input:what}', values)).toBe('ts: let a; for speed and speed');
  });

  it('that are unknown, or without a value, stay as they stand', () => {
    const text = '${nothing} ${ selection } $selection ${file} ${input:other} ${} ${input:}';
    expect(fillIn(text, values)).toBe(text);
  });

  it('bring in text, and nothing of it is filled in again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('${language}', '${input:what}', '${', '}', '$&', '$1', 'x')), (parts) => {
        const selection = parts.join('');
        expect(fillIn('a ${selection} b', { ...values, editor: { ...values.editor, selection } })).toBe(`a ${selection} b`);
      }),
    );
  });

  it('tell what they need', () => {
    expect([...editorVariablesOf('${file} ${selectedText} ${toString} ${constructor}')]).toEqual(['selectedText', 'file']);
    expect(inputsOf('${input:a:first: one} ${input:b} ${input:a}')).toEqual([
      { name: 'a', placeholder: 'first: one' },
      { name: 'b', placeholder: '' },
    ]);
    expect(fillIn('${toString}', values)).toBe('${toString}');
    for (const name of editorVariables) expect(editorVariablesOf(`\${${name}}`)).toEqual(new Set([name]));
  });
});

describe('files that a prompt refers to', () => {
  it('are those of links and of #file, each once', () => {
    expect(referencesOf('See [a](../src/a.ts), [b](<my file.md>) "x", [a again](../src/a.ts#L3) and #file:src/c.ts. ![p](d%20e.png "title")')).toEqual(['../src/a.ts', 'my file.md', 'src/c.ts', 'd e.png']);
  });

  it('are no addresses, anchors, or code', () => {
    expect(referencesOf('[x](https://example.com/a.ts) [y](#part) [z](//host/a) [m](mailto:a@b.c) `[c](c.ts)`\n```md\n[d](d.ts)\n```\n[broken](%E0%A4%A)')).toEqual(['%E0%A4%A']);
  });
});
