import { describe, expect, it } from 'vitest';
import { declarationLines, outlineByIndentation, type Outline } from '../../../../src/completion/neighbours/declarations.ts';

function shown(text: string, outline: Partial<Outline> & Pick<Outline, 'start' | 'end'>): string {
  const lines = text.split('\n');
  return declarationLines(lines, { kind: 'routine', children: [], ...outline })
    .map((number) => lines[number])
    .join('\n');
}

const body = (count: number, indent = '  '): string => Array.from({ length: count }, (_, index) => `${indent}step${index}();`).join('\n');

describe('declarationLines', () => {
  it('shows a short routine whole, with its comment', () => {
    const text = 'before();\n/** Adds. */\nfunction add(a, b) {\n  return a + b;\n}\nafter();';
    expect(shown(text, { start: 2, end: 4 })).toBe('/** Adds. */\nfunction add(a, b) {\n  return a + b;\n}');
    // Some services count the comment to the declaration.
    expect(shown(text, { start: 1, end: 4 })).toBe(shown(text, { start: 2, end: 4 }));
  });

  it('shows the signature of a long one', () => {
    expect(shown(`function long(\n  a: string,\n): void {\n${body(20)}\n}`, { start: 0, end: 23 })).toBe('function long(\n  a: string,\n): void {\n}');
    expect(shown(`@cached\ndef long(a):\n    """Does it.\n\n    Slowly."""\n${body(20, '    ')}`, { start: 1, end: 24 })).toBe('@cached\ndef long(a):\n    """Does it.\n\n    Slowly."""');
    expect(shown(`def long(a):\n    '''Does it.'''\n${body(20, '    ')}`, { start: 0, end: 21 })).toBe("def long(a):\n    '''Does it.'''");
  });

  it('finds the signature below a comment that counts to the declaration', () => {
    const text = `/** Takes:\n * - a\n */\nfunction long(a) {\n${body(20)}\n}`;
    for (const start of [0, 3]) expect(shown(text, { start, end: 24 })).toBe('/** Takes:\n * - a\n */\nfunction long(a) {\n}');
  });

  it('knows a function that is the value of a constant', () => {
    expect(shown(`const long = (a) => {\n${body(20)}\n};`, { kind: 'other', start: 0, end: 21 })).toBe('const long = (a) => {\n};');
    const table = `const table = {\n${body(20)}\n};`;
    expect(shown(table, { kind: 'other', start: 0, end: 21 })).toBe(table);
  });

  it('takes no private member for a comment', () => {
    expect(shown('#count = 0;\n# note\nadd() {}', { start: 2, end: 2 })).toBe('# note\nadd() {}');
  });

  it('shows a small type whole, and of a large one the members', () => {
    const type = `class Cart {\n  items: Item[] = [];\n  /** Adds. */\n  add(item: Item): void {\n${body(40, '    ')}\n  }\n}`;
    const children: Outline[] = [
      { kind: 'other', start: 1, end: 1, children: [] },
      { kind: 'routine', start: 3, end: 44, children: [] },
    ];
    expect(shown(type, { kind: 'type', start: 0, end: 45, children })).toBe('class Cart {\n  items: Item[] = [];\n  add(item: Item): void {\n  }\n}');
    expect(shown('interface A {\n  b: string;\n}', { kind: 'type', start: 0, end: 2 })).toBe('interface A {\n  b: string;\n}');
  });

  it('is never longer than 30 lines', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ kind: 'other' as const, start: index + 1, end: index + 1, children: [] }));
    const text = `${'// note\n'.repeat(50)}class A {\n${body(100)}\n}`;
    const lines = text.split('\n');
    for (const kind of ['routine', 'type', 'other'] as const) {
      const outline = { kind, start: 50, end: 151, children: many.map((child) => ({ ...child, start: child.start + 50, end: child.end + 50 })) };
      expect(declarationLines(lines, outline).length).toBeLessThanOrEqual(30);
      if (kind === 'type') expect(declarationLines(lines, outline).at(-1)).toBe(151);
    }
  });

  it('of a long comment shows the beginning', () => {
    const text = `/**\n * Adds.\n${' * more\n'.repeat(20)} */\nfunction add() {}`;
    expect(shown(text, { start: 23, end: 23 })).toBe('/**\n * Adds.\n * more\n * more\n * more\n * more\n * more\n */\nfunction add() {}');
  });
});

describe('outlineByIndentation', () => {
  const end = (text: string, start = 0): number => outlineByIndentation(text.split('\n'), start).end;

  it('ends with the block', () => {
    expect(end('def a():\n    b\n\n    c\nd')).toBe(3);
    expect(end('function a(\n  b\n) {\n  c\n}\n}\nd')).toBe(4);
    expect(end('const a = 1;\nconst b = 2;')).toBe(0);
    expect(end('if x\n  y\nend', 2)).toBe(2);
  });
});
