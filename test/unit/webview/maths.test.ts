// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Token } from 'markdown-it';
import { mathsMarkup } from '../../../src/webview/shared/markdown/maths.tsx';
import { parse } from '../../../src/webview/shared/markdown/parser.ts';

/** The formulas in a text. */
function formulas(text: string, streaming = false): string[] {
  const found: string[] = [];
  const visit = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (token.type.startsWith('maths')) found.push(token.content.trim());
      visit(token.children ?? []);
    }
  };
  visit(parse(text, streaming));
  return found;
}

describe('formulas in Markdown', () => {
  it.each<[string, string[]]>([
    ['so $x^2$ is', ['x^2']],
    ['($x$), "$y$".', ['x', 'y']],
    ['$a$-th and $2$ and $-1$', ['a', '2', '-1']],
    ['$x_1 * y * z_2$', ['x_1 * y * z_2']],
    ['$\\text{if } x = \\$5$', ['\\text{if } x = \\$5']],
    ['a \\(x\\) b \\[y\\] c', ['x', 'y']],
    ['$$x$$', ['x']],
    ['$$\nx = 1\n- 2\n$$', ['x = 1\n- 2']],
    ['\\[\nx\n\\]\nand more', ['x']],
    ['text before\n$$\nx\n$$\nand after', ['x']],
    ['**Answer:** \\boxed{\\frac{1}{2}}.', ['\\boxed{\\frac{1}{2}}']],
    ['$\\boxed{42}$', ['\\boxed{42}']],
    ['\\begin{align}\na &= b\n\\end{align}', ['\\begin{align}\na &= b\n\\end{align}']],
    ['- item\n\n  $$\n  x\n  $$\n- next', ['x']],
    ['| a |\n|--|\n| $x$ |', ['x']],
    ['# A $x$', ['x']],
    ['在$x$中，$y$。', ['x', 'y']],
  ])('are found in %j', (text, found) => expect(formulas(text)).toEqual(found));

  it.each([
    'It costs $5 and $6.',
    '$5/$6',
    'between $5 and $10, or US$7',
    '$100k to A$ 200',
    'from $5 (or $6) up',
    '$HOME/bin:$PATH',
    'echo $A and $B',
    'a $ b $ c',
    'one $ sign',
    '`$x$` in code',
    '```\n$x$\n```',
    '\\$x\\$',
    '$$',
    'an open \\( bracket',
    'an open $x',
    '\\boxed{never closed',
    '$5 for one, $6',
    'Pay $20 today and 30$ later',
  ])('are not seen in %j', (text) => expect(formulas(text)).toEqual([]));

  it('keep what follows an unclosed one readable', () => {
    expect(formulas('$$\nx\n\ntext')).toEqual([]);
    expect(formulas('$$\nx', true)).toEqual(['x']);
  });
});

describe('formulas as MathML', () => {
  it('have no inline styles', () => {
    for (const tex of ['\\boxed{42}', '\\color{red}x', '\\begin{cases}1&x\\\\0&y\\end{cases}', '\\frac{a}{b}', '\\hspace{1em}x']) {
      expect(mathsMarkup(tex, true)).not.toMatch(/\sstyle=/);
    }
  });

  it('mark a box by its class', () => expect(mathsMarkup('\\boxed{42}', false)).toContain('maths-boxed'));

  it('give nothing for what cannot be read', () => {
    expect(mathsMarkup('\\frac{', false)).toBeUndefined();
    expect(mathsMarkup('\\nosuchcommand{x}', false)).toBeUndefined();
  });

  it.each([
    '\\href{javascript:alert(1)}{x}',
    '\\url{javascript:alert(1)}',
    '\\includegraphics{https://example.com/a.png}',
    '\\htmlStyle{color:red}{x}',
    '\\class{evil}{x}',
    '\\text{<img src=x onerror=alert(1)>}',
    '\\text{</math><script>alert(1)</script>}',
  ])('run nothing: %s', (tex) => {
    const root = document.createElement('div');
    root.innerHTML = mathsMarkup(tex, false) ?? '';
    expect(root.querySelectorAll('script, img, a, iframe, svg, style')).toHaveLength(0);
    for (const element of root.querySelectorAll('*')) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/^(?:on|href|src|style|xlink)/);
    }
  });

  it('end in reasonable time', () => {
    const start = performance.now();
    mathsMarkup('\\def\\a{\\a\\a}\\a', false);
    mathsMarkup('\\frac'.repeat(5000), false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
