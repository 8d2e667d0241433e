import fc from 'fast-check';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { grammarFiles, grammars as shipped } from '../../../scripts/lib/grammars.mjs';
import type { Hole } from '../../../src/completion/hole.ts';
import { endOf } from '../../../src/completion/length.ts';
import { Grammars, type SyntaxJudge } from '../../../src/completion/syntax.ts';
import { languageIds, languageOf } from '../../../src/completion/syntax/languages.ts';

const wasm = path.dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm'));
const grammars = new Grammars(
  wasm,
  (message) => {
    throw new Error(message);
  },
  Infinity,
);
afterAll(() => grammars.dispose());

/** `‸` is the cursor. */
function hole(document: string, language: string): Hole {
  const [prefix = '', suffix = ''] = document.split('‸');
  return { prefix, suffix, language, indent: '  ' };
}

async function judge(language: string): Promise<SyntaxJudge> {
  const stop = await grammars.stopFor(language);
  if (!stop) throw new Error(`no grammar for ${language}`);
  return stop;
}

/**
 * What is kept of a text that comes line by line; undefined if no end was seen. Once seen, the end must stay where it
 * is, however much more comes.
 */
async function kept(language: string, document: string, text: string): Promise<string | undefined> {
  const stop = await judge(language);
  const at = hole(document, language);
  let end: number | undefined;
  for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', newline + 1)) {
    const now = stop.endOf(text.slice(0, newline + 1), at);
    if (end !== undefined) expect(now, `after ${JSON.stringify(text.slice(0, newline))}`).toBe(end);
    end = now;
  }
  expect(stop.endOf(text, at)).toBe(end);
  return end === undefined ? undefined : text.slice(0, end);
}

/** A language, a document, and what comes: up to `¦` it belongs there. */
type Row = readonly [language: string, document: string, text: string];

function holds(name: string, rows: readonly Row[]): void {
  it.each(rows)(`${name}: %s %j %j`, async (language, document, text) => {
    const [wanted = ''] = text.split('¦');
    expect(await kept(language, document, text.replace('¦', ''))).toBe(wanted);
  });
}

