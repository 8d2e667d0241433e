import { describe, expect, it } from 'vitest';
import { fitTo } from '../../../../src/actions/edits/fit.ts';

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
