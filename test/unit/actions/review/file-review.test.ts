import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHunks, hunksBetween } from '../../../../src/actions/edits/hunks.ts';
import { edited } from '../../../../src/actions/review/alignment.ts';
import { accepted, documentChanged, editOf, newReview, obstructed, proposalOf, proposed, rejected, type FileReview } from '../../../../src/actions/review/file-review.ts';

const line = fc.constantFrom('a', 'b', 'c', '', '  x', '}');
const text = fc.array(line, { maxLength: 14, size: 'max' });
/** Texts none of whose lines stands twice. */
const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map((n) => `line ${String(n)}`), { minLength: 4, maxLength: 24, size: 'max' });
const runs = { numRuns: 300 };

const reviewOf = (original: readonly string[], proposal: readonly string[]): FileReview => proposed(newReview(original, original), proposal);
const ids = (review: FileReview): string[] => review.hunks.map(({ id }) => id);

describe('a review', () => {
  it('all of which is accepted, in any order, is the proposal', () => {
    fc.assert(
      fc.property(text, text, fc.infiniteStream(fc.nat(99)), (original, proposal, choice) => {
        let review = reviewOf(original, proposal);
        expect(proposalOf(review)).toEqual(proposal);
        while (review.hunks.length > 0) review = accepted(review, pick(review, choice));
        expect(review.lines).toEqual(proposal);
      }),
      runs,
    );
  });

  it('all of which is rejected leaves the document', () => {
    fc.assert(
      fc.property(text, text, fc.infiniteStream(fc.nat(99)), (original, proposal, choice) => {
        let review = reviewOf(original, proposal);
        while (review.hunks.length > 0) review = rejected(review, pick(review, choice));
        expect(review.lines).toEqual(original);
      }),
      runs,
    );
  });

  it('decided in any order gives what applying just the accepted hunks gives', () => {
    fc.assert(
      fc.property(text, text, fc.infiniteStream(fc.nat(99)), (original, proposal, choice) => {
        const hunks = hunksBetween(original, proposal);
        let review = reviewOf(original, proposal);
        const order = ids(review);
        const taken = new Set<string>();
        while (review.hunks.length > 0) {
          const id = pick(review, choice);
          const accept = next(choice) % 2 === 0;
          if (accept) taken.add(id);
          review = accept ? accepted(review, id) : rejected(review, id);
        }
        expect(review.lines).toEqual(applyHunks(original, hunks.filter((_, index) => taken.has(order[index] ?? ''))));
      }),
      runs,
    );
  });

  it('brings decided hunks back with no later proposal, which is still of the text from before', () => {
    fc.assert(
      fc.property(distinct, fc.array(fc.tuple(fc.nat(30), fc.nat(2), fc.array(line, { maxLength: 2 })), { maxLength: 6 }), fc.infiniteStream(fc.nat(99)), (original, changes, choice) => {
        const all = hunksBetween(original, changed(original, changes));
        let review = newReview(original, original);
        const kept: number[] = [];
        // It grows hunk by hunk; between, one that is there is decided.
        for (let count = 1; count <= all.length; count++) {
          review = proposed(review, applyHunks(original, all.slice(0, count)));
          const [first] = review.hunks;
          const choose = next(choice) % 3;
          if (!first || choose === 2) continue;
          const index = all.findIndex((hunk) => hunk.added === first.added || JSON.stringify([hunk.removed, hunk.added]) === JSON.stringify([first.removed, first.added]));
          if (choose === 0) kept.push(index);
          review = choose === 0 ? accepted(review, first.id) : rejected(review, first.id);
          const before = review.hunks.length;
          review = proposed(review, applyHunks(original, all.slice(0, count)));
          expect(review.hunks).toHaveLength(before);
        }
      }),
      runs,
    );
  });

  it('keeps the ids of hunks that stay or grow', () => {
    const original = ['1', '2', '3', '4', '5'];
    const first = reviewOf(original, ['one', '2', '3', '4', '5']);
    const second = proposed(first, ['one', '2', 'three', '4', '5']);
    const third = proposed(second, ['one', '2', 'three', 'and more', '4', '5']);
    expect(ids(second)[0]).toBe(ids(first)[0]);
    expect(ids(third)).toEqual(ids(second));
  });

  it('of a proposal that goes on where a hunk was accepted asks for the rest alone', () => {
    const original = ['1', '2', '3'];
    let review = reviewOf(original, ['1', 'two', '3']);
    review = accepted(review, ids(review)[0] ?? '');
    review = proposed(review, ['1', 'two', 'two and a half', '3']);
    expect(review.hunks).toMatchObject([{ at: 2, removed: [], added: ['two and a half'] }]);
  });

  it('of a proposal that goes on where a hunk was rejected asks for nothing there', () => {
    const original = ['1', '2', '3', '4', '5'];
    let review = reviewOf(original, ['1', 'two', '3', '4', '5']);
    review = rejected(review, ids(review)[0] ?? '');
    review = proposed(review, ['1', 'two', 'two and a half', '3', '4', 'five']);
    expect(review.hunks).toMatchObject([{ at: 4, removed: ['5'], added: ['five'] }]);
  });
});