describe('after an opener', () => {
  holds('ends with what it opened', [
    ['typescript', 'function f() {‸', '\n  a();\n\n  b();\n}¦\n\nfunction g() {\n'],
    ['typescript', 'if (x) {‸', '\n  for (const a of b) {\n    a();\n  }\n}¦\nc();\n'],
    ['typescript', 'do {‸', '\n  a();\n} while (x);¦\nb();\n'],
    ['typescript', 'export const f = (x: number) =>‸', '\n  x +\n  1;¦\nconst g = 1;\n'],
    ['typescript', 'switch (x) {\n  case 1:‸', '\n    a();\n    break;¦\n  case 2:\n    b();\n}\n'],
    ['typescript', 'class A {\n  m() {‸\n\n  n() {}\n}\n', '\n    return 1;\n  }¦\n\n  o() {\n'],
    ['typescript', 'const a = [‸', '\n  1,\n  2,\n] as const; // two¦\nb();\n'],
    ['javascript', 'const f = async function () {‸', '\n  await a;\n};¦\nb();\n'],
    ['python', 'def f():‸', '\n    a = 1\n\n    return a¦\n\ndef g():\n'],
    ['python', '@decorated\nclass A(B):‸', '\n    x = 1\n\n    def f(self):\n        pass¦\n\n\nx = 1\n'],
    ['python', 'class A(\n    B,\n):‸', '\n    """Says so."""\n\n    b = 1¦\n\nc = 1\n'],
    ['python', 'x = {‸', '\n    "a": [\n    ],\n}¦\ny = 2\n'],
    ['go', 'func f() {‸', '\n\tfor i := range a {\n\t\tb(i)\n\t}\n}¦\n\nfunc g() {\n'],
    ['go', 'func f(x int) {\n\tswitch x {\n\tcase 1:‸\n', '\n\t\ta()\n\t\tb()¦\n\tcase 2:\n\t\tc()\n\t}\n'],
    ['rust', 'impl A {\n    fn f(&self) -> u8 {‸\n}\n', '\n        match x {\n            1 => 2,\n            _ => { 3 }\n        }\n    }¦\n\n    fn g() {\n'],
    ['c', '#ifndef A\n#define A\nint f(int x) {‸\n#endif\n', '\n  while (x) {\n#ifdef B\n    g();\n#endif\n  }\n  return 1;\n}¦\n\nint g() {\n'],
    ['c', 'struct a {‸', '\n  int x;\n};¦\nint y;\n'],
    ['java', 'class A {\n  void f() {‸\n}\n', '\n    a();\n  }¦\n\n  void g() {\n'],
    ['csharp', 'class A {\n  int F()\n  {‸\n}\n', '\n    return 1;\n  }¦\n\n  int G()\n'],
    ['php', '<?php\nclass A {\n  function f() {‸\n}\n', '\n    return 1;\n  }¦\n\n  function g() {\n'],
    ['ruby', 'class A\n  xs.each do‸\nend\n', '\n    a if x\n    while x do\n      b\n    end\n  end¦\n  c\n'],
    ['shellscript', 'for i in a; do‸', '\n  if x; then\n    b "$i"\n  fi\ndone¦\nc\n'],
    ['css', '.a {‸', '\n  color: red;\n}¦\n.b {\n'],
  ]);

  holds('goes on through the parts of a statement', [
    ['typescript', 'if (x) {‸', '\n  a();\n} else if (y) {\n  b();\n} else {\n  c();\n}¦\nd();\n'],
    ['typescript', 'if (x) {‸', '\n  a();\n}\nelse {\n  b();\n}¦\nc();\n'],
    ['typescript', 'if (x) {\n  a();\n} else {‸', '\n  b();\n}¦\nc();\n'],
    ['typescript', 'try {\n  a();\n} catch (e) {‸', '\n  b();\n} finally {\n  c();\n}¦\nd();\n'],
    ['python', 'if x:‸', '\n    a()\nelif y:\n    b()\nelse:\n    c()¦\nd()\n'],
    ['python', 'if x:\n    a()\nelif y:‸', '\n    b()\nelse:\n    c()¦\nd()\n'],
    ['python', 'try:‸', '\n    a()\nexcept E:\n    b()\nfinally:\n    c()¦\nd()\n'],
    ['go', 'func f() {\n\tif a ||\n\t\tb {‸\n', '\n\t\tc()\n\t} else {\n\t\td()\n\t}¦\n\te()\n'],
    ['rust', 'fn f() {\n    if x {‸\n', '\n        a();\n    } else {\n        b();\n    }¦\n    c();\n'],
    ['java', 'void f() {\n  try {‸\n', '\n    a();\n  } catch (E e) {\n    b();\n  } finally {\n    c();\n  }¦\n  d();\n'],
    ['csharp', 'class A {\n  void F() {\n    try\n    {‸\n  }\n}\n', '\n      a();\n    }\n    catch (E e)\n    {\n      b();\n    }¦\n    c();\n'],
    ['shellscript', 'if x; then‸', '\n  a\nelse\n  b\nfi¦\nc\n'],
    ['ruby', 'unless x\n  a\nelse‸', '\n  b\nend¦\nc\n'],
  ]);

  holds('takes along what must follow on the last line', [
    ['typescript', '  run(() => {‸', '\n    b();\n  });¦\n  c();\n'],
    ['typescript', 'it("is", async () => {‸', '\n  expect(await a()).toBe(b);\n});¦\n\nit("was", () => {\n'],
    ['typescript', 'useEffect(() => {\n  a();\n}, [‸', 'a, b]);¦\nfoo();\n'],
    ['typescript', 'const a = {\n  b: {‸\n};\n', '\n    c: 1,\n  },¦\n  d: 2,\n'],
    ['javascript', 'a(‸)', 'b, c);¦\nd();\n'],
    ['rust', 'fn f() {\n    let v: Vec<u8> = a.iter().map(|x| {‸\n}\n', '\n        x + 1\n    }).collect();¦\n    b();\n'],
    ['go', 'func f() {\n\tgo func() {‸\n}\n', '\n\t\ta()\n\t}()¦\n\tb()\n'],
  ]);

  holds('ends struct literals', [
    ['go', 'func f() error {\n\tx := T{‸\n}\n', '\n\t\tA: 1,\n\t\tB: []int{\n\t\t\t1,\n\t\t},\n\t}¦\n\treturn nil\n'],
    ['rust', 'fn f() -> P {\n    let p = P {‸\n}\n', '\n        x: 1,\n        y: vec![\n            1,\n        ],\n    };¦\n    p\n'],
  ]);

  holds('ends before a closer that stands below', [
    ['typescript', 'function f() {‸\n}\n', '\n  a();¦\n}\n\nfunction g() {\n'],
    ['typescript', 'function f() {\n  a({‸\n  });\n}\n', '\n    b: 1,¦\n  });\n  c();\n'],
    ['java', 'class A {\n  void f() {‸\n  }\n}\n', '\n    a();¦\n  }\n\n  void g() {\n'],
    ['ruby', 'loop do‸\nend\n', '\n  a\n  b unless c¦\nend\nd\n'],
    ['shellscript', 'if x; then‸\nfi\n', '\n  a¦\nfi\nb\n'],
  ]);

  holds('closes again what the editor has closed on the cursor\'s line', [
    ['typescript', 'a(b, {‸})\n', '\n  c: 1,\n});¦\nd();\n'],
    ['typescript', 'function f() {‸}\n\ng();\n', '\n  a();\n}¦\n'],
  ]);

  holds('is not misled by lines that stand further out', [
    ['typescript', 'const f = () => {‸', '\n  const t = `a\nb {${x}\n`;\n  return t;\n};¦\nd();\n'],
    ['python', 'def f(x):‸', '\n    s = """abc\ndef (\n"""\n    y = g(\na,\n    )\n    return s¦\n\n\ndef h():\n'],
    ['python', 'def f(x):‸', '\n    for a in x:\n        if a:\n            while b:\n                c()\n    return 1¦\nd()\n'],
    ['java', 'class A {\n  String f() {‸\n}\n', '\n    return """\na {\n""";\n  }¦\n\n  void g() {\n'],
    ['go', 'func f() string {‸', '\n\treturn `\na {\n`\n}¦\n\nvar x = 1\n'],
    ['rust', 'fn f() -> String {‸', '\n    "a\nb {".into()\n}¦\n\nfn g() {\n'],
  ]);

  holds('ends elements', [
    ['typescriptreact', 'function A() {\n  return (‸\n}\n', '\n    <p>\n      don\'t {xs.map((x) => (\n        <i key={x}>{x}</i>\n      ))}\n    </p>\n  );¦\n}\n'],
    ['javascriptreact', 'const a = (‸', '\n  <b>\n    {c && <d />}\n  </b>\n);¦\ne();\n'],
  ]);
});

