import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentChanged, newReview, proposalOf, proposed } from '../../../../src/actions/review/file-review.ts';
import { lensesOf } from '../../../../src/actions/review/lenses.ts';
import { hunkAt, render, toDocument, toShown } from '../../../../src/actions/review/render.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', '', '}'), { maxLength: 12 });
const original = ['one', 'two', 'three', 'four', 'five', 'six'];
const review = proposed(newReview(original, original), ['one', 'TWO', 'two and a half', 'three', 'four', 'six', 'seven']);

describe('a rendering', () => {
  it('has removed lines where they stand, and added ones behind them', () => {
    const { lines, marks, hunks } = render(review);
    expect(lines).toEqual(['one', 'two', 'TWO', 'two and a half', 'three', 'four', 'five', 'six', 'seven']);
    expect(marks).toEqual([
      { kind: 'removed', start: 1, end: 2 },
      { kind: 'added', start: 2, end: 4 },
      { kind: 'removed', start: 6, end: 7 },
      { kind: 'added', start: 8, end: 9 },
    ]);
    expect(hunks.map(({ start, end }) => [start, end])).toEqual([[1, 4], [6, 7], [8, 9]]);
  });

  it('is the document without its added lines, and the proposal without its removed ones', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const state = proposed(newReview(before, before), after);
        const { lines, marks } = render(state);
        const without = (kind: string): string[] => lines.filter((_, at) => !marks.some((mark) => mark.kind === kind && at >= mark.start && at < mark.end));
        expect(without('added')).toEqual(before);
        expect(without('removed')).toEqual(after);
        expect(proposalOf(state)).toEqual(after);
      }),
    );
  });

  it('tells places in the document from places in itself, and back', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rendering = render(proposed(newReview(before, before), after));
        for (const [at, line] of before.entries()) {
          expect(rendering.lines[toShown(rendering, at)]).toBe(line);
          expect(toDocument(rendering, toShown(rendering, at))).toBe(at);
        }
      }),
    );
  });

  it('says which hunk a line belongs to', () => {
    const rendering = render(review);
    expect([0, 1, 3, 4, 6, 8].map((line) => hunkAt(rendering, line)?.hunk.added[0] ?? hunkAt(rendering, line)?.hunk.removed[0])).toEqual([undefined, 'TWO', 'TWO', undefined, 'five', 'seven']);
  });

  it('shows a stale hunk as nothing that would be removed', () => {
    const stale = documentChanged(review, original.with(1, 'typed'), [{ start: 1, end: 2, lines: ['typed'] }]);
    const { lines, marks } = render(stale);
    expect(lines.slice(0, 5)).toEqual(['one', 'TWO', 'two and a half', 'typed', 'three']);
    expect(marks[0]).toMatchObject({ kind: 'stale' });
  });
});

describe('lenses', () => {
  const titles = (options: { streaming: boolean; growing: string | undefined }, state = review): [number, string, string | undefined][] =>
    lensesOf(render(state), { ...options, several: false }).map(({ line, title, command }) => [line, title, command]);

  it('offer each hunk, and all of them above the first line', () => {
    expect(titles({ streaming: false, growing: undefined })).toEqual([
      [0, '$(check-all) Accept all', 'ponder.acceptAll'],
      [0, '$(clear-all) Reject all', 'ponder.rejectAll'],
      [0, '$(diff) Open as diff editor', 'ponder.openReviewDiff'],
      [1, '$(check) Accept change 1 of 3', 'ponder.acceptHunk'],
      [1, '$(discard) Reject', 'ponder.rejectHunk'],
      [1, '$(arrow-down) Next', 'ponder.nextHunk'],
      [6, '$(check) Accept change 2 of 3', 'ponder.acceptHunk'],
      [6, '$(discard) Reject', 'ponder.rejectHunk'],
      [6, '$(arrow-down) Next', 'ponder.nextHunk'],
      [8, '$(check) Accept change 3 of 3', 'ponder.acceptHunk'],
      [8, '$(discard) Reject', 'ponder.rejectHunk'],
      [8, '$(arrow-down) Next', 'ponder.nextHunk'],
    ]);
  });

  it('offer to stop while more is being written, and nothing of the hunk that grows', () => {
    const shown = titles({ streaming: true, growing: review.hunks[2]?.id });
    expect(shown.slice(0, 2)).toEqual([
      [0, '$(loading~spin) Ponder is writing…', undefined],
      [0, '$(debug-stop) Stop', 'ponder.stopEdit'],
    ]);
    expect(shown.at(-1)).toEqual([8, 'Change 3 is being written…', undefined]);
    expect(shown.filter(([, , command]) => command === 'ponder.acceptHunk')).toHaveLength(2);
  });

  it('say why a stale hunk cannot be applied, and offer to discard it', () => {
    const stale = documentChanged(review, original.with(1, 'typed'), [{ start: 1, end: 2, lines: ['typed'] }]);
    const shown = titles({ streaming: false, growing: undefined }, stale).map(([, title]) => title);
    expect(shown).toContain('$(warning) Cannot be applied any more: these lines have changed.');
    expect(shown).toContain('$(discard) Discard');
    expect(shown).not.toContain('$(check) Accept change 1 of 3');
  });
});
