import { describe, expect, it } from 'vitest';
import { hoverText } from '../../../src/actions/hover-text.ts';

describe('hoverText', () => {
  it.each([
    [['\n```typescript\nfunction total(items: Item[]): number\n```\n', 'Sums.'], 'function total(items: Item[]): number'],
    [['```ts\n(alias) function total(): number\nimport total\n```'], '(alias) function total(): number'],
    [['```py\n(class) Cart\n```\n---\nDocs'], '(class) Cart'],
    [['```ts\ninterface A {\n  a: 1;\n  b: 2;\n  c: 3;\n```'], 'interface A { a: 1; b: 2;'],
    [['<b>Width</b> of it\nmore'], 'Width of it'],
    [['', '  '], ''],
    [[], ''],
  ])('of %j is %j', (contents, text) => expect(hoverText(contents)).toBe(text));

  it('is short', () => expect(hoverText(['x'.repeat(1000)])).toBe(`${'x'.repeat(240)}…`));
});