describe('on an empty line', () => {
  holds('ends with the paragraph', [
    ['typescript', 'function f() {\n  ‸\n}\n', 'const a = 1;\n  const b = {\n    c: 1,\n\n    d: 2,\n  };¦\n\n  return a;\n}\n'],
    ['typescript', '‸', 'const a = 1;\nconst b = 2;¦\n\nfunction c() {\n'],
    ['typescript', 'class A {\n  ‸\n}\n', 'foo(): void {\n    a();\n\n    b();\n  }¦\n\n  bar(): void {\n'],
    ['typescript', 'class A {\n  ‸\n}\n', '@decorated()\n  foo(): void {\n    a();\n  }¦\n\n  bar(): void {\n'],
    ['typescript', 'const t = `\n  a {\n  ‸\n`;\n', 'b\n  }\n  c¦\n\n  d\n'],
    ['python', '‸', 'import a\nimport b¦\n\ndef f():\n'],
    ['python', 'class A:\n    ‸', 'def f(self):\n        return 1¦\n\n    # the other one\n    def g(self):\n'],
    ['ruby', 'def f(x)\n  ‸\nend\n', 'return 1 if x\n  xs.each do |y|\n    a\n\n    b\n  end\n  c¦\n\n  d\n'],
    ['css', '.a {\n  ‸\n}\n', 'color: red;\n  margin: 0;¦\n\n  top: 0;\n'],
  ]);

  holds('leaves the end of the block to what stands below', [
    ['typescript', 'function f() {\n  ‸\n}\n', 'const a = 1;\n  return a;¦\n}\n\nfunction g() {\n'],
    ['typescript', 'class A {\n  ‸\n}\n', 'foo(): void {\n    a();\n  }¦\n}\n\nclass B {\n'],
    ['typescript', 'function f(a: string,\n           b: string) {\n  ‸\n  return a;\n}\n', 'b();¦\n}\n'],
    ['typescriptreact', 'const a = (\n  <b>\n    ‸\n  </b>\n);\n', '<c>x</c>\n    {d}¦\n  </b>\n);\n'],
    ['go', 'func f() {\n\tif x {\n\t\t‸\n\t}\n}\n', 'a()\n\t\tb()¦\n\t}\n\tc()\n'],
    ['java', 'class A {\n  ‸\n}\n', '@Override\n  public int f() {\n    return 1;\n  }¦\n}\n'],
  ]);

  holds('ends the block where nothing else does', [
    ['typescript', 'function f() {\n  ‸', 'return 1;\n}¦\n\nfunction g() {\n'],
    ['typescript', 'run(() => {\n  ‸', 'a();\n});¦\nb();\n'],
    ['python', 'class A:\n    def f(self):\n        ‸\n\n    def h(self):\n        pass\n', 'for x in y:\n            a(x)\n\n            b(x)\n        return 1¦\n\n    def g(self):\n'],
    ['python', 'if x:\n    ‸\n', 'a()¦\nelse:\n    b()\n'],
    ['c', 'void f(int x) {\n  switch (x) {\n    case 1:\n      ‸\n  }\n}\n', 'a();\n      break;¦\n    default:\n      b();\n'],
  ]);

  holds('ends at top level after one declaration', [
    ['typescript', '‸', 'function f() {\n  a();\n\n  b();\n}¦\nfunction g() {\n'],
    ['typescript', 'import a from "a";\n‸', '/** Does b. */\nexport class B {\n  c = 1;\n}¦\nexport class D {\n'],
    ['python', 'import a\n\n‸', '@decorated\ndef f():\n    a()\n\n    b()¦\nx = 1\n'],
    ['go', 'package a\n\n‸', 'type T struct {\n\tA int\n}¦\nfunc f() {\n'],
    ['rust', '‸', '#[derive(Debug)]\npub struct A {\n    b: u8,\n}¦\nimpl A {\n'],
    ['c', '#ifndef A\n#define A\n\n‸\n#endif\n', 'struct a {\n  int b;\n};¦\nint c;\n'],
  ]);
});

