// @vitest-environment happy-dom
import { render } from 'preact';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/webview/shared/markdown/languages.ts';
import { CodeActions } from '../../../src/webview/shared/markdown/code-actions.ts';
import { Markdown } from '../../../src/webview/shared/markdown/markdown.tsx';

function draw(text: string, streaming = false): HTMLElement {
  const root = document.createElement('div');
  render(<Markdown text={text} streaming={streaming} />, root);
  return root;
}

describe('Markdown', () => {
  it('draws text, lists, tables and headings', () => {
    const root = draw('# Title\n\nSome **bold** `code`.\n\n- a\n- b\n\n3. x\n\n| h | i |\n|--|--:|\n| c | d |\n\n> q');
    expect(root.querySelector('h3.level-1')?.textContent).toBe('Title');
    expect(root.querySelector('strong')?.textContent).toBe('bold');
    expect(root.querySelectorAll('ul li')).toHaveLength(2);
    expect(root.querySelector('td.to-right')?.textContent).toBe('d');
    expect(root.querySelector('blockquote')?.textContent).toBe('q');
  });

  it('shows a fence that is not closed yet as code', () => {
    const root = draw('Look:\n\n```ts\nconst a = 1;', true);
    expect(root.querySelector('pre')?.textContent).toBe('const a = 1;');
    expect(root.querySelector('.hljs-keyword')?.textContent).toBe('const');
  });

  it('draws only the last block again while text streams', () => {
    const root = document.createElement('div');
    render(<Markdown text={'one\n\ntwo'} streaming={true} />, root);
    const first = root.querySelector('p');
    const text = first?.firstChild;
    render(<Markdown text={'one\n\ntwo and more'} streaming={true} />, root);
    expect(root.querySelector('p')).toBe(first);
    expect(root.querySelector('p')?.firstChild).toBe(text);
    expect(root.querySelectorAll('p')[1]?.textContent).toBe('two and more');
  });

  it('keeps code as it was written', () => {
    const code = 'if (a < b && c > d) { s = "x\\u0041&amp;\'"; }';
    for (const language of ['ts', 'c', 'python', 'html', 'bash', 'nonsense', '']) {
      expect(draw(`\`\`\`${language}\n${code}\n\`\`\``).querySelector('pre')?.textContent).toBe(code);
    }
  });

  it('offers what can be done with code', () => {
    const done: string[] = [];
    const root = document.createElement('div');
    const actions: CodeActions = {
      copy: (code) => done.push(`copy ${code}`),
      insert: (code) => done.push(`insert ${code}`),
      newFile: (code, language) => done.push(`new ${language} ${code}`),
      apply: (code, path) => done.push(`apply ${path ?? ''} ${code}`),
    };
    render(
      <CodeActions.Provider value={actions}>
        <Markdown text={'```py a.py\nx\n```'} streaming={false} />
      </CodeActions.Provider>,
      root,
    );
    for (const name of ['Apply', 'Copy code', 'Insert at cursor', 'New file']) root.querySelector<HTMLElement>(`[aria-label="${name}"]`)?.click();
    expect(done).toEqual(['apply a.py x', 'copy x', 'insert x', 'new py x']);
  });
});

describe('languages', () => {
  it('have short and full names', () => {
    expect(languageOf('ts')).toEqual({ short: 'TS', full: 'TypeScript', grammar: 'typescript' });
    expect(languageOf('Python')?.short).toBe('PY');
    expect(languageOf('zig')).toEqual({ short: 'ZIG', full: 'zig' });
    expect(languageOf('text')).toBeUndefined();
    expect(languageOf('')).toBeUndefined();
  });
});

/** What must never come out of a model's text, whatever it writes. */
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<iframe src="https://example.com"></iframe>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x></svg>',
  '<math><mtext><table><mglyph><style><img src onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<math href="javascript:alert(1)">x</math>',
  '<form><button formaction="javascript:alert(1)">x</button></form>',
  '<a href="javascript:alert(1)">x</a>',
  '<p style="position:fixed">x</p>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:x)',
  '[x](command:workbench.action.terminal.new)',
  '[x](vscode://file/etc/passwd)',
  '[x](file:///etc/passwd)',
  '[x](//example.com)',
  '<javascript:alert(1)>',
  '<command:workbench.action.quit>',
  '[x]: command:x\n\n[x]',
  '![x](https://example.com/a.png)',
  '![x](data:image/svg+xml,<svg/onload=alert(1)>)',
  '![x](javascript:alert(1))',
  '[a](https://example.com "\\" onclick=\\"alert(1)")',
  '```html" onmouseover="alert(1)\n<script>alert(1)</script>\n```',
  '```<img src=x onerror=alert(1)>\nx\n```',
  '`<img src=x onerror=alert(1)>`',
  '$\\href{javascript:alert(1)}{x}$',
  '$\\text{<img src=x onerror=alert(1)>}$',
  '$</math><img src=x onerror=alert(1)>$',
  '\\boxed{<script>alert(1)</script>}',
  '| <img src=x onerror=alert(1)> |\n|--|\n| <script>alert(1)</script> |',
];

describe('what a model writes', () => {
  it.each(attacks)('cannot run, load or lead astray: %j', (text) => {
    const root = draw(text);
    expect(root.querySelectorAll('script, img, iframe, object, embed, form, style, link, svg, animate, base, meta')).toHaveLength(0);
    for (const element of root.querySelectorAll('*')) {
      for (const { name } of element.attributes) {
        expect(name).not.toMatch(/^on/);
        expect(['style', 'src', 'srcset', 'srcdoc', 'formaction', 'action']).not.toContain(name);
      }
      const href = element.getAttribute('href');
      if (href !== null) {
        expect(element.localName).toBe('a');
        expect(href).toMatch(/^(https?:\/\/|mailto:)/);
        expect(element.getAttribute('title')).toBe(href);
      }
    }
  });

  it('may link to the web and to mail, with the target in sight', () => {
    const root = draw('[docs](https://example.com/a) <me@example.com> ![pic](https://example.com/p.png)');
    expect([...root.querySelectorAll('a')].map((link) => [link.textContent, link.getAttribute('title')])).toEqual([
      ['docs', 'https://example.com/a'],
      ['me@example.com', 'mailto:me@example.com'],
      ['pic', 'https://example.com/p.png'],
    ]);
  });
});
