import { describe, expect, it } from 'vitest';
import { filesFor, importsOf } from '../../../../src/context/index/imports.ts';
import { symbolsOf } from '../../../../src/context/index/symbols.ts';

describe('symbols', () => {
  it.each([
    ['a.ts', 'export default async function load() {\n  if (x) {\n  }\n  const inner = 1;\n}\nexport abstract class Store {\n  async read(path: string): Promise<void> {\n  }\n}\nexport const limit = 1;\ninterface Row {}\ntype Id = string;\n', ['load', 'Store', 'Row', 'Id', 'limit', 'read']],
    ['a.py', 'class Cart:\n    async def add(self):\n        total = 1\n\ndef total(cart):\n    pass\nMAX_ITEMS = 3\n', ['Cart', 'add', 'total', 'MAX_ITEMS']],
    ['a.go', 'type Server struct {\n}\nfunc (s *Server) Serve() {\n}\nfunc main() {}\n', ['Serve', 'main', 'Server']],
    ['a.rs', 'pub(crate) struct Engine;\nimpl Engine {\n    pub async fn run(&self) {}\n}\nmacro_rules! foo {}\n', ['Engine', 'run', 'foo']],
    ['A.java', 'public final class Account {\n    private static int count(String a) {\n        return helper(a);\n    }\n}\n', ['Account', 'count']],
    ['a.cpp', '#define LIMIT 3\nstruct Node {\n};\nint Node::depth(int a)\n{\n  return call(a);\n}\n', ['Node', 'LIMIT', 'depth']],
    ['a.rb', 'class Post\n  def self.find(id)\n  end\nend\n', ['Post', 'find']],
    ['a.sql', 'CREATE TABLE IF NOT EXISTS orders (id int);\n', ['orders']],
    ['a.md', '# The index\n\ntext\n## How to build\n', ['The index', 'How to build']],
    ['a.json', '{"class Foo": 1}', []],
  ])('of %s are what it defines', (path, text, names) => {
    expect(symbolsOf(path, text)).toEqual(names);
  });

  it.each(['a.ts', 'a.py', 'a.java', 'a.cpp', 'a.sql', 'a.rs'])('make an end with a hostile %s', (path) => {
    // A pattern that goes wrong would take longer than a test may.
    for (const piece of [' ', 'public ', 'a ', 'export ', 'x<', '(', 'const ', 'a::']) expect(symbolsOf(path, piece.repeat(100_000 / piece.length)).length).toBeLessThan(2);
  });
});

describe('imports', () => {
  it('lead from their file to others, in JavaScript and TypeScript', () => {
    const text = "import { a } from './b.ts';\nimport x from '../c/d';\nexport * from './e';\nconst f = require('./f.cjs');\nawait import('./g');\nimport y from 'react';\nimport '../../../out';\n";
    expect(importsOf('src/a/index.ts', text)).toEqual(['src/a/b.ts', 'src/c/d', 'src/a/e', 'src/a/f.cjs', 'src/a/g']);
    expect(filesFor('src/a/f.js')).toContain('src/a/f.ts');
    expect(filesFor('src/c/d')).toEqual(expect.arrayContaining(['src/c/d.ts', 'src/c/d/index.ts', 'src/c/d.py', 'src/c/d/__init__.py']));
  });

  it('lead from their file to others, in Python', () => {
    const found = importsOf('shop/orders/total.py', 'from .cart import Cart\nfrom ..money import (Amount,\n  tax)\nfrom shop.util import x\nimport shop.models, json\n');
    expect(found).toEqual(expect.arrayContaining(['shop/orders/cart', 'shop/money', 'shop/money/tax', 'shop/util', 'src/shop/util', 'shop/models']));
  });
});