describe('what cannot be told', () => {
  it.each<readonly [string, string, string]>([
    ['typescript', 'if (a) {‸', '\n  b(;\n}\nc();\n'],
    ['typescript', 'if (a) {‸', '\n  b(]);\n}\nc();\n'],
    ['typescript', '‸', 'function {{{\n\n((\n'],
    ['typescript', '‸', 'const a = ;\n\nb();\n'],
    ['php', 'if (a) {‸\n}\n<?php\nb();\n', '\n  b();\n}\nc();\n'],
    ['python', 'def f():‸', '\n    return )\n\nx = 1\n'],
    ['go', 'func f() {‸', '\n\tif {{\n}\n\nfunc g() {\n'],
    ['java', 'class A {\n  void f() {‸\n}\n', '\n    int = ;\n  }\n'],
  ])('has no end where the text makes no sense: %s %j %j', async (language, document, text) => {
    expect((await judge(language)).endOf(text, hole(document, language))).toBeUndefined();
  });

  it('has no end within a string that goes on', async () => {
    const stop = await judge('typescript');
    expect(stop.endOf('\n  return `a {\n}\n}\n\n', hole('function f() {‸', 'typescript'))).toBeUndefined();
    expect(stop.mayEnd('\n  return `a ({\nb\n', hole('function f() {‸', 'typescript'), '\n  return `a ({'.length)).toBe(false);
  });

  it('has no end where parsing takes too long', async () => {
    const hasty = new Grammars(wasm, undefined, -1);
    const stop = await hasty.stopFor('typescript');
    const long = hole(`${'a(b => { c(); });\n'.repeat(200)}if (a) {‸`, 'typescript');
    expect(stop?.endOf('\n  b();\n}\n', long)).toBeUndefined();
    expect(stop?.mayEnd('\n  b();\n}\n', long, 3)).toBe(true);
    hasty.dispose();
  });

  it('does not judge a line that may go on', async () => {
    const stop = await judge('typescript');
    const at = hole('if (a) {‸', 'typescript');
    expect(stop.endOf('\n  b();\n}', at)).toBeUndefined();
    expect(stop.endOf('\n  b();\n} els', at)).toBeUndefined();
    expect(stop.endOf('', at)).toBeUndefined();
    expect((await judge('python')).endOf('\n    a\nb', hole('def f():‸', 'python'))).toBeUndefined();
  });

  it('ends where something is closed that nobody has opened', async () => {
    expect(await kept('typescript', 'f();\n‸', 'g();\n}\n')).toBe('g();');
  });
});

