import { describe, expect, it } from 'vitest';
import type { Hole } from '../../../src/completion/hole.ts';
import { endOf, wantsLines } from '../../../src/completion/length.ts';

/** `‸` is the cursor. */
function hole(document: string): Hole {
  const [prefix = '', suffix = ''] = document.split('‸');
  return { prefix, suffix, language: 'typescript', indent: '  ' };
}
/** What is kept of a text; undefined while it may go on. */
function kept(document: string, text: string): string | undefined {
  const end = endOf(text, hole(document));
  return end === undefined ? undefined : text.slice(0, end);
}

describe('wantsLines', () => {
  it.each(['if (a) {‸', 'def f():‸', 'call(‸)', 'const f = () => {‸}', 'x => ‸', 'if a; then‸', '‸', '  ‸', 'a = [‸]'])('several at %j', (document) => {
    expect(wantsLines(hole(document))).toBe(true);
  });
  it.each(['const a = ‸', 'f(‸, b)', 'return ‸;', 'x ‸ y', 'if (a‸) {'])('one at %j', (document) => {
    expect(wantsLines(hole(document))).toBe(false);
  });
});

describe('endOf', () => {
  it('is the end of the line within a line', () => {
    expect(kept('const a = ‸', 'b + c;\nconst d')).toBe('b + c;');
    expect(kept('const a = ‸', 'b + c')).toBeUndefined();
  });

  it('is the closing line of a block of braces', () => {
    expect(kept('if (a) {‸', '\n  b();\n}\nc();\n')).toBe('\n  b();\n}');
    expect(kept('  run(() => {‸', '\n    b();\n  });\n  c();\n')).toBe('\n    b();\n  });');
  });

  it('is before the first line that stands outside', () => {
    expect(kept('def f():‸', '\n    a = 1\n\n    return a\n\ndef g():\n')).toBe('\n    a = 1\n\n    return a');
    expect(kept('\tif a {\n\t\t‸', 'b()\n\t\tc()\n\t}\n\treturn\n')).toBe('b()\n\t\tc()');
  });

  it('is the end of a paragraph beside the cursor\'s line', () => {
    expect(kept('‸', 'const a = 1;\nconst b = 2;\n\nfunction c() {\n')).toBe('const a = 1;\nconst b = 2;');
    expect(kept('‸', 'function a() {\n  one();\n\n  two();\n}\n\nfunction b() {\n')).toBe('function a() {\n  one();\n\n  two();\n}');
  });

  it('does not judge a line that may go on', () => {
    expect(kept('if (a) {‸', '\n  b();\n}')).toBeUndefined();
    expect(kept('def f():‸', '\n    a = 1\n')).toBeUndefined();
  });
});