describe('a document edited by the user', () => {
  it('outside of the hunks keeps them right', () => {
    fc.assert(
      fc.property(distinct, fc.array(fc.tuple(fc.nat(30), fc.nat(2), fc.array(line, { maxLength: 2 })), { maxLength: 4 }), fc.array(fc.tuple(fc.nat(30), fc.array(fc.constantFrom('typed', 'a', '}'), { maxLength: 3 }), fc.boolean()), { maxLength: 4 }), (original, changes, typing) => {
        let review = reviewOf(original, changed(original, changes));
        // The same keys in the proposal: what accepting all of it must give.
        let wanted: readonly string[] = changed(original, changes);
        for (const [where, lines, replaces] of typing) {
          const at = where % (review.lines.length + 1);
          const end = replaces && at < review.lines.length ? at + 1 : at;
          const beside = review.hunks.some((hunk) => at <= hunk.at + hunk.removed.length && end >= hunk.at);
          if (beside) continue;
          const shift = review.hunks.reduce((sum, hunk) => (hunk.at < at ? sum + hunk.added.length - hunk.removed.length : sum), 0);
          wanted = edited(wanted, { start: at + shift, end: end + shift, lines });
          review = documentChanged(review, edited(review.lines, { start: at, end, lines }), [{ start: at, end, lines }]);
          expect(review.hunks.every(({ stale }) => stale === undefined)).toBe(true);
        }
        expect(proposalOf(review)).toEqual(wanted);
      }),
      runs,
    );
  });

  it('inside of a hunk makes exactly that one stale, which can never be applied', () => {
    fc.assert(
      fc.property(distinct, fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 6 }), fc.nat(99), (original, places, choice) => {
        // Every hunk replaces one line.
        const proposal = original.map((each, at) => (places.includes(at) ? `new ${each}` : each));
        const review = reviewOf(original, proposal);
        fc.pre(review.hunks.length > 0);
        const hunk = review.hunks[choice % review.hunks.length];
        if (!hunk) throw new Error('no hunk');
        const edit = { start: hunk.at, end: hunk.at + 1, lines: ['typed by the user'] };
        const after = documentChanged(review, edited(review.lines, edit), [edit]);
        expect(after.hunks.filter(({ stale }) => stale !== undefined).map(({ id, stale }) => [id, stale])).toEqual([[hunk.id, 'changed']]);
        expect(editOf(after, hunk.id)).toBeUndefined();
        expect(accepted(after, hunk.id)).toBe(after);
        const rest = after.hunks.filter(({ id }) => id !== hunk.id).reduce((now, { id }) => accepted(now, id), after);
        expect(rest.lines[hunk.at]).toBe('typed by the user');
        expect(rejected(rest, hunk.id).hunks).toEqual([]);
        expect(rejected(rest, hunk.id).lines).toBe(rest.lines);
      }),
      runs,
    );
  });

  it('anywhere leaves every hunk with the lines that it removes, or stale', () => {
    fc.assert(
      fc.property(text, text, fc.array(fc.tuple(fc.nat(14), fc.nat(3), text, fc.boolean()), { maxLength: 5 }), fc.infiniteStream(fc.nat(99)), (original, proposal, typing, choice) => {
        let review = reviewOf(original, proposal);
        for (const [where, length, lines, told] of typing) {
          const start = Math.min(where, review.lines.length);
          const edit = { start, end: Math.min(start + length, review.lines.length), lines };
          const now = edited(review.lines, edit);
          review = documentChanged(review, now, told ? [edit] : []);
          expect(review.lines).toEqual(now);
          for (const { at, removed, stale } of review.hunks) {
            expect(at).toBeLessThanOrEqual(now.length);
            if (stale === undefined) expect(now.slice(at, at + removed.length)).toEqual(removed);
          }
          for (const { base, now: there } of review.drift) expect([base.start <= base.end, there.start <= there.end]).toEqual([true, true]);
          if (review.hunks.length > 0 && next(choice) % 2 === 0) review = next(choice) % 2 === 0 ? accepted(review, pick(review, choice)) : rejected(review, pick(review, choice));
          // Base and document are the same between the drifts.
          expect(aligned(review)).toBe(true);
        }
        review = proposed(review, proposal);
        expect(aligned(review)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('and back again has its hunks again', () => {
    const original = ['1', '2', '3', '4', '5'];
    const review = reviewOf(original, ['1', '2', 'three', '4', '5']);
    const typed = documentChanged(review, original.with(2, '3!'), [{ start: 2, end: 3, lines: ['3!'] }]);
    expect(typed.hunks).toMatchObject([{ stale: 'changed' }]);
    expect(documentChanged(typed, original, [{ start: 2, end: 3, lines: ['3'] }]).hunks).toMatchObject([{ at: 2 }]);
  });

  it('finds a hunk whose lines were moved with what stands around them', () => {
    const original = ['f {', '  one', '  two', '  three', '  more', '}', 'g {', '  four', '}'];
    const review = reviewOf(original, original.with(2, '  TWO'));
    const moved = ['g {', '  four', '}', 'f {', '  one', '  two', '  three', '  more', '}'];
    expect(documentChanged(review, moved, [{ start: 0, end: 9, lines: moved }]).hunks).toEqual([expect.objectContaining({ at: 5 })]);
    const twice = [...original, ...original];
    expect(documentChanged(review, ['x', ...twice, 'y'], [{ start: 0, end: 9, lines: ['x', ...twice, 'y'] }]).hunks).toMatchObject([{ stale: 'ambiguous' }]);
  });

  it('where the file is gone, none of its hunks is to be applied until it is back', () => {
    const review = reviewOf(['1', '2'], ['one', '2']);
    const gone = obstructed(review, 'deleted');
    expect(gone.hunks).toMatchObject([{ stale: 'deleted' }]);
    expect(editOf(gone, ids(gone)[0] ?? '')).toBeUndefined();
    expect(obstructed(gone, undefined).hunks).toEqual(review.hunks);
  });

  it('before the first proposal came has its hunks in the right places', () => {
    const original = ['1', '2', '3', '4'];
    const review = proposed(newReview(original, ['zero', '1', '2', '3', '4!']), ['1', 'two', '3', 'four']);
    expect(review.hunks).toMatchObject([{ at: 2, removed: ['2'] }, { stale: 'changed' }]);
  });
});

function next(stream: fc.Stream<number>): number {
  return Number(stream.next().value);
}

function pick(review: FileReview, choice: fc.Stream<number>): string {
  return review.hunks[next(choice) % review.hunks.length]?.id ?? '';
}

function changed(original: readonly string[], changes: readonly (readonly [number, number, readonly string[]])[]): readonly string[] {
  return changes.reduce((lines, [where, length, added]) => {
    const start = where % (lines.length + 1);
    return edited(lines, { start, end: Math.min(start + length, lines.length), lines: added });
  }, original);
}

function aligned({ base, lines, drift }: FileReview): boolean {
  let from = 0;
  let now = 0;
  for (const each of [...drift, { base: { start: base.length, end: base.length }, now: { start: lines.length, end: lines.length } }]) {
    if (JSON.stringify(base.slice(from, each.base.start)) !== JSON.stringify(lines.slice(now, each.now.start))) return false;
    from = each.base.end;
    now = each.now.end;
  }
  return true;
}