describe('the head', () => {
  const methods = (count: number): string => Array.from({ length: count }, (_, index) => `  method${index}(a: string): string {\n    return \`\${a}\n\${a}\`;\n  }\n`).join('\n');

  it('is cut where it can be understood, however long the class', async () => {
    const above = `/** It's long. */\nexport class A extends B {\n${methods(200)}`;
    expect(above.length).toBeGreaterThan(10_000);
    expect(await kept('typescript', `${above}\n  ‸\n}\n`, 'last(a: string): void {\n    b();\n\n    c();\n  }\n\n  more(): void {\n')).toBe('last(a: string): void {\n    b();\n\n    c();\n  }');
    expect(await kept('typescript', `${above}\n  last(): void {‸\n}\n`, '\n    if (a) {\n      b();\n    }\n  }\n\n  more(): void {\n')).toBe('\n    if (a) {\n      b();\n    }\n  }');
  });

  it('is cut in the middle of a long statement', async () => {
    const list = `const a = [\n${'  { b: 1, c: "don\'t" },\n'.repeat(400)}];\n`;
    expect(await kept('typescript', `${list}if (a) {‸`, '\n  b();\n}\nc();\n')).toBe('\n  b();\n}');
    expect(await kept('typescript', `function f(\n  x: string,\n): void {\n${'  g();\n'.repeat(1000)}  if (a) {‸\n}\n`, '\n    b();\n  }\n  c();\n')).toBe('\n    b();\n  }');
    expect(await kept('python', `def f():\n${'    """a\n    b"""\n'.repeat(400)}    if a:‸\n`, '\n        b()\n    c()\n')).toBe('\n        b()');
  });

  it('keeps the whole list of parameters of a function that it is cut in', async () => {
    const body = '    if x == 1:\n        f(x)\n'.repeat(300);
    expect(await kept('python', `def f(x, y,\n      z=(1,\n         2)):\n${body}    if x:‸\n`, '\n        a()\n    else:\n        b()\n    c()\n')).toBe('\n        a()\n    else:\n        b()');
  });

  it('is not cut within a string of many lines', async () => {
    const strings = `${'x = 1\n'.repeat(200)}s = """\n${'it is (\n'.repeat(300)}"""\n${'y = 2\n'.repeat(100)}`;
    expect(await kept('python', `${strings}if x:‸\n`, '\n    a()\nb()\n')).toBe('\n    a()');
    const said = `def f():\n    """\n${'    don\'t (ever)\n'.repeat(300)}    """\n`;
    expect(await kept('python', `${said}    if x:‸\n`, '\n        a()\n    b()\n')).toBe('\n        a()');
  });

  it('may be one endless line', async () => {
    expect(await kept('javascript', `${'a();'.repeat(3000)}if (b) {‸`, '\n  c();\n}\nd();\n')).toBe('\n  c();\n}');
  });

  it('may have errors of its own', async () => {
    expect(await kept('typescript', 'const = ;\nfoo(]\n\nif (a) {‸', '\n  b();\n}\nc();\n')).toBe('\n  b();\n}');
  });

  it('is PHP where PHP was opened far above', async () => {
    const above = `<?php\nclass A {\n${'  function f() {\n    return 1;\n  }\n'.repeat(200)}`;
    expect(await kept('php', `${above}  function g() {‸\n}\n`, '\n    return 2;\n  }\n\n  function h() {\n')).toBe('\n    return 2;\n  }');
  });
});

