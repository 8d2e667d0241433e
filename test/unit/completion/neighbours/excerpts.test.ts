import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, lineNumbers, mergeExcerpts } from '../../../../src/completion/neighbours/excerpts.ts';
import { stretchNear } from '../../../../src/completion/neighbours/stretch.ts';

const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);

describe('mergeExcerpts', () => {
  it('makes one text of each file, in the order of its lines, the most useful file first', () => {
    const merged = mergeExcerpts([excerptOf('b.ts', lines, [7, 8]), excerptOf('a.ts', lines, [1]), excerptOf('b.ts', lines, [2, 3])], 'declaration', 1000);
    expect(merged).toEqual([
      { path: 'b.ts', kind: 'declaration', content: 'line 2\nline 3\n\nline 7\nline 8\n' },
      { path: 'a.ts', kind: 'declaration', content: 'line 1\n' },
    ]);
  });

  it('shows lines once that several excerpts have', () => {
    const [merged] = mergeExcerpts([excerptOf('a.ts', lines, [1, 2, 3]), excerptOf('a.ts', lines, [3, 4])], 'edit', 1000);
    expect(merged?.content).toBe('line 1\nline 2\nline 3\nline 4\n');
  });

  it('leaves out the excerpt that exceeds the cap, and not the others', () => {
    const merged = mergeExcerpts([excerptOf('a.ts', lines, [1]), excerptOf('a.ts', lines, lineNumbers(5, 20)), excerptOf('a.ts', lines, [3])], 'edit', 20);
    expect(merged.map(({ content }) => content)).toEqual(['line 1\n\nline 3\n']);
  });

  it('leaves out lines beyond the file, lines that nobody wrote, and what is empty', () => {
    expect(mergeExcerpts([excerptOf('a.ts', ['x'.repeat(501), 'y'], [0, 1, 2, -1])], 'edit', 1000)[0]?.content).toBe('y\n');
    expect(mergeExcerpts([excerptOf('a.ts', ['', ' '], [0, 1])], 'edit', 1000)).toEqual([]);
  });
});

describe('stretchNear', () => {
  const units = 'line 00\n'.length;

  it('is all of a file within the cap', () => {
    expect(stretchNear(lines, { start: 3, end: 5 }, 1000)).toEqual({ start: 0, end: 30 });
  });

  it('lies around what was looked at, up to the ends of the file', () => {
    expect(stretchNear(lines, { start: 14, end: 16 }, units * 10)).toEqual({ start: 10, end: 20 });
    expect(stretchNear(lines, { start: 0, end: 1 }, units * 10).start).toBe(0);
    expect(stretchNear(lines, { start: 29, end: 30 }, units * 10).end).toBe(30);
    expect(stretchNear(lines, { start: 500, end: 900 }, units * 10).end).toBe(30);
  });

  it('stays while one looks around within it', () => {
    const last = stretchNear(lines, { start: 15, end: 16 }, units * 20);
    expect(stretchNear(lines, { start: 17, end: 19 }, units * 20, last)).toEqual(last);
    expect(stretchNear(lines, { start: 24, end: 25 }, units * 20, last)).not.toEqual(last);
  });

  it('never exceeds the cap, whatever was looked at', () => {
    const line = fc.integer({ min: 0, max: 40 }).map((length) => 'x'.repeat(length));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.nat(60), fc.nat(10), fc.nat(400), (file, start, length, cap) => {
        const last = stretchNear(file, { start: start + 3, end: start + 4 }, cap);
        for (const stretch of [last, stretchNear(file, { start, end: start + length }, cap, last)]) {
          expect(stretch.start).toBeGreaterThanOrEqual(0);
          expect(stretch.end).toBeLessThanOrEqual(file.length);
          expect(file.slice(stretch.start, stretch.end).reduce((sum, each) => sum + each.length + 1, 0)).toBeLessThanOrEqual(cap);
        }
      }),
    );
  });
});
