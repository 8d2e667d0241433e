import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edited, type LineEdit } from '../../../../src/actions/review/alignment.ts';
import { lineEdit, textEdits, type TextEdit } from '../../../../src/actions/review/text-edits.ts';

const text = fc.array(fc.constantFrom('a', 'b', '', '}'), { minLength: 1, maxLength: 8 });

function apply(value: string, { start, end, text: added }: TextEdit): string {
  const starts = [0, ...[...value.matchAll(/\r\n|\n/g)].map((match) => match.index + match[0].length)];
  const offset = ({ line, character }: TextEdit['start']): number => (starts[line] ?? 0) + character;
  return value.slice(0, offset(start)) + added + value.slice(offset(end));
}

describe('edits of lines', () => {
  it('are the same edits of the text, with its line ends, and come back from it', () => {
    fc.assert(
      fc.property(text, fc.nat(8), fc.nat(8), fc.array(fc.constantFrom('x', ''), { maxLength: 3 }), fc.constantFrom('\n', '\r\n'), (lines, from, length, added, eol) => {
        const start = Math.min(from, lines.length);
        const end = Math.min(start + length, lines.length);
        const edit: LineEdit = { start, end, lines: added };
        const wanted = edited(lines, edit);
        // A document has one line at least.
        fc.pre(wanted.length > 0);
        const [only] = textEdits(lines, [edit], eol);
        if (!only) throw new Error('no edit');
        expect(apply(lines.join(eol), only)).toBe(wanted.join(eol));
        expect(edited(lines, lineEdit(lines, only))).toEqual(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  it('that touch become one', () => {
    expect(textEdits(['a', 'b'], [{ start: 0, end: 1, lines: ['A'] }, { start: 1, end: 2, lines: [] }], '\n')).toEqual([{ start: { line: 0, character: 0 }, end: { line: 1, character: 1 }, text: 'A' }]);
  });
});

describe('a change in an editor', () => {
  const at = (line: number, character: number): TextEdit['start'] => ({ line, character });

  it('that puts lines before a line, or behind one, leaves that line as it is', () => {
    const lines = ['a', '}', 'b'];
    expect(lineEdit(lines, { start: at(1, 0), end: at(1, 0), text: '}\n' })).toEqual({ start: 1, end: 1, lines: ['}'] });
    expect(lineEdit(lines, { start: at(1, 1), end: at(1, 1), text: '\r\n}' })).toEqual({ start: 2, end: 2, lines: ['}'] });
    expect(lineEdit(lines, { start: at(0, 1), end: at(1, 1), text: '' })).toEqual({ start: 1, end: 2, lines: [] });
  });

  it('within a line replaces it', () => {
    expect(lineEdit(['abc', 'def'], { start: at(0, 1), end: at(1, 1), text: 'X' })).toEqual({ start: 0, end: 2, lines: ['aXef'] });
  });
});
