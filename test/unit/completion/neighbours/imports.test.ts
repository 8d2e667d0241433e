import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importedNames, type Place } from '../../../../src/completion/neighbours/imports.ts';
import { questionsOf, type Question } from '../../../../src/completion/neighbours/uses.ts';

/** Each name as `name`, a module as `name*`; all of them where they are said to be. */
function names(text: string, language: string): string[] {
  return importedNames(text, language).map(({ name, module, place }) => {
    const written = text.split('\n')[place.line]?.slice(place.character);
    if (language !== 'go') expect(written?.startsWith(name)).toBe(true);
    return `${name}${module ? '*' : ''}`;
  });
}

describe('importedNames', () => {
  it.each(['typescript', 'javascriptreact', 'vue'])('of %s', (language) => {
    const text = [
      "import 'side-effect';",
      "import React, { useState, type FC as Component } from 'react'",
      "import type { Cart } from './cart.ts';",
      'import {',
      '  one, // the first',
      '  two as second, /* the second */',
      "} from './many';",
      "import * as path from 'node:path';",
      "import type Only from './only';",
      "const { a, b: c } = require('./old');",
      "  let fs = require('fs')",
      "const lazy = await import('./lazy');",
      "export { not } from './here';",
    ].join('\r\n');
    expect(names(text, language)).toEqual(['React', 'useState', 'Component', 'Cart', 'one', 'second', 'path*', 'Only', 'a', 'c', 'fs']);
  });

  it('of Python', () => {
    const text = [
      'import os, numpy as np',
      'import app.text',
      'from . import sibling',
      'from app.models import (',
      '    User,  # a person',
      '    Cart as Basket,',
      ')',
      'from a import b, \\',
      '    c  # d',
      'from z import *',
      '    from late import inner',
    ].join('\n');
    expect(names(text, 'python')).toEqual(['os*', 'np*', 'app.text*', 'sibling', 'User', 'Basket', 'b', 'c', 'inner']);
  });

  it('of Go', () => {
    const text = ['package main', 'import "fmt"', 'import (', '\t"net/http" // web', '\talias "example.com/go-things/v2"', '\t"gopkg.in/yaml.v3"', '\t"example.com/tool/v2"', '\t_ "side"', ')'].join('\n');
    expect(names(text, 'go')).toEqual(['fmt*', 'http*', 'alias*', 'yaml*', 'tool*']);
  });

  it('of Rust', () => {
    const text = ['use std::fmt::{self, Display};', 'pub(crate) use crate::cart::Cart as Basket;', 'use a::{b::{C, D}, e::*};', 'mod text;', 'pub mod util;', 'mod tests {'].join('\n');
    expect(names(text, 'rust')).toEqual(['Display', 'Basket', 'C', 'D', 'text*', 'util*']);
  });

  it('of Java, Kotlin and C#', () => {
    expect(names('package a;\nimport java.util.List;\nimport static a.B.sum;\nimport a.b.*;\n', 'java')).toEqual(['List', 'sum']);
    expect(names('import a.b.Cart as Basket\n', 'kotlin')).toEqual(['Basket']);
    expect(names('using System;\nglobal using Map = A.B.Dictionary;\n', 'csharp')).toEqual(['System*', 'Map']);
  });

  it('of no other language, and not far into a file', () => {
    expect(names("import { a } from 'b';", 'plaintext')).toEqual([]);
    expect(names(`${'\n'.repeat(500)}import { a } from 'b';`, 'typescript')).toEqual([]);
  });

  it('a source is the same while other names come and go, and another for another module', () => {
    const source = (text: string): string | undefined => importedNames(text, 'typescript').find(({ name }) => name === 'a')?.source;
    expect(source("import { a } from './x';")).toBe(source("import { a, b } from './x';"));
    expect(source("import { a } from './x';")).not.toBe(source("import { a } from './y';"));
    expect(source("import { b as a } from './x';")).not.toBe(source("import { a } from './x';"));
  });

  it('takes no time over files that were made to take long', () => {
    const worst = ['import ', 'import {', 'from a import (', 'use ', 'const x', 'import\t"', ' ', ',', '"', "'", 'a', '/*', '//', '(', '{', '\n', '.'];
    fc.assert(
      fc.property(fc.constantFrom(...worst), fc.constantFrom(...worst), fc.constantFrom('typescript', 'python', 'go', 'rust', 'java', 'csharp'), (start, rest, language) => {
        const text = Array.from({ length: 100 }, () => start + rest.repeat(600)).join('\n');
        const began = performance.now();
        importedNames(text, language);
        expect(performance.now() - began).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});

describe('questionsOf', () => {
  function questions(text: string, language: string, most = 10): Question[] {
    const lines = text.split('\n');
    return questionsOf(importedNames(text, language), lines, { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }, language, most);
  }

  const wordAt = (text: string, { line, character }: Place): string => /^[\p{L}\p{N}_$]+/u.exec(text.split('\n')[line]?.slice(character) ?? '')?.[0] ?? '';

  function asked(text: string, language: string, most = 10): string[] {
    return questions(text, language, most).map(({ place }) => wordAt(text, place));
  }

  it('asks for the names in use, the nearest first, then for the others', () => {
    const text = "import { a, b, c } from './x';\nb();\nx.c;\na(...c);\n";
    expect(asked(text, 'typescript')).toEqual(['a', 'c', 'b']);
    expect(asked("import { a, b, c } from './x';\nb();\nx.c;\n", 'typescript')).toEqual(['b', 'a', 'c']);
    expect(asked(text, 'typescript', 1)).toEqual(['a']);
    // Members of something else, and the import itself, are no uses.
    expect(asked("import { a, b } from './x';\na();\nget().b;\n", 'typescript')).toEqual(['a', 'b']);
    expect(asked("import { a } from './x';\na();\nimport { b } from './y';\n", 'typescript')).toEqual(['a', 'b']);
  });

  it('asks for the members of what is used by members', () => {
    expect(asked("import * as text from './text';\nimport { log } from './log';\nlog.info(text.wrap(text?.pad()));\n", 'typescript')).toEqual(['log', 'info', 'wrap', 'pad']);
    expect(asked('import app.text\nimport os\napp.text.wrap()\napp.other\n', 'python')).toEqual(['wrap']);
    expect(asked('use a::Cart;\nlet c = Cart::new();\n', 'rust')).toEqual(['Cart', 'new']);
    expect(asked('import "net/http"\nhttp.Get()\nhttp.Get()\n', 'go')).toEqual(['Get']);
  });

  it('asks C# for what is written large', () => {
    expect(asked('using System;\nvar cart = new Cart();\ncart.Add(Item.Of(1));\n', 'csharp')).toEqual(['Item', 'Cart']);
  });

  it('a question is the same wherever the name is used', () => {
    const keys = (text: string): string[] => questions(text, 'go').map(({ key }) => key);
    expect(keys('import "fmt"\nfmt.Print()\n')).toEqual(keys('import "fmt"\n\n\n  fmt.Print()\nfmt.Print'));
  });

  it('the lines are those up to the cursor', () => {
    const imports = importedNames('import "fmt"', 'go');
    expect(questionsOf(imports, ['x', 'fmt.Print()', ''], { line: 300, character: 0 }, 'go', 5)[0]?.place).toEqual({ line: 299, character: 4 });
  });

  it('tells what is being typed', () => {
    const unfinished = (text: string, language: string): string[] => questions(text, language).flatMap((one) => (one.unfinished ? [wordAt(text, one.place)] : []));
    expect(unfinished("import { a } from './a';\nimport { b } from './", 'typescript')).toEqual(['b']);
    expect(unfinished('import os\nos.path\nos.pa', 'python')).toEqual(['pa']);
    expect(unfinished('import os\nos.path(', 'python')).toEqual([]);
  });
});
