import { beforeEach, describe, expect, it } from 'vitest';
import type { Hole } from '../../../src/completion/hole.ts';
import { RecentAnswers } from '../../../src/completion/recent.ts';

/** `‸` is the cursor. */
function hole(document: string): Hole {
  const [prefix = '', suffix = ''] = document.split('‸');
  return { prefix, suffix, language: 'typescript', indent: '  ' };
}

let recent: RecentAnswers;
beforeEach(() => {
  recent = new RecentAnswers();
  recent.add(hole('const a = ‸;\n'), 'one + two');
});

describe('recent answers', () => {
  it('serve again at the same place', () => {
    expect(recent.find(hole('const a = ‸;\n'))).toBe('one + two');
  });

  it('serve what is left while they are typed, and all when it is deleted back', () => {
    expect(recent.find(hole('const a = one‸;\n'))).toBe(' + two');
    expect(recent.find(hole('const a = o‸;\n'))).toBe('ne + two');
    expect(recent.find(hole('const a = ‸;\n'))).toBe('one + two');
  });

  it('do not serve where something else is typed, nor when all of it is', () => {
    expect(recent.find(hole('const a = x‸;\n'))).toBeUndefined();
    expect(recent.find(hole('const a = one + two‸;\n'))).toBeUndefined();
  });

  it('do not serve at another place', () => {
    expect(recent.find(hole('const b = ‸;\n'))).toBeUndefined();
    expect(recent.find(hole('const a = ‸;\nconst b'))).toBeUndefined();
  });

  it('are replaced by a newer answer at the same place', () => {
    recent.add(hole('const a = ‸;\n'), 'three');
    expect(recent.find(hole('const a = ‸;\n'))).toBe('three');
  });

  it('are not confused by text that repeats', () => {
    recent.add(hole('‸'), 'aaaa');
    expect(recent.find(hole('aa‸'))).toBe('aa');
  });

  it('leave when fifty others have been used since', () => {
    for (let other = 0; other < 49; other++) recent.add(hole(`let x${other} = ‸;\n`), 'y');
    expect(recent.find(hole('const a = ‸;\n'))).toBe('one + two');
    recent.add(hole('let last = ‸;\n'), 'y');
    expect(recent.find(hole('const a = ‸;\n'))).toBe('one + two');
    expect(recent.find(hole('let x0 = ‸;\n'))).toBeUndefined();
  });
});
