import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseRules, withRules } from '../../../src/context/rules.ts';

describe('rules of the workspace', () => {
  it('go along in their order, each text once', () => {
    const { items, leftOut } = chooseRules([
      { path: 'AGENTS.md', content: 'Use tabs.\n' },
      { path: 'CLAUDE.md', content: 'Use tabs.' },
      { path: '.github/copilot-instructions.md', content: 'Be kind.' },
      { path: 'b/AGENTS.md', content: ' \n' },
    ]);
    expect(items).toEqual([
      { path: 'AGENTS.md', content: 'Use tabs.\n' },
      { path: '.github/copilot-instructions.md', content: 'Be kind.' },
    ]);
    expect(leftOut).toEqual([]);
  });

  it('that are too long end with a whole line, and what is left out is named', () => {
    const { items, leftOut } = chooseRules([{ path: 'a', content: 'one\ntwo\nthree\n' }, { path: 'b', content: 'x' }], 9);
    expect(items).toEqual([{ path: 'a', content: 'one\ntwo\n', lines: { start: 1, end: 2 } }]);
    expect(leftOut).toEqual([{ label: 'a:3-3', why: 'large' }, { label: 'b', why: 'large' }]);
  });

  it('of a first line that does not fit are left out whole', () => {
    expect(chooseRules([{ path: 'a', content: 'much too long' }], 5)).toEqual({ items: [], leftOut: [{ label: 'a', why: 'large' }] });
  });

  it('never take more bytes than they may, and lose nothing unnamed', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ path: fc.string({ minLength: 1 }), content: fc.string({ unit: fc.constantFrom('a', 'é', '字', '\n') }) })), fc.nat(200), (files, limit) => {
        const { items, leftOut } = chooseRules(files, limit);
        expect(items.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)).toBeLessThanOrEqual(limit);
        const texts = new Set(files.map(({ content }) => content.trim()).filter((text) => text !== ''));
        const whole = items.filter(({ lines }) => !lines);
        expect(whole.length + leftOut.length).toBe(texts.size);
      }),
    );
  });

  it('leave instructions as they are where there are none', () => {
    expect(withRules('Do.\n', [])).toBe('Do.');
  });
});
