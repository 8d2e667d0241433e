import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { anchorAt } from '../../../src/completion/anchor.ts';
import type { Hole } from '../../../src/completion/hole.ts';
import { budgetFor } from '../../../src/completion/reach.ts';
import { holeAt, type HoleOptions } from '../../../src/completion/vscode/hole-at.ts';

/** As VS Code has it: lines without their ends. */
class Document {
  readonly languageId = 'typescript';
  readonly #lines: readonly string[];
  /** Lines looked at. */
  looked = 0;

  constructor(text: string) {
    this.#lines = text.split(/\r\n|\r|\n/);
  }
  get lineCount(): number {
    return this.#lines.length;
  }
  lineAt(line: number): vscode.TextLine {
    const text = this.#lines[line];
    if (text === undefined) throw new Error('Illegal value for `line`');
    this.looked++;
    return { text } as vscode.TextLine;
  }
}

function at(document: Document, line: number, character: number, chosen?: HoleOptions['chosen']): Hole | undefined {
  return holeAt({ document, position: { line, character }, indent: '  ', chosen } as unknown as HoleOptions);
}
/** `‸` is the cursor. */
function hole(text: string, chosen?: HoleOptions['chosen']): Hole | undefined {
  const [before = ''] = text.split('‸');
  const above = before.split(/\r\n|\r|\n/);
  return at(new Document(text.replace('‸', '')), above.length - 1, above.at(-1)?.length ?? 0, chosen);
}

/** The largest window that anchors ask for, its prefix grown by half. */
const { prefix: reachBefore, suffix: reachAfter } = budgetFor(0, true);
const most = { prefix: 12_500, suffix: 2500 };

