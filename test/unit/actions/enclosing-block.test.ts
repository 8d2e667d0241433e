import { describe, expect, it } from 'vitest';
import { endOfBlock, enclosingBlock, leadingStart } from '../../../src/actions/enclosing-block.ts';

/** The block around the line with the caret `‸`, as text. */
function blockAround(text: string): string | undefined {
  const lines = text.replace(/^\n|\n$/g, '').split('\n');
  const at = lines.findIndex((line) => line.includes('‸'));
  const clean = lines.map((line) => line.replace('‸', ''));
  const block = enclosingBlock(clean, at);
  return block && clean.slice(block.start, block.end).join('\n');
}

const python = `
import os

class Cart:
    """What is bought."""

    @property
    @cached(
        size=2,
    )
    def total(self):
        # all of it
        result = 0
        for item in self.items:
            if item.price:

                result += item.price
        else:
            log()

        return result

    def clear(self):
        self.items = []

def after(a,
          b):
    return a
`;
const total = python.slice(python.indexOf('    @property'), python.indexOf('\n\n    def clear'));
const cart = python.slice(python.indexOf('class Cart'), python.indexOf('\n\ndef after'));

const typescript = `
import { a } from './a.ts';

/**
 * Sums.
 */
export function total(
  items: readonly Item[],
): number {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }

  if (sum > 9) {
    return 9;
  } else {
    return sum;
  }
}

export class Cart {
  readonly #items: Item[] = [];

  // Adds one.
  add(item: Item): void {
    this.#items.push({
      ...item,
      count: 1,
    });
  }
}

const limit = 3;
`;
const sums = typescript.slice(typescript.indexOf('/**'), typescript.indexOf('\n\nexport class'));
const add = typescript.slice(typescript.indexOf('  // Adds'), typescript.indexOf('\n}\n\nconst limit'));
const tsCart = typescript.slice(typescript.indexOf('export class'), typescript.indexOf('\n\nconst limit'));

/** The caret behind the first place of `text`. */
const caret = (source: string, text: string): string => source.replace(text, `${text}‸`);

describe('enclosingBlock', () => {
  it.each([
    ['a decorator', '@property', total],
    ['a decorator of several lines', 'size=2', total],
    ['the first line', 'def total', total],
    ['a comment inside', '# all of it', total],
    ['a statement', 'result = 0', total],
    ['a nested block', 'result += item.price', total],
    ['a branch', 'else:', total],
    ['the last line', 'return result', total],
    ['a blank line inside', 'if item.price:\n', total],
    ['a blank line between members', 'return result\n', cart],
    ['a member of the class', '"""What', cart],
  ])('in Python, at %s', (_, at, block) => {
    expect(blockAround(caret(python, at))).toBe(block);
  });

  it('takes the first lines of a definition, however many', () => {
    expect(blockAround(caret(python, 'return a'))).toBe('def after(a,\n          b):\n    return a');
    expect(blockAround(caret(python, 'def after(a,'))).toBe('def after(a,\n          b):\n    return a');
  });

  it.each([
    ['a comment above', ' * Sums', sums],
    ['the first line', 'export function total(', sums],
    ['a parameter', 'items: readonly', sums],
    ['the end of the parameters', '): number {', sums],
    ['a statement', 'let sum', sums],
    ['a nested block', 'sum += ', sums],
    ['a blank line inside', 'item.price;\n  }\n', sums],
    ['a branch', '} else {', sums],
    ['the end', 'return sum;\n  }\n}', sums],
    ['a method', 'count: 1', add],
    ['the end of a method', '    });\n  }', add],
    ['the comment of a method', '// Adds', add],
    ['a field', 'readonly #items', tsCart],
    ['the end of a class', '    });\n  }\n}', tsCart],
  ])('in TypeScript, at %s', (_, at, block) => {
    expect(blockAround(caret(typescript, at))).toBe(block);
  });

  it.each([
    ['an import', "'./a.ts';"],
    ['a constant', 'const limit'],
    ['a blank line between definitions', 'return sum;\n  }\n}\n'],
  ])('is nothing around %s at the top', (_, at) => {
    expect(blockAround(caret(typescript, at))).toBeUndefined();
  });

  it('knows braces on lines of their own, and what stands at the margin', () => {
    const c = '#include <a.h>\nint main(int argc)\n{\n#ifdef DEBUG\n    log(argc);\n#endif\n    if (argc)\n    {\n        return‸ 1;\n    }\n    return 0;\n}\n\nint other;';
    expect(blockAround(c)).toBe(c.slice(c.indexOf('int main'), c.indexOf('\n\nint other')).replace('‸', ''));
  });

  it('knows attributes and tabs', () => {
    const rust = 'use a;\n\n#[test]\nfn holds() {\n\tlet a = 1;\n\n\tassert!(a ‸== 1);\n}';
    expect(blockAround(rust)).toBe(rust.slice(rust.indexOf('#[test]')).replace('‸', ''));
    const sharp = 'class A\n{\n\t[Fact]\n\tpublic void Holds()\n\t{\n\t\tvar a = 1;‸\n\t}\n}';
    expect(blockAround(sharp)).toBe('\t[Fact]\n\tpublic void Holds()\n\t{\n\t\tvar a = 1;\n\t}');
  });

  it('knows ends that are words', () => {
    const ruby = 'class Cart\n  def total\n    items.each do |item|\n      add(item)‸\n    end\n  end\nend';
    expect(blockAround(ruby)).toBe('  def total\n    items.each do |item|\n      add(item)\n    end\n  end');
  });

  it('is the innermost block where there is no definition', () => {
    expect(blockAround('jobs:\n  test:\n    steps:‸\n      - run\n  build: 1\n')).toBe('    steps:\n      - run');
    expect(blockAround('if a:\n    b()‸\n')).toBe('if a:\n    b()');
  });

  it('is nothing in an empty text, nor behind its end', () => {
    expect(enclosingBlock([], 0)).toBeUndefined();
    expect(enclosingBlock([''], 0)).toBeUndefined();
    expect(enclosingBlock(['a'], 9)).toBeUndefined();
  });
});

describe('leadingStart', () => {
  it('stops at a blank line and at code', () => {
    expect(leadingStart(['// far', '', '// near', '@a', 'f()'], 4)).toBe(2);
    expect(leadingStart(['a()', '// near', 'f()'], 2)).toBe(1);
    expect(leadingStart(['  // in', 'f()'], 1)).toBe(1);
    expect(leadingStart(['}', 'f()'], 1)).toBe(1);
  });
});

describe('the end of a block', () => {
  it('is before what the preprocessor decides next', () => {
    expect(endOfBlock(['#ifdef A', 'int f() {', '#ifdef B', '  g();', '#endif', '}', '', '#endif'], 1)).toBe(6);
  });

  it('is before a loop that stands below', () => {
    expect(endOfBlock(['let a = 1;', 'do {', '  a++;', '} while (a < 9);'], 0)).toBe(1);
    expect(endOfBlock(['while a', 'do', '  b', 'done', 'c'], 0)).toBe(4);
  });
});
