import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorAt, type Anchored, type Reach } from '../../../src/completion/anchor.ts';
import type { Hole } from '../../../src/completion/hole.ts';

const reach: Reach = { prefix: 400, suffix: 100 };

function hole(document: string, cursor: number): Hole {
  return { prefix: document.slice(0, cursor), suffix: document.slice(cursor), language: 'typescript', indent: '  ' };
}

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `const line${index} = ${index};\n`).join('');

describe('anchorAt', () => {
  it('freezes all above the line, and sets apart what is typed on it', () => {
    const document = 'a();\nb();\nc(\nd();\n';
    expect(anchorAt(hole(document, document.indexOf('c(') + 2), undefined, reach)).toEqual({ prefix: 'a();\nb();\n', typed: 'c(', suffix: '\nd();\n' });
  });

  it('cuts at line boundaries', () => {
    const document = lines(100);
    const { prefix, suffix } = anchorAt(hole(document, document.indexOf('const line50')), undefined, reach);
    expect(prefix).toMatch(/^const line\d+ = \d+;\n/);
    expect(prefix.length).toBeLessThanOrEqual(reach.prefix);
    expect(prefix.length).toBeGreaterThan(reach.prefix - 25);
    expect(suffix).toMatch(/;\n$/);
    expect(suffix.length).toBeLessThanOrEqual(reach.suffix);
  });

  it('keeps prefix and suffix while a line is typed and corrected', () => {
    const above = lines(60);
    const below = lines(10);
    let last: Anchored | undefined;
    for (const typed of ['', 'r', 're', 'ret', 're', 'r', 'return']) {
      const next = anchorAt(hole(above + typed + below, above.length + typed.length), last, reach);
      expect(next.typed).toBe(typed);
      if (last) expect({ prefix: next.prefix, suffix: next.suffix }).toEqual({ prefix: last.prefix, suffix: last.suffix });
      last = next;
    }
  });

  it('only adds to the prefix at a new line, until it has grown by half', () => {
    let text = lines(60);
    let last = anchorAt(hole(text, text.length), undefined, reach);
    let moves = 0;
    for (let line = 0; line < 40; line++) {
      text += `let more${line} = ${line};\n`;
      const next = anchorAt(hole(text, text.length), last, reach);
      if (!next.prefix.startsWith(last.prefix)) moves++;
      expect(next.prefix.length).toBeLessThanOrEqual(reach.prefix * 1.5);
      last = next;
    }
    // 40 lines of 20 units are four times the half that a prefix may grow by.
    expect(moves).toBeLessThanOrEqual(4);
  });

  it('starts where it did after an edit elsewhere in the window', () => {
    const document = lines(60);
    const last = anchorAt(hole(document, document.length), undefined, reach);
    const edited = document.replace('const line58', 'const changed');
    const next = anchorAt(hole(edited, edited.length), last, reach);
    expect(next.prefix.slice(0, 200)).toBe(last.prefix.slice(0, 200));
  });

  it('bounds what is typed in a line of a megabyte', () => {
    const { prefix, typed, suffix } = anchorAt(hole('x'.repeat(1_000_000), 500_000), undefined, reach);
    expect(typed.length).toBeLessThan(256);
    expect(prefix.length).toBeLessThanOrEqual(reach.prefix);
    expect(suffix.length).toBe(reach.suffix);
  });

  it('is always exactly a stretch of the document around the cursor, its characters whole', () => {
    const document = fc
      .array(fc.oneof({ weight: 1, arbitrary: fc.constant('\n') }, { weight: 30, arbitrary: fc.constantFrom('a', 'b(', '  ', '你', '👋', '\t') }), { maxLength: 400, size: 'max' })
      .map((parts) => parts.join(''));
    const small: Reach = { prefix: 40, suffix: 20 };
    fc.assert(
      fc.property(document, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (text, places) => {
        let last: Anchored | undefined;
        for (const place of places) {
          const characters = Array.from(text);
          const cursor = characters.slice(0, place % (characters.length + 1)).join('').length;
          const next = anchorAt(hole(text, cursor), last, small);
          expect(text.slice(0, cursor).endsWith(next.prefix + next.typed)).toBe(true);
          expect(text.slice(cursor).startsWith(next.suffix)).toBe(true);
          for (const part of [next.prefix, next.typed, next.suffix]) expect(part).not.toMatch(/\p{Cs}/u);
          expect(next.prefix.length).toBeLessThanOrEqual(60);
          expect(next.suffix.length).toBeLessThanOrEqual(20);
          last = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});