describe('the hole at a cursor', () => {
  it('has exactly what is before and after it in a small document', () => {
    expect(hole('a();\nb(‸c);\n\nd();\n')).toEqual({ prefix: 'a();\nb(', suffix: 'c);\n\nd();\n', language: 'typescript', indent: '  ' });
    expect(hole('‸')).toMatchObject({ prefix: '', suffix: '' });
    expect(hole('‸a\n')).toMatchObject({ prefix: '', suffix: 'a\n' });
    expect(hole('a\n‸')).toMatchObject({ prefix: 'a\n', suffix: '' });
    expect(hole('\n\n‸\n\n')).toMatchObject({ prefix: '\n\n', suffix: '\n\n' });
  });

  it('has \\n for every line end', () => {
    expect(hole('a();\r\n  b(‸c);\r\nd();\r\n')).toMatchObject({ prefix: 'a();\n  b(', suffix: 'c);\nd();\n' });
  });

  it('has the document\'s own characters', () => {
    expect(hole('\t"你好👋‸👨‍👩‍👧"\n')).toMatchObject({ prefix: '\t"你好👋', suffix: '👨‍👩‍👧"\n' });
  });

  it('is none in the middle of a character', () => {
    const document = new Document('a👋b');
    expect([0, 1, 2, 3, 4].map((character) => at(document, 0, character) !== undefined)).toEqual([true, true, false, true, true]);
  });

  it('is none in what is no text', () => {
    expect(hole('GIF89a\0\n‸\n')).toBeUndefined();
    expect(hole('a‸\n\0')).toBeUndefined();
    expect(hole('a‸\n\x01')).toBeDefined();
  });

  it('has the chosen suggestion in place of what it replaces', () => {
    expect(hole('console.lo‸;\n', { text: 'log', replaces: 2 })).toMatchObject({ prefix: 'console.log', suffix: ';\n' });
    expect(hole('a\ncon‸', { text: 'console', replaces: 3 })).toMatchObject({ prefix: 'a\nconsole', suffix: '' });
    expect(hole('items.‸\n', { text: 'map', replaces: 0 })).toMatchObject({ prefix: 'items.map', suffix: '\n' });
  });

  it('looks at no more of 10,000 lines than could be needed', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `const line${index} = ${index};`);
    const document = new Document(lines.join('\n'));
    const found = at(document, 5000, 5);
    expect(found?.prefix.length).toBeGreaterThanOrEqual(reachBefore * 1.5);
    expect(found?.prefix.length).toBeLessThanOrEqual(most.prefix + 1);
    expect(found?.suffix.length).toBeGreaterThanOrEqual(reachAfter);
    expect(found?.suffix.length).toBeLessThanOrEqual(most.suffix + 1);
    expect(lines.slice(0, 5000).join('\n') + '\nconst').toContain(found?.prefix);
    expect(lines.slice(5000).join('\n').slice(5).startsWith(found?.suffix ?? 'x')).toBe(true);
    expect(document.looked).toBeLessThan(1000);
  });

  it('looks at no more of 10,000 empty lines than could be needed', () => {
    const document = new Document('\n'.repeat(100_000));
    expect(at(document, 50_000, 0)).toMatchObject({ prefix: '\n'.repeat(most.prefix), suffix: '\n'.repeat(most.suffix) });
    expect(document.looked).toBeLessThan(20_000);
  });

  it('has a part of a line of a megabyte, around the cursor', () => {
    const line = Array.from({ length: 100_000 }, (_, index) => String(index).padStart(10, '.')).join('');
    const found = at(new Document(`above\n${line}\nbelow`), 1, 500_000);
    expect(found).toMatchObject({ prefix: line.slice(500_000 - most.prefix, 500_000), suffix: line.slice(500_000, 500_000 + most.suffix) });
  });

  it('has a part of lines of a megabyte above and below', () => {
    const line = 'x'.repeat(1_000_000);
    const found = at(new Document(`${line}1\nhere\n2${line}`), 1, 4);
    expect(found?.prefix).toMatch(/^x+1\nhere$/);
    expect(found?.prefix.length).toBeLessThanOrEqual(most.prefix + 1);
    expect(found?.suffix).toMatch(/^\n2x+$/);
    expect(found?.suffix.length).toBeLessThanOrEqual(most.suffix + 1);
  });

  it('is cut within no character of the window that is shown', () => {
    for (const lead of ['', 'x']) {
      const emoji = lead + '👋'.repeat(20_000);
      for (const place of [lead.length + 20_000, lead.length + 20_002]) {
        const found = at(new Document(`${emoji}\n${emoji}\n${emoji}`), 1, place);
        if (!found) throw new Error('No hole.');
        const { prefix, typed, suffix } = anchorAt(found, undefined, budgetFor(0, true));
        expect(prefix + typed + suffix).not.toMatch(/\p{Cs}/u);
      }
    }
  });

  it('is exactly the document around the cursor', () => {
    const text = fc.array(fc.constantFrom('a', '(', ' ', '\n', '\t', '你', '👋'), { maxLength: 80 });
    fc.assert(
      fc.property(text, fc.nat(), (parts, place) => {
        const cursor = place % (parts.length + 1);
        const prefix = parts.slice(0, cursor).join('');
        const suffix = parts.slice(cursor).join('');
        expect(hole(`${prefix}‸${suffix}`)).toEqual({ prefix, suffix, language: 'typescript', indent: '  ' });
      }),
    );
  });

  it('is a stretch of a large document around the cursor, and never too much of it', () => {
    const line = fc.tuple(fc.constantFrom('', 'abc', 'x'.repeat(700), 'y'.repeat(3000)), fc.nat({ max: 999 })).map(([start, number]) => start + String(number));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40, size: 'max' }), fc.nat(), fc.nat(), (lines, row, column) => {
        const number = row % lines.length;
        const here = lines[number] ?? '';
        const character = column % (here.length + 1);
        const before = [...lines.slice(0, number), here.slice(0, character)].join('\n');
        const after = [here.slice(character), ...lines.slice(number + 1)].join('\n');
        const found = at(new Document(lines.join('\n')), number, character);
        const { prefix, suffix } = found ?? { prefix: '?', suffix: '?' };
        expect(before.endsWith(prefix)).toBe(true);
        expect(after.startsWith(suffix)).toBe(true);
        expect(prefix.length).toBeGreaterThanOrEqual(Math.min(before.length, most.prefix));
        expect(prefix.length).toBeLessThanOrEqual(most.prefix + 1);
        expect(suffix.length).toBeGreaterThanOrEqual(Math.min(after.length, most.suffix));
        expect(suffix.length).toBeLessThanOrEqual(most.suffix + 1);
      }),
    );
  });
});
