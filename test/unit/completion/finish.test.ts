import { describe, expect, it } from 'vitest';
import { finish, type Finished, type StepName } from '../../../src/completion/finish/index.ts';

/** `‸` is the cursor. */
function at(document: string, raw: string, language = 'typescript', indent = '  '): Finished {
  const [prefix = '', suffix = ''] = document.split('‸');
  return finish(raw, { prefix, suffix, language, indent });
}
const text = (document: string, raw: string, language?: string, indent?: string): string => {
  const finished = at(document, raw, language, indent);
  return 'text' in finished ? finished.text : `filtered: ${finished.filtered}`;
};
const filtered = (step: StepName | 'model'): string => `filtered: ${step}`;

describe('finish', () => {
  it('leaves a good text alone', () => {
    expect(at('function add(a, b) {\n  ‸\n}', 'return a + b;')).toEqual({ text: 'return a + b;', replaces: 0 });
    expect(text('const sum = ‸', 'a + b;')).toBe('a + b;');
  });

  it('has nothing where the model had nothing', () => {
    expect(text('a‸', '')).toBe(filtered('model'));
    expect(text('a‸', ' \n\t\n')).toBe(filtered('model'));
  });

  it('takes CRLF for a line end', () => {
    expect(text('if (a) {‸\n}', '\r\n  b();\r\n  c();')).toBe('\n  b();\n  c();');
  });

  describe('prompt-echo', () => {
    it('drops the line begun, said again', () => {
      expect(text('  const total = ‸', 'const total = a + b;')).toBe('a + b;');
    });
    it('keeps a short beginning, which repeats by chance', () => {
      expect(text('a‸', 'aa')).toBe('aa');
    });
    it('drops lines that stand just above', () => {
      expect(text('let a = one();\nlet b = two();\n‸', 'let a = one();\nlet b = two();')).toBe(filtered('prompt-echo'));
    });
    it('lets one line be said twice', () => {
      expect(text('next();\n‸', 'next();')).toBe('next();');
    });
  });

  describe('loop', () => {
    it('keeps the first of many equal lines', () => {
      expect(text('‸', 'x += 1;\nx += 1;\nx += 1;\nx += 1;')).toBe('x += 1;');
    });
    it('keeps the first round of several lines', () => {
      expect(text('‸', 'a();\nb();\na();\nb();\na();\nb();')).toBe('a();\nb();');
    });
    it('lets brackets and blank lines repeat', () => {
      expect(text('if (a) {\n  if (b) {\n    if (c) {\n‸', '1;\n}\n}\n}')).toBe('1;\n}\n}\n}');
    });
  });

  describe('suffix-overlap', () => {
    it('ends before what the line goes on with', () => {
      expect(text('add(‸)', 'a, b)')).toBe('a, b');
      expect(text('say("‸")', 'hello")')).toBe('hello');
    });
    it('ends before a line that stands below', () => {
      expect(text('a = 1\n‸\nreturn a + b\n', 'b = 2\nreturn a + b\nc = 3', 'python')).toBe('b = 2');
    });
    it('ends before a closing bracket below when nothing follows it', () => {
      expect(text('if (a) {\n  ‸\n}\n', 'b();\n}')).toBe('b();');
    });
    it('works with CJK and emoji', () => {
      expect(text("print('你‸')", "好👋')", 'python')).toBe('好👋');
    });
  });

  describe('unbalanced', () => {
    it('cuts before a bracket that closes nothing', () => {
      expect(text('const a = ‸;\n', 'b) + c')).toBe('b');
      expect(text('func f() {\n\t‸\n}\n', 'return 1 }\n}\n', 'go', '\t')).toBe('return 1');
    });
    it('closes what is open and stays so', () => {
      expect(text('fn f(a: i32‸', ') -> i32 { a }', 'rust', '    ')).toBe(') -> i32 { a }');
    });
    it('does not read brackets in strings, nor quotes in prose', () => {
      expect(text('const a = ‸', '")" + f(1);')).toBe('")" + f(1);');
      expect(text("It's (‸", 'not) there', 'markdown')).toBe('not) there');
    });
  });

  describe('auto-closed brackets', () => {
    it('are replaced where the text has them too', () => {
      expect(at('items.map(‸)', '(item) => {\n  return item;\n});')).toEqual({ text: '(item) => {\n  return item;\n});', replaces: 1 });
      expect(at('items.map(‸)', '(item) => item.id')).toEqual({ text: '(item) => item.id', replaces: 0 });
      expect(at('describe("‸")', 'a set", () => {\n  it();\n});')).toEqual({ text: 'a set", () => {\n  it();\n});', replaces: 2 });
      expect(at('if (‸)', 'a > b) {\n  swap();\n}', 'c')).toEqual({ text: 'a > b) {\n  swap();\n}', replaces: 1 });
    });
    it('stay where more than closers follows', () => {
      expect(at('f(‸) + 1', 'a')).toEqual({ text: 'a', replaces: 0 });
    });
  });

  describe('indentation', () => {
    it('is not said twice', () => {
      expect(text('def f():\n    ‸', '    return 1', 'python', '    ')).toBe('return 1');
    });
    it('is the document\'s', () => {
      expect(text('func f() {‸\n}', '\n    a()\n    if b {\n        c()\n    }', 'go', '\t')).toBe('\n\ta()\n\tif b {\n\t\tc()\n\t}');
      expect(text('def f():‸', '\n\treturn 1', 'python', '    ')).toBe('\n    return 1');
    });
  });

  describe('spaces', () => {
    it('go from the ends of lines, and blank lines from the end', () => {
      expect(text('‸', 'a();  \nb();\t\n\n')).toBe('a();\nb();');
    });
    it('stay before the rest of the line, and as line breaks in Markdown', () => {
      expect(text('const ‸= 1', 'a ')).toBe('a ');
      expect(text('‸', 'one  \ntwo  ', 'markdown')).toBe('one  \ntwo');
    });
  });

  describe('emptiness', () => {
    it('is nothing but comments', () => {
      expect(text('‸', '// TODO\n// more')).toBe(filtered('emptiness'));
      expect(text('‸', '# TODO', 'python')).toBe(filtered('emptiness'));
      expect(text('‸', '<!-- TODO -->', 'html')).toBe(filtered('emptiness'));
    });
    it('is not a comment that was begun', () => {
      expect(text('// Adds ‸', 'two numbers.')).toBe('two numbers.');
      expect(text('# Adds ‸', 'two numbers.', 'python')).toBe('two numbers.');
      expect(text('‸', '# Title', 'markdown')).toBe('# Title');
    });
    it('is not a comment with code', () => {
      expect(text('‸', '// One\nconst one = 1;')).toBe('// One\nconst one = 1;');
    });
  });

  it('never cuts a character in two', () => {
    for (const raw of ['👋👋👋', '𝒳 + 𝒴)', '"👨‍👩‍👧")']) {
      const done = text('f(‸)', raw);
      expect(done).not.toMatch(/\p{Cs}/u);
    }
  });
});
