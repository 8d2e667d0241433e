/** What becomes of a model's raw text, language by language: the document after the suggestion is accepted. */
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/completion/finish/index.ts';

type Golden = readonly [name: string, document: string, raw: string, accepted: string];

const indents: Readonly<Record<string, string>> = { python: '    ', rust: '    ', c: '    ', shellscript: '    ', go: '\t', makefile: '\t' };

/** `‸` is the cursor. */
function accepted(language: string, document: string, raw: string, indent = indents[language] ?? '  '): string {
  const [prefix = '', suffix = ''] = document.split('‸');
  const finished = finish(raw, { prefix, suffix, language, indent });
  return 'filtered' in finished ? `filtered: ${finished.filtered}` : prefix + finished.text + suffix.slice(finished.replaces);
}

const goldens: Readonly<Record<string, readonly Golden[]>> = {
  typescript: [
    ['the body of a method', 'class A {\n  get b() {\n    ‸\n  }\n}\n', '    return this.#b;\n  }\n}\n', 'class A {\n  get b() {\n    return this.#b;\n  }\n}\n'],
    ['the rest of a statement', 'const sum = ‸\n', 'first + second;', 'const sum = first + second;\n'],
    ['what stands between quotes', "import { a } from '‸';\n", "./a.js';", "import { a } from './a.js';\n"],
    ['an object on its line', 'const a = {‸};\n', ' b: 1 }', 'const a = { b: 1 };\n'],
    ['a template string', 'const a = `‸`;\n', 'Hello, ${name}!`;', 'const a = `Hello, ${name}!`;\n'],
    ['the end of a placeholder that was closed', 'const a = `Hello, ${‸}`;\n', 'user.name}!`;', 'const a = `Hello, ${user.name}!`;\n'],
    ['an argument of two', 'add(‸, b);\n', 'a, b);', 'add(a, b);\n'],
    ['the inner of two calls', 'one(two(‸))\n', 'x))', 'one(two(x))\n'],
    ['a call within two', 'one(two(‸))\n', 'three(x)', 'one(two(three(x)))\n'],
    ['a callback, and what it closes', 'items.map(‸)\n', '(item) => {\n  return item;\n});', 'items.map((item) => {\n  return item;\n});\n'],
    ['a callback with more behind it', 'items.filter(‸).length;\n', '(item) => item.done).length;', 'items.filter((item) => item.done).length;\n'],
    ['a block whose brace was closed', '  if (a) {‸}\n', '\n    b();\n  }', '  if (a) {\n    b();\n  }\n'],
    ['a block at the margin whose brace was closed', 'if (a) {‸}\n', '\n  b();\n}', 'if (a) {\n  b();\n}\n'],
    ['a callback whose end was closed', 'it("a", () => {‸});\n', '\n  b();\n});', 'it("a", () => {\n  b();\n});\n'],
    ['an else', 'if (a) {\n  b();\n}‸\n', ' else {\n  c();\n}', 'if (a) {\n  b();\n} else {\n  c();\n}\n'],
    ['JSX', '<ul>\n  ‸\n</ul>;\n', '{items.map((item) => (\n    <li key={item}>{item}</li>\n  ))}\n</ul>;', '<ul>\n  {items.map((item) => (\n    <li key={item}>{item}</li>\n  ))}\n</ul>;\n'],
    ['documentation that was begun', '/**\n * Adds ‸\n */\n', 'two numbers.\n */', '/**\n * Adds two numbers.\n */\n'],
  ],
  python: [
    ['the body of a function', 'def area(self):\n    ‸\n\ndef other():\n    pass\n', '    return self.w * self.h\n\ndef other():\n    pass', 'def area(self):\n    return self.w * self.h\n\ndef other():\n    pass\n'],
    ['a block below its colon', 'for a in b:‸\n', '\n    c(a)\n    d(a)\n', 'for a in b:\n    c(a)\n    d(a)\n'],
    ['an f-string', 'print(f"‸")\n', '{name}: {len(items)}")', 'print(f"{name}: {len(items)}")\n'],
    ['a comprehension', 'a = [‸]\n', 'b for b in range(10)]', 'a = [b for b in range(10)]\n'],
    ['a dictionary', 'a = {‸}\n', '"b": 1, "c": [2, 3]}', 'a = {"b": 1, "c": [2, 3]}\n'],
    ['a docstring and code', 'def f():\n    ‸\n', '"""Adds."""\n    return 1', 'def f():\n    """Adds."""\n    return 1\n'],
    ['what stands before a comment', 'a = ‸  # note\n', '1  # note', 'a = 1  # note\n'],
    ['tabs where the document has spaces', 'if a:‸\n', '\n\tif b:\n\t\tc()', 'if a:\n    if b:\n        c()\n'],
    ['a comment alone', 'a = 1\n‸\n', '# Then b', 'filtered: emptiness'],
    ['an apostrophe in a comment', "# It's one (of two\nf(‸)\n", "'a', b)", "# It's one (of two\nf('a', b)\n"],
  ],
  go: [
    ['a check and what follows', 'func Load() (*Config, error) {\n\tdata, err := read()\n\t‸\n}\n', 'if err != nil {\n\t\treturn nil, err\n\t}\n\treturn parse(data)\n}\n', 'func Load() (*Config, error) {\n\tdata, err := read()\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\treturn parse(data)\n}\n'],
    ['a tag of a field', 'type A struct {\n\tName string ‸\n}\n', '`json:"name"`', 'type A struct {\n\tName string `json:"name"`\n}\n'],
    ['a goroutine', 'go func() {‸}()\n', '\n\t\twork()\n\t}()', 'go func() {\n\t\twork()\n\t}()\n'],
    ['spaces where the document has tabs', 'func f() {\n\t‸\n}\n', 'if a {\n        b()\n    }', 'func f() {\n\tif a {\n\t\tb()\n\t}\n}\n'],
    ['a rune that is a bracket', 'func f(r rune) bool {\n\treturn ‸\n}\n', "r == '}' || r == ')'", "func f(r rune) bool {\n\treturn r == '}' || r == ')'\n}\n"],
    ['a brace too many on the line', 'func f() int {\n\t‸\n}\n', 'return 1 }', 'func f() int {\n\treturn 1\n}\n'],
  ],
  rust: [
    ['the arms of a match', 'match a {\n    ‸\n}\n', 'Some(n) => n + 1,\n    None => 0,\n}', 'match a {\n    Some(n) => n + 1,\n    None => 0,\n}\n'],
    ['characters that are brackets', 'match c {\n    ‸\n}\n', "'{' => depth += 1,\n    '}' => depth -= 1,\n    _ => {}\n}", "match c {\n    '{' => depth += 1,\n    '}' => depth -= 1,\n    _ => {}\n}\n"],
    ['the rest of a signature', 'fn add(a: i32, ‸', 'b: i32) -> i32 {', 'fn add(a: i32, b: i32) -> i32 {'],
    ['a type between angles', 'let a: Vec<‸> = b;\n', 'Option<u8>', 'let a: Vec<Option<u8>> = b;\n'],
    ['a closure', 'a.iter().map(‸)\n', '|b| b.len())', 'a.iter().map(|b| b.len())\n'],
    ['a macro', 'println!("‸");\n', '{}", a);', 'println!("{}", a);\n'],
    ['an attribute', '‸\nstruct A;\n', '#[derive(Debug, Clone)]\nstruct A;', '#[derive(Debug, Clone)]\nstruct A;\n'],
  ],
  c: [
    ['the head of a loop and its body', 'for (‸)\n', 'int i = 0; i < n; i++) {\n    sum += a[i];\n}', 'for (int i = 0; i < n; i++) {\n    sum += a[i];\n}\n'],
    ['an include', '#include <‸>\n', 'stdio.h>', '#include <stdio.h>\n'],
    ['an include, whole', '‸\n', '#include <stdio.h>\n#include <stdlib.h>', '#include <stdio.h>\n#include <stdlib.h>\n'],
    ['the size of an array', 'int a[‸];\n', '10];', 'int a[10];\n'],
    ['cases of a switch', 'switch (c) {\n    ‸\n}\n', "case '{':\n        depth++;\n        break;\n}", "switch (c) {\n    case '{':\n        depth++;\n        break;\n}\n"],
    ['a loop and the end of the function', 'int sum(void) {\n    ‸\n    return total;\n}\n', 'for (;;) {\n        next();\n    }\n    return total;\n}', 'int sum(void) {\n    for (;;) {\n        next();\n    }\n    return total;\n}\n'],
    ['a comment alone', 'int a;\n‸\n', '/* Then b */', 'filtered: emptiness'],
  ],
  html: [
    ['items of a list', '<ul>\n  ‸\n</ul>\n', '<li>One</li>\n  <li>Two</li>\n</ul>', '<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>\n'],
    ['an attribute', '<div class="‸"></div>\n', 'card"></div>', '<div class="card"></div>\n'],
    ['an attribute and its element', '<a href="‸">\n', 'https://example.com">Link</a>', '<a href="https://example.com">Link</a>\n'],
    ['the text of an element', '<p>‸</p>\n', 'Hello (all)</p>', '<p>Hello (all)</p>\n'],
    ['an element within another', '<div>‸</div>\n', '<p>a</p>', '<div><p>a</p></div>\n'],
    ['an apostrophe in the text', "<p>It's ‸</p>\n", 'fine (really)</p>', "<p>It's fine (really)</p>\n"],
    ['a comment that was begun', '<!-- ‸ -->\n', 'TODO -->', '<!-- TODO -->\n'],
    ['a comment alone', '<p>\n  ‸\n</p>\n', '<!-- TODO -->', 'filtered: emptiness'],
  ],
  markdown: [
    ['an item of a list', '- [ ] ‸\n- [x] Eat\n', 'Sleep\n- [x] Eat', '- [ ] Sleep\n- [x] Eat\n'],
    ['a line break', '‸', 'One  \nTwo  ', 'One  \nTwo'],
    ['a line break before CRLF', '‸', 'One  \r\nTwo', 'One  \nTwo'],
    ['a heading', '‸', '# Title\n\nText.\n\n', '# Title\n\nText.'],
    ['a link', '[a](‸)\n', 'https://example.com/b)', '[a](https://example.com/b)\n'],
    ['a block of code', '```ts\n‸\n```\n', 'a();\n```', '```ts\na();\n```\n'],
    ['a row of a table', '| a | b |\n|---|---|\n| ‸\n', '1 | 2 |', '| a | b |\n|---|---|\n| 1 | 2 |\n'],
  ],
  css: [
    ['properties, and no other rule', 'p {\n  ‸\n}\n', 'margin: 0;\n  color: red;\n}\n\na {\n  color: blue;\n}', 'p {\n  margin: 0;\n  color: red;\n}\n'],
  ],
  ruby: [
    ['a method up to its end', 'def f\n  ‸\nend\n', 'a = 1\n  a + 1\nend', 'def f\n  a = 1\n  a + 1\nend\n'],
  ],
  sql: [
    ['a condition', 'select * from t where (‸)\n', 'a = 1 and b = 2)', 'select * from t where (a = 1 and b = 2)\n'],
  ],
  json: [
    ['a property that has an object', '{\n  "a": 1,\n  ‸\n}\n', '"b": {\n    "c": 2\n  }\n}', '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n'],
  ],
};

