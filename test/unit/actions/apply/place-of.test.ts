import { describe, expect, it } from 'vitest';
import { asNewFile, inserted, placeOf, type Target } from '../../../../src/actions/apply/place-of.ts';

const file = `import { a } from './a.ts';
import { b } from './b.ts';

/** Adds. */
export function add(x: number, y: number): number {
  return x + y;
}

class Cart {
  total(): number {
    const sum = this.items.length;
    return sum;
  }

  clear(): void {
    this.items = [];
  }
}
`;
const lines = file.split('\n');

function place(code: string, options: Partial<Target> = {}): string {
  const placed = placeOf(code, { lines, named: false, cursor: 2, ...options });
  return placed.kind === 'placed' ? placed.lines.join('\n') : placed.kind;
}

describe('code of an answer', () => {
  it('that is most of the file takes its place', () => {
    const code = file.replace('x + y', 'y + x').trim();
    expect(place(code)).toBe(file.replace('x + y', 'y + x'));
  });

  it('that names the file and begins like it takes its place', () => {
    const code = `${lines.slice(0, 2).join('\n')}\n\n${lines.slice(8).join('\n')}`;
    expect(place(code, { named: true })).toBe(`${code.trimEnd()}\n`);
  });

  it('is the whole of an empty file', () => {
    expect(place('let a;', { lines: [''] })).toBe('let a;\n');
  });

  it('that defines a function anew takes the place of that one', () => {
    expect(place('export function add(...all: number[]): number {\n  return all.length;\n}')).toBe(
      file.replace('add(x: number, y: number)', 'add(...all: number[])').replace('x + y', 'all.length'),
    );
  });

  it('that has a comment of its own takes the place of the old one', () => {
    expect(place('/** Sums. */\nexport function add(x: number, y: number): number {\n  return y;\n}')).toBe(file.replace('Adds.', 'Sums.').replace('x + y', 'y'));
  });

  it('that defines a method anew is indented as that was', () => {
    expect(place('total(): number {\n  return 1;\n}')).toBe(file.replace('    const sum = this.items.length;\n    return sum;', '    return 1;'));
  });

  it('that defines several anew takes the place of each', () => {
    expect(place('clear(): void {\n  this.items.length = 0;\n}\n\ntotal(): number {\n  return 1;\n}')).toBe(
      file.replace('    const sum = this.items.length;\n    return sum;', '    return 1;').replace('this.items = [];', 'this.items.length = 0;'),
    );
  });

  it('in Python is told by its indentation', () => {
    const python = ['import os', '', 'def one():', '    return 1', '', '', 'def two():', '    return 2', ''];
    expect(place('def one():\n    x = 1\n\n    return x', { lines: python })).toBe('import os\n\ndef one():\n    x = 1\n\n    return x\n\n\ndef two():\n    return 2\n');
  });

  it('that defines what stands twice is not put in a place that is guessed', () => {
    const twice = ['a {', '  go() {', '  }', '}', 'b {', '  go() {', '  }', '}', 'c', 'd', 'e', ''];
    expect(place('go() {\n  x;\n}', { lines: twice, cursor: 9 })).toBe([...twice.slice(0, 10), 'go() {', '  x;', '}', ...twice.slice(10)].join('\n'));
  });

  it('else takes the place of the selection, indented alike', () => {
    expect(place('one();\ntwo();', { selection: { start: 10, end: 12 } })).toBe(lines.toSpliced(10, 2, '    one();', '    two();').join('\n'));
  });

  it('else comes to the cursor: in place of a blank line, or below the line', () => {
    expect(place('go();', { cursor: 2 })).toBe(lines.with(2, 'go();').join('\n'));
    expect(place('go();', { cursor: 10 })).toBe(lines.toSpliced(11, 0, '    go();').join('\n'));
    expect(place('go();', { cursor: lines.length - 1 })).toBe(`${file}go();\n`);
  });

  it('has no place in a file that is not in front and has nothing of it', () => {
    expect(place('go();', { cursor: undefined })).toBe('nowhere');
  });
});

describe('code that leaves parts out', () => {
  it('keeps them where the lines around stand in the file', () => {
    expect(place('class Cart {\n  // ... existing code ...\n  clear(): void {\n    this.items.length = 0;\n  }\n}')).toBe(file.replace('this.items = [];', 'this.items.length = 0;'));
  });

  it('keeps them at the beginning and the end of the file', () => {
    expect(place('// ...\nexport function add(x: number, y: number): number {\n  return y;\n}\n\nclass Cart {\n// ... rest of the file ...')).toBe(file.replace('x + y', 'y'));
  });

  it('is not guessed at where a line beside them is new', () => {
    expect(place('class Cart {\n  // ... existing code ...\n  more(): void {\n  }\n}')).toBe('elided');
  });

  it('is not guessed at where a line beside them stands twice', () => {
    expect(place('a\n# ...\nb\nc', { lines: ['a', 'x', 'b', 'y', 'b', 'c'] })).toBe('elided');
  });

  it('can be inserted at the cursor all the same', () => {
    expect(inserted('x\n// ...\ny', { lines: ['a', ''], named: false, cursor: 1 })).toEqual({ kind: 'placed', lines: ['a', 'x', '// ...', 'y', ''] });
  });

  it('is not what has dots in a comment that the file has too', () => {
    expect(place('// ... wait\nb', { lines: ['// ... wait', 'a', 'b'], selection: { start: 1, end: 2 } })).not.toBe('elided');
  });
});

describe('a new file', () => {
  it('ends with a line end', () => {
    expect(asNewFile('\nlet a;\n\n')).toEqual(['let a;', '']);
  });
});
