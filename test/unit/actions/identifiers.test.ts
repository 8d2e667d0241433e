import { describe, expect, it } from 'vitest';
import { identifiersIn } from '../../../src/actions/identifiers.ts';

const names = (text: string, limit = 20): string[] => identifiersIn(text.split('\n'), 0, limit).map(({ name }) => name);

describe('identifiersIn', () => {
  it('finds types and what is called first, then what is used most', () => {
    expect(names('const sum = rate;\nreturn round(sum * sum) as Price;')).toEqual(['round', 'Price', 'sum', 'rate']);
  });

  it('leaves out words of the language, strings and comments', () => {
    expect(names('function f() {\n  // Total of it\n  return "Total" + \'Sum\' + total; /* Cart */\n}')).toEqual(['total']);
    expect(names('def add(self):\n    # Total\n    return size')).toEqual(['add', 'size']);
    expect(names(' * Explains things.\n#define LIMIT')).toEqual([]);
  });

  it('says where each stands first', () => {
    expect(identifiersIn(['x = "a"; total()', 'total'], 7, 9)).toEqual([{ name: 'total', line: 7, character: 9 }]);
  });

  it('takes private fields and names in other scripts', () => {
    expect(names('this.#items = größe;')).toEqual(['items', 'größe']);
  });

  it('takes no more than asked', () => expect(names('aa bb cc', 2)).toHaveLength(2));
});
