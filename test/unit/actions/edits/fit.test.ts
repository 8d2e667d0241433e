import { describe, expect, it } from 'vitest';
import { codeIn, fitTo } from '../../../../src/actions/edits/fit.ts';

describe('codeIn', () => {
  it('takes the code out of its fence, and leaves the talk around it', () => {
    expect(codeIn('Here it is:\n\n```ts\nlet a;\n```\n\nI renamed it.')).toBe('let a;');
  });

  it('is all of an answer without a fence', () => {
    expect(codeIn('let a;\r\nlet b;')).toBe('let a;\nlet b;');
  });

  it('ends at the end where the fence is not closed yet', () => {
    expect(codeIn('```\nlet a;\nlet')).toBe('let a;\nlet');
  });

  it('keeps shorter fences within', () => {
    expect(codeIn('````md\n```ts\nx\n```\n````')).toBe('```ts\nx\n```');
  });
});

describe('fitTo', () => {
  it('indents as the old code is indented', () => {
    expect(fitTo('    a();\n    b();', 'if (x) {\n  a();\n}')).toBe('    if (x) {\n      a();\n    }');
    expect(fitTo('a();', '    a();\n      b();')).toBe('a();\n  b();');
  });

  it('keeps blank lines at its edges, and no others there', () => {
    expect(fitTo('\n  a();\n\n', '\n\nb();\n')).toBe('\n  b();\n\n');
  });

  it('writes tabs where the old code has tabs', () => {
    expect(fitTo('\ta();', 'if (x) {\n  a();\n}')).toBe('\tif (x) {\n\t\ta();\n\t}');
    expect(fitTo('\ta();', 'if (x) {\n    a();\n}')).toBe('\tif (x) {\n\t\ta();\n\t}');
  });

  it('leaves what is as it was', () => {
    for (const text of ['a();', '  a();\n    b();\n', '\tx\n\n\ty\n']) expect(fitTo(text, text)).toBe(text);
  });
});