describe.each(Object.entries(goldens))('in %s', (language, cases) => {
  it.each(cases)('%s', (_, document, raw, result) => {
    expect(accepted(language, document, raw)).toBe(result);
  });
});

describe('in any language', () => {
  it.each<Golden>([
    ['CRLF becomes the document\'s line end', 'if (a) {\n  ‸\n}\n', 'b();\r\n  c();\r\n}\r\n', 'if (a) {\n  b();\n  c();\n}\n'],
    ['CRLF does not hide what stands below', 'if (a) {\n  ‸\n  last();\n}\n', 'b();\r\n  last();\r\n', 'if (a) {\n  b();\n  last();\n}\n'],
    ['CRLF does not hide a loop', '‸', 'a();\r\na();\r\na();\r\n', 'a();'],
    ['CJK', 'print("‸")\n', '你好，世界")', 'print("你好，世界")\n'],
    ['full-width brackets need no partner', 'const a = "‸";\n', '），你好（', 'const a = "），你好（";\n'],
    ['emoji', 'say("‸");\n', '👋🏽 hi");', 'say("👋🏽 hi");\n'],
    ['emoji, and more behind the bracket', 'f(‸);\n', '"👨‍👩‍👧") + g', 'f("👨‍👩‍👧") + g;\n'],
    ['characters beyond the basic plane, said again', 'const 𝒳𝒴 = ‸\n', 'const 𝒳𝒴 = 𝒵;', 'const 𝒳𝒴 = 𝒵;\n'],
    ['letters of right-to-left scripts', 'say("‸");\n', 'שלום");', 'say("שלום");\n'],
    ['the line begun, said again with its indentation', '    return ‸\n', '    return a;', '    return a;\n'],
    ['lines above, said again', 'one();\ntwo();\n‸\n', 'one();\ntwo();\n', 'filtered: prompt-echo'],
    ['one line above, which may be meant', 'next();\n‸\n', 'next();', 'next();\nnext();\n'],
    ['only what the line goes on with', 'f(‸);\n', ');', 'filtered: suffix-overlap'],
    ['only the line below', 'one();‸\ntwo();\n', '\ntwo();', 'filtered: suffix-overlap'],
    ['the line below, after a blank one', 'one();\n‸\n\ntwo();\n', 'three();\n\ntwo();\nfour();', 'one();\nthree();\n\ntwo();\n'],
    ['a bracket below that is like one of its own', 'f(() => {\n  ‸\n});\n', 'g(() => {\n    h();\n  });', 'f(() => {\n  g(() => {\n    h();\n  });\n});\n'],
    ['only a bracket that closes nothing', 'a();\n‸\n', '}', 'filtered: unbalanced'],
    ['brackets closed in the wrong order', 'const a = ‸;\n', 'f([1)]', 'const a = f([1;\n'],
    ['blank lines and spaces at the end', '‸\n', 'a();  \n\n  \n', 'a();\n'],
    ['a blank line in the middle', '‸\n', 'a();\n\nb();\n', 'a();\n\nb();\n'],
    ['a space before the rest of the line', 'const ‸= 1;\n', 'a ', 'const a = 1;\n'],
    ['a space at the beginning', 'return‸;\n', ' a;', 'return a;\n'],
    ['nothing but blanks', 'a‸\n', ' \n\t\n', 'filtered: model'],
    ['nothing but comments and blanks', 'a();\n‸\n', '\n// TODO\n\n/* later */\n', 'filtered: emptiness'],
    ['a comment behind code', 'a();‸\n', ' // TODO', 'a(); // TODO\n'],
  ])('%s', (_, document, raw, result) => {
    expect(accepted('typescript', document, raw)).toBe(result);
  });

  it('is indented by one step deeper than the cursor, if the model says so', () => {
    expect(accepted('typescript', 'if (a)\n  ‸\n', '    b();')).toBe('if (a)\n    b();\n');
    expect(accepted('python', 'if a:\n\t‸\n', '\tb()\n\tc()', '\t')).toBe('if a:\n\tb()\n\tc()\n');
  });
});

