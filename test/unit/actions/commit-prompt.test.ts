import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffParts, fitDiff } from '../../../src/actions/commit-diff.ts';
import { commitPrompt } from '../../../src/actions/commit-prompt.ts';

function part(name: string, lines: number): string {
  const body = Array.from({ length: lines }, (_, index) => `+${name} ${index}\n`).join('');
  return `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -1 +1,${lines} @@\n${body}`;
}

const tokensOf = (text: string): number => text.split(/\s+/).length;
const fit = (diff: string, room: number): string => {
  const parts = diffParts(diff);
  return fitDiff(parts, parts.map(({ text }) => tokensOf(text)), room);
};

describe('changes', () => {
  it('that fit are shown as they are', () => {
    const diff = part('a.ts', 2) + part('b.ts', 3);
    expect(fit(diff, 1000)).toBe(diff);
  });

  it('name their files, also those that were renamed or are binary', () => {
    const diff = 'diff --git a/x.png b/y.png\nsimilarity index 100%\nrename from x.png\nrename to y.png\ndiff --git "a/\\303\\244.ts" "b/\\303\\244.ts"\nBinary files differ\n';
    expect(diffParts(diff).map(({ path }) => path)).toEqual(['y.png', '\\303\\244.ts']);
  });

  it('give way the largest first, which is begun and then named', () => {
    const text = fit(part('large.ts', 1000) + part('small.ts', 2), 200);
    expect(text).toContain('+small.ts 1\n');
    expect(text).toMatch(/\+large\.ts 10\n[^]*… \d+ more lines of large\.ts\n/);
    expect(text).not.toContain('+large.ts 999');
  });

  it('without any room are named', () => {
    expect(fit(part('a.ts', 9) + part('b.ts', 9), 0)).toBe('… 2 more files: a.ts, b.ts\n');
    expect(fit(Array.from({ length: 30 }, (_, index) => part(`f${index}`, 9)).join(''), 0)).toMatch(/^… 30 more files: f0, .*, …\n$/);
  });

  it('take little more than their room, and no file is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 800 }), (sizes, room) => {
        const text = fit(sizes.map((size, index) => part(`f${index}`, size)).join(''), room);
        sizes.forEach((_, index) => expect(text).toContain(`f${index}`));
        expect(tokensOf(text)).toBeLessThanOrEqual(room + 16 * (sizes.length + 1));
      }),
    );
  });
});

describe('the prompt for a commit message', () => {
  it('has the rules, examples, changes and new files', () => {
    const messages = commitPrompt({ rules: [{ path: 'AGENTS.md', content: 'Use past tense.' }], subjects: ['One', 'Two\nlines'], diff: '+x\n', untracked: ['a.ts'] });
    expect(messages).toEqual([
      {
        role: 'system',
        content: `You write git commit messages. Answer with the message alone: a subject of at most 72 characters that says what the change does, in the imperative. Where the subject does not say enough, add a blank line and a short body that says why. No fences, no quotes, no talk around it.

Rules of this workspace:

File: AGENTS.md
\`\`\`md
Use past tense.
\`\`\``,
      },
      {
        role: 'user',
        content: `Subjects of the last commits, as examples of the style:
- One
- Two lines

Uncommitted changes:
\`\`\`diff
+x
\`\`\`

New files:
- a.ts

Write the commit message.`,
      },
    ]);
  });
});