describe('places', () => {
  holds('are UTF-16 units', [
    ['typescript', '// 日本語 😀\nif (a) {‸', '\n  b("😀漢字");\n  c(`👩‍💻\n`);\n}¦\nd("😀");\n'],
    ['python', '# 日本語 😀\ndef f():‸', '\n    return "😀漢字"¦\n\nx = "😀"\n'],
    ['rust', 'fn f() {\n    ‸\n}\n', 'let s = "😀 日本";\n    g(s);¦\n\n    h();\n'],
  ]);

  it('survive half a surrogate pair at the cursor', async () => {
    const stop = await judge('typescript');
    expect(stop.endOf('\n  b();\n}\nc();\n', hole('const s = "\ud83d"; if (a) {‸\ude00', 'typescript'))).toBe(9);
  });
});

describe('mayEnd', () => {
  it('is false where indentation would cut a string or a list in two', async () => {
    const stop = await judge('typescript');
    const at = hole('const f = () => {‸', 'typescript');
    const text = '\n  const t = `a\nb\n`;\n  return t;\n};\n';
    const byIndentation = endOf(text, at) ?? 0;
    expect(text.slice(0, byIndentation)).toBe('\n  const t = `a');
    expect(stop.mayEnd(text, at, byIndentation)).toBe(false);
    expect(stop.mayEnd(text, at, stop.endOf(text, at) ?? 0)).toBe(true);

    const python = await judge('python');
    expect(python.mayEnd('\n    y = g(\na,\n    )\n', hole('def f():‸', 'python'), '\n    y = g('.length)).toBe(false);
  });

  it('is false before an else that goes on with the statement', async () => {
    const python = await judge('python');
    const text = '\n    a()\nelse:\n    b()\nc()\n';
    expect(endOf(text, hole('if x:‸', 'python'))).toBe('\n    a()'.length);
    expect(python.mayEnd(text, hole('if x:‸', 'python'), '\n    a()'.length)).toBe(false);
    expect((await judge('typescript')).mayEnd('\n  a();\n}\nelse {\n  b();\n}\n', hole('if (x) {‸', 'typescript'), '\n  a();\n}'.length)).toBe(false);
  });

  it('is true between statements, and where nobody can tell', async () => {
    const stop = await judge('typescript');
    expect(stop.mayEnd('\n  a();\n  b();\n', hole('if (x) {‸', 'typescript'), '\n  a();'.length)).toBe(true);
    expect(stop.mayEnd('\n  a(;\n  b(;\n', hole('if (x) {‸', 'typescript'), '\n  a(;'.length)).toBe(true);
    expect(stop.mayEnd('a', hole('‸', 'typescript'), 1)).toBe(true);
  });
});