/** Where it is easy to go wrong: each of these once did. */
const pitfalls: Readonly<Record<string, readonly (readonly [name: string, language: string, document: string, raw: string, accepted: string])[]>> = {
  'the end of the line is cut from a text it belongs to': [
    ['a call between brackets', 'python', 'print(‸)\n', 'len(items)', 'print(len(items))\n'],
    ['an index between brackets', 'typescript', 'const a = [‸]\n', 'b[0]', 'const a = [b[0]]\n'],
    ['a call as the last argument', 'typescript', 'f(a, ‸)\n', 'g(b)', 'f(a, g(b))\n'],
    ['a call that is closed once', 'typescript', 'f(g(‸))\n', 'h(x))', 'f(g(h(x)))\n'],
    ['a type between angles', 'rust', 'let a: Vec<‸>\n', 'Option<u8>', 'let a: Vec<Option<u8>>\n'],
    ['quotes within quotes', 'typescript', 'const a = "‸"\n', 'say \\"hi\\"', 'const a = "say \\"hi\\""\n'],
    ['a tag within its like', 'html', '<div id="a">‸</div>\n', '<div>b</div>', '<div id="a"><div>b</div></div>\n'],
    ['a link with brackets', 'markdown', '[a](‸)\n', 'https://example.com/b_(c)', '[a](https://example.com/b_(c))\n'],
  ],
  'the end of the line is taken though the text does not bring it': [
    ['a comma after a bracket', 'typescript', 'f({\n  a: [‸],\n});\n', '1, 2]', 'f({\n  a: [1, 2],\n});\n'],
    ['a semicolon after a bracket', 'typescript', 'f(‸);\n', '() => { a(); })', 'f(() => { a(); });\n'],
    ['an angle', 'typescript', 'let a: Map<‸>\n', 'string, () => void', 'let a: Map<string, () => void>\n'],
    ['a quote', 'typescript', "const a = '‸'\n", "don\\'t", "const a = 'don\\'t'\n"],
  ],
  'the end of the line is said twice': [
    ['a quote, and more of the line', 'typescript', 'say("‸", b);\n', 'hello"', 'say("hello", b);\n'],
    ['an angle, and more of the line', 'rust', 'let a: Vec<‸> = b;\n', 'u8>', 'let a: Vec<u8> = b;\n'],
  ],
  'the rest of the line loses a line of its own': [
    ['the end of a callback and other arguments', 'typescript', 'useEffect(() => {‸}, []);\n', '\n  load();\n}, []);', 'useEffect(() => {\n  load();\n}, []);\n'],
    ['a closing tag', 'html', '<div>‸</div>\n', '\n  <p>a</p>\n</div>', '<div>\n  <p>a</p>\n</div>\n'],
  ],
  'the next line is said twice': [
    ['on a line of its own', 'typescript', 'function f(a) {\n  ‸\n  return a;\n}\n', 'return a;', 'filtered: suffix-overlap'],
    ['with what follows it', 'typescript', 'function f(a) {\n  ‸\n  return a;\n}\n', '  return a;\n}\n', 'filtered: suffix-overlap'],
    ['indented in another way', 'go', 'func f() int {\n\ta := 1\n\t‸\n\treturn a\n}\n', 'a++\n    return a\n}', 'func f() int {\n\ta := 1\n\ta++\n\treturn a\n}\n'],
    ['in a script without Latin letters', 'markdown', '# 标题\n\n‸\n第二段。\n', '第一段。\n第二段。\n第三段。', '# 标题\n\n第一段。\n第二段。\n'],
  ],
  'a bracket is no bracket': [
    ['in a list', 'markdown', '‸', '1) First\n2) Second', '1) First\n2) Second'],
    ['in a smiley', 'markdown', '‸', 'Done :)\nNext', 'Done :)\nNext'],
    ['in a string that was begun', 'python', 'print("‸")\n', 'Bye :)', 'print("Bye :)")\n'],
    ['in a pattern of the shell', 'shellscript', 'case $1 in\n    ‸\nesac\n', 'start)\n        run\n        ;;', 'case $1 in\n    start)\n        run\n        ;;\nesac\n'],
  ],
  'a lifetime is no quote': [
    ['in a signature', 'rust', "fn longest<'a>(x: &'a str, ‸", 'y: i32) -> i32 {', "fn longest<'a>(x: &'a str, y: i32) -> i32 {"],
    ['around a body', 'rust', "fn s(&'a self) -> &'a str {\n    ‸\n}\n", 'self.s }', "fn s(&'a self) -> &'a str {\n    self.s\n}\n"],
  ],
  'code is no comment': [
    ['through a pointer', 'c', 'void f(int *p) {\n    ‸\n}\n', '*p = 1;', 'void f(int *p) {\n    *p = 1;\n}\n'],
    ['for everything', 'css', '‸\n', '* { margin: 0; }', '* { margin: 0; }\n'],
    ['behind a type', 'javascript', '‸\n', '/** @type {number} */ let a = 1;', '/** @type {number} */ let a = 1;\n'],
    ['that names its interpreter', 'shellscript', '‸', '#!/bin/bash', '#!/bin/bash'],
  ],
  'a comment goes on': [
    ['that was begun on the line above', 'typescript', '/**\n * Adds.\n ‸\n', '* @returns their sum\n */', '/**\n * Adds.\n * @returns their sum\n */\n'],
  ],
  'indentation loses a level': [
    ['of two spaces, for tabs', 'python', 'def f(a):‸\n', '\n  if a:\n    b()', 'def f(a):\n\tif a:\n\t\tb()\n'],
  ],
  'a line break is no end': [
    ['of a text that ends with a line end', 'markdown', '‸', 'One  \nTwo  \n', 'One  \nTwo'],
  ],
  'a loop is not what it seems': [
    ['where closing tags repeat', 'html', '<div>\n<div>\n<div>\n‸\n', '<p>a</p>\n</div>\n</div>\n</div>', '<div>\n<div>\n<div>\n<p>a</p>\n</div>\n</div>\n</div>\n'],
    ['where a script without Latin letters repeats', 'markdown', '‸', '你好。\n你好。\n你好。', '你好。'],
  ],
};

describe.each(Object.entries(pitfalls))('a pitfall: %s', (_, cases) => {
  it.each(cases)('%s', (name, language, document, raw, result) => {
    expect(accepted(language, document, raw, name.endsWith('for tabs') ? '\t' : undefined)).toBe(result);
  });
});
