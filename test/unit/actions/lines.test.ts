import { describe, expect, it } from 'vitest';
import { linesOf, sameLines } from '../../../src/actions/lines.ts';

describe('lines', () => {
  it('end as they do in any editor', () => {
    expect(linesOf('a\r\nb\nc\rd\n')).toEqual(['a', 'b', 'c', 'd', '']);
  });

  it('are the same when each is, and none is left over', () => {
    expect(sameLines(['a', 'b'], ['a', 'b'])).toBe(true);
    expect(sameLines(['a', 'b'], ['a', 'c'])).toBe(false);
    expect(sameLines(['a'], ['a', 'b'])).toBe(false);
    expect(sameLines(['a', 'b'], ['a'])).toBe(false);
  });
});
