import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseNeighbours, sizeOf, type Neighbour } from '../../../../src/completion/neighbours/choose.ts';

/** Of a given size, all in all. */
function one(path: string, kind: Neighbour['kind'], size = 100): Neighbour {
  return { path, kind, content: kind.charAt(0).repeat(size - path.length) };
}

const paths = (chosen: readonly Neighbour[]): string[] => chosen.map(({ path }) => path);

describe('chooseNeighbours', () => {
  it('takes the first of each kind before the second of any', () => {
    const candidates = [one('d1', 'declaration'), one('d2', 'declaration'), one('e1', 'edit'), one('o1', 'editor')];
    expect(paths(chooseNeighbours(candidates, 300, []))).toEqual(['d1', 'e1', 'o1']);
    expect(paths(chooseNeighbours(candidates, 400, []))).toEqual(['d1', 'e1', 'o1', 'd2']);
  });

  it('passes over what is too large for what fits', () => {
    expect(paths(chooseNeighbours([one('d1', 'declaration', 500), one('d2', 'declaration')], 150, []))).toEqual(['d2']);
  });

  it('keeps places when usefulness changes', () => {
    const [a, b, c] = [one('a', 'declaration'), one('b', 'declaration'), one('c', 'edit')];
    const first = chooseNeighbours([a, b, c], 300, []);
    expect(chooseNeighbours([b, a, c], 300, first)).toEqual(first);
  });

  it('puts what is new, and what has changed, at the end', () => {
    const [a, b, c] = [one('a', 'declaration'), one('b', 'declaration'), one('c', 'declaration')];
    const changed = { ...a, content: 'changed' };
    expect(chooseNeighbours([c, changed, b], 300, [a, b])).toEqual([b, c, changed]);
  });

  it('drops what is no candidate any more', () => {
    const [a, b] = [one('a', 'edit'), one('b', 'edit')];
    expect(chooseNeighbours([b], 300, [a, b])).toEqual([b]);
  });

  it('lets what is less useful now stay, but leaves half the budget to what is most useful', () => {
    const [a, b, c, d] = [one('a', 'edit'), one('b', 'edit'), one('c', 'edit'), one('d', 'edit')];
    expect(paths(chooseNeighbours([b, c, d, a], 300, [a, b, c]))).toEqual(['a', 'b', 'c']);
    expect(paths(chooseNeighbours([d, b, c, a], 300, [a, b, c]))).toEqual(['b', 'c', 'd']);
    expect(paths(chooseNeighbours([b, c, d, a], 300, []))).toEqual(['b', 'c', 'd']);
  });

  it('says nothing of a file twice', () => {
    const whole = { path: 'a.ts', kind: 'editor', content: 'one\ntwo\nthree\n' } as const;
    const part = { path: 'a.ts', kind: 'edit', content: 'two\n' } as const;
    expect(chooseNeighbours([part, whole], 300, [])).toEqual([whole]);
    expect(chooseNeighbours([part, whole], 300, [part])).toEqual([whole]);
    // Where the whole does not fit, the part does.
    expect(chooseNeighbours([part, whole], 12, [])).toEqual([part]);
    const other = { ...part, path: 'b.ts' };
    expect(chooseNeighbours([other, whole], 300, [])).toEqual([other, whole]);
  });

  it('takes nothing that is empty', () => {
    expect(chooseNeighbours([{ path: 'a', kind: 'edit', content: ' \n' }], 300, [])).toEqual([]);
  });
});

const neighbour = fc.record({
  path: fc.constantFrom('a.ts', 'b.ts', 'c.ts', 'd/e.ts'),
  kind: fc.constantFrom('declaration' as const, 'edit' as const, 'editor' as const),
  content: fc.array(fc.constantFrom('x', 'y', '\n', 'long line'), { maxLength: 8 }).map((parts) => parts.join('')),
});
const neighbours = fc.array(neighbour, { maxLength: 12 });
const budget = fc.nat(120);

describe('whatever the candidates', () => {
  const holds = (check: (candidates: Neighbour[], budget: number, previous: Neighbour[]) => void): void =>
    fc.assert(
      fc.property(neighbours, budget, neighbours, fc.boolean(), (candidates, units, some, again) => check(candidates, units, again ? [...candidates].reverse() : some)),
      { numRuns: 500 },
    );

  it('the chosen are within the budget', () => {
    holds((candidates, units, previous) => {
      const sum = chooseNeighbours(candidates, units, previous).reduce((total, each) => total + sizeOf(each), 0);
      expect(sum).toBeLessThanOrEqual(units);
    });
  });

  it('the chosen were given, each once', () => {
    holds((candidates, units, previous) => {
      const chosen = chooseNeighbours(candidates, units, previous);
      for (const each of chosen) expect(candidates).toContainEqual(each);
      expect(new Set(chosen.map((each) => JSON.stringify(each))).size).toBe(chosen.length);
    });
  });

  it('asked again after its own answer, the answer is the same', () => {
    holds((candidates, units, previous) => {
      const chosen = chooseNeighbours(candidates, units, previous);
      expect(chooseNeighbours(candidates, units, chosen)).toEqual(chosen);
      // Also when usefulness has changed, as long as there is room for all.
      const all = chooseNeighbours(candidates, 10_000, []);
      expect(chooseNeighbours([...all].reverse(), 10_000, all)).toEqual(all);
    });
  });

  it('those that stay stand first, in the order they had', () => {
    holds((candidates, units, previous) => {
      const chosen = chooseNeighbours(candidates, units, previous).map((each) => JSON.stringify(each));
      const before = [...new Set(previous.map((each) => JSON.stringify(each)))].filter((each) => chosen.includes(each));
      expect(chosen.slice(0, before.length)).toEqual(before);
    });
  });
});
