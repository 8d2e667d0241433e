import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replacedSoFar, rewriteGrammar, writtenIn } from '../../../../src/actions/edits/rewrite.ts';

describe('the grammar of a rewrite', () => {
  it('is one block in the fence and language of the code', () => {
    expect(rewriteGrammar('```', 'ts')).toBe(
      'root ::= "```ts\\n" line* "```"\nline ::= ("" ([^`\\n] [^\\n]*)? | "`" ([^`\\n] [^\\n]*)? | "``" ([^`\\n] [^\\n]*)?) "\\n"',
    );
  });
});

describe('writtenIn', () => {
  it('takes the code out of its fence, and leaves the talk around it', () => {
    expect(writtenIn('Here it is:\n\n```ts\nlet a;\n```\n\nI renamed it.')).toEqual({ lines: ['let a;'], closed: true });
  });

  it('is nothing where there is no fence: talk never becomes code', () => {
    expect(writtenIn('let a;\nlet b;')).toBeUndefined();
    expect(writtenIn('```ts')).toBeUndefined();
  });

  it('leaves out the line that is being written', () => {
    expect(writtenIn('```\nlet a;\nlet')).toEqual({ lines: ['let a;'], closed: false });
    expect(writtenIn('```\n')).toEqual({ lines: [], closed: false });
  });

  it('keeps shorter fences within', () => {
    expect(writtenIn('````md\n```ts\nx\n```\n````')).toEqual({ lines: ['```ts', 'x', '```'], closed: true });
  });

  it('does not take a fence that is still being written for the end', () => {
    expect(writtenIn('````md\nx\n```')).toEqual({ lines: ['x'], closed: false });
  });
});

describe('replacedSoFar', () => {
  const code = ['function total(items) {', '  let total = 0;', '  for (const item of items) {', '    total += item.price;', '  }', '  return total;', '}'];

  it('follows a rename line by line', () => {
    const renamed = code.map((line) => line.replaceAll('total', 'sum'));
    for (let count = 0; count <= code.length; count++) expect(replacedSoFar(code, renamed.slice(0, count))).toBe(count);
  });

  it('keeps what stands under new lines', () => {
    expect(replacedSoFar(code, ['/** Adds up prices. */'])).toBe(0);
    expect(replacedSoFar(code, ['/** Adds up prices. */', ...code.slice(0, 2)])).toBe(2);
  });

  it('sees that lines are gone once what comes after them is there', () => {
    expect(replacedSoFar(code, [...code.slice(0, 1), ...code.slice(5, 6)])).toBe(6);
  });

  it('never takes more than a beginning: what is copied stays as long as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '}', '')), fc.nat(), (lines, cut) => {
        const written = lines.slice(0, cut % (lines.length + 1));
        expect([...written, ...lines.slice(replacedSoFar(lines, written))]).toEqual(lines);
      }),
    );
  });
});