describe('Grammars', () => {
  it('has none for a language without a grammar', async () => {
    for (const language of ['plaintext', 'markdown', 'haskell', '', 'constructor', '__proto__']) expect(await grammars.stopFor(language)).toBeUndefined();
  });

  it('knows only grammars that ship', () => {
    expect([...new Set(languageIds.map((id) => languageOf(id)?.grammar))].sort()).toEqual([...shipped].sort());
    expect(grammarFiles).toEqual(expect.arrayContaining(['tree-sitter.js', 'tree-sitter.wasm', 'LICENSE']));
  });

  it('loads every grammar that ships', async () => {
    for (const id of languageIds) expect(await grammars.stopFor(id), id).toBeDefined();
  });

  it('loads a grammar once', async () => {
    const [first, second] = await Promise.all([grammars.stopFor('typescript'), grammars.stopFor('typescript')]);
    expect(second).toBe(first);
    expect(await grammars.stopFor('c')).toBe(await grammars.stopFor('cpp'));
  });

  it('reports what is missing or damaged, once, and does without', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ponder-grammars-'));
    try {
      const messages: string[] = [];
      const empty = new Grammars(folder, (message) => messages.push(message));
      expect(await empty.stopFor('go')).toBeUndefined();
      expect(await empty.stopFor('go')).toBeUndefined();
      expect(messages).toEqual([expect.stringContaining('go: ENOENT')]);

      for (const name of ['tree-sitter.js', 'tree-sitter.wasm']) await cp(path.join(wasm, name), path.join(folder, name));
      await writeFile(path.join(folder, 'tree-sitter-go.wasm'), 'no wasm');
      await writeFile(path.join(folder, 'tree-sitter-css.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
      const damaged = new Grammars(folder, (message) => messages.push(message));
      for (const language of ['go', 'css', 'java', 'go']) expect(await damaged.stopFor(language)).toBeUndefined();
      expect(messages).toHaveLength(4);
      damaged.dispose();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does without a damaged library too', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ponder-grammars-'));
    try {
      for (const name of ['tree-sitter.js', 'tree-sitter-go.wasm']) await cp(path.join(wasm, name), path.join(folder, name));
      await writeFile(path.join(folder, 'tree-sitter.wasm'), 'no wasm');
      const messages: string[] = [];
      expect(await new Grammars(folder, (message) => messages.push(message)).stopFor('go')).toBeUndefined();
      expect(messages).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has no ends any more once disposed of', async () => {
    const own = new Grammars(wasm);
    const stop = await own.stopFor('css');
    own.dispose();
    await Promise.resolve();
    expect(stop?.endOf('\n  a: b;\n}\n', hole('.a {‸', 'css'))).toBeUndefined();
    expect(stop?.mayEnd('\n  a: b;\n}\n', hole('.a {‸', 'css'), 3)).toBe(true);
    expect(await own.stopFor('css')).toBeUndefined();
  });
});

describe('any text', () => {
  const piece = fc.constantFrom('{', '}', '(', ')', '[', ']', '`', '"', '\'', '"""', '${', '\n', '\n\n', '\n  ', ':', ';', ',', ' ', 'if (a) ', 'else ', 'def f(): ', 'return ', 'class A ', '=> ', '<b>', '</b>', '/*', '*/', '// ', '# ', '😀', '語', 'a', 'end', 'do', '#if x', '#endif', '<?php ', '\ud83d');
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it.each(['typescript', 'typescriptreact', 'python', 'go', 'rust', 'c', 'java', 'php', 'ruby', 'shellscript'])('has its end within it, or none: %s', async (language) => {
    const stop = await judge(language);
    fc.assert(
      fc.property(text, text, text, (prefix, suffix, completion) => {
        const end = stop.endOf(completion, { prefix, suffix, language, indent: '  ' });
        expect(end === undefined || (Number.isInteger(end) && end >= 0 && end <= completion.length)).toBe(true);
        expect(typeof stop.mayEnd(completion, { prefix, suffix, language, indent: '  ' }, end ?? 0)).toBe('boolean');
      }),
      { numRuns: 150 },
    );
  });
});
