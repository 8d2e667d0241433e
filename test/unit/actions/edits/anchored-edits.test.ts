import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, editGrammar, numbered, parseEdits } from '../../../../src/actions/edits/anchored-edits.ts';

const text = ['function f() {', '  return 1;', '}', '', 'f();'];

describe('anchored edits', () => {
  it('replace lines, several lines, and put lines behind another', () => {
    const answer = '@@ replace 2|   return 1;\n  return 2;\n@@ end\n@@ insert after 3| }\n// done\n@@ end\n@@ replace 4| \n@@ to 5| f();\ng();\n@@ end\n';
    const { edits, open } = parseEdits(answer, text, 1);
    expect(open).toBe(false);
    expect(applyEdits(text, edits)).toEqual(['function f() {', '  return 2;', '}', '// done', 'g();']);
  });

  it('may take lines away', () => {
    expect(applyEdits(text, parseEdits('@@ replace 2|   return 1;\n@@ end\n', text, 1).edits)).toEqual(text.toSpliced(1, 1));
  });

  it('are there while they are being written, line by line', () => {
    const { edits, open } = parseEdits('@@ replace 2|   return 1;\n  const a = 2;\n  ret', text, 1);
    expect(open).toBe(true);
    expect(edits).toEqual([{ start: 1, end: 2, added: ['  const a = 2;'] }]);
  });

  it('that overlap an earlier one, or end before they begin, are left out', () => {
    const answer = '@@ replace 2| x\na\n@@ end\n@@ replace 1| x\n@@ to 3| x\nb\n@@ end\n@@ replace 5| x\n@@ to 4| x\nc\n@@ end\n';
    expect(parseEdits(answer, text, 1).edits).toEqual([{ start: 1, end: 2, added: ['a'] }]);
  });

  it('come out as they were written, whatever they say', () => {
    const line = fc.string({ maxLength: 8 }).filter((each) => !each.includes('\n') && !each.startsWith('@@'));
    const spans = fc.uniqueArray(fc.nat(4), { maxLength: 3 });
    fc.assert(
      fc.property(spans, fc.array(line, { maxLength: 3 }), (starts, added) => {
        const answer = starts.map((start) => `@@ replace ${String(start + 1)}| ${text[start] ?? ''}\n${added.map((each) => `${each}\n`).join('')}@@ end\n`).join('');
        expect(parseEdits(answer, text, 1).edits).toEqual(starts.map((start) => ({ start, end: start + 1, added })));
      }),
    );
  });
});

describe('the grammar', () => {
  it('has every line by its number, and no other', () => {
    const grammar = editGrammar(Array.from({ length: 12 }, (_, index) => `line "${String(index + 1)}"\t\\`), 1);
    expect(grammar).toContain('n1 ::= "| line \\"1\\"\\x09\\\\" | "0" n10 | "1" n11 | "2" n12');
    expect(grammar).toContain('n12 ::= "| line \\"12\\"\\x09\\\\"');
    expect(grammar).not.toContain('n13');
    // Numbers count from the first line of what may be changed.
    expect(editGrammar(['a', 'b'], 99).split('\n').slice(-6)).toEqual([
      'anchor ::= "1" n1 | "9" n9', 'n9 ::= "9" n99', 'n99 ::= "| a"', 'n1 ::= "0" n10', 'n10 ::= "0" n100', 'n100 ::= "| b"',
    ]);
  });

  it('names the lines as the model is shown them', () => {
    expect(numbered(['a', ''], 9)).toBe('9| a\n10| \n');
  });
});
