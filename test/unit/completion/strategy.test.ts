import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestStrategy, provisionalStrategy, strategies, strategiesOf } from '../../../src/completion/strategy.ts';
import type { InfillInfo } from '../../../src/protocol/engine.ts';

const none: InfillInfo['forms'] = { file: false, repository: false, chat: false };

describe('strategiesOf', () => {
  it('has those that the model has, the shortest prompt first', () => {
    expect(strategiesOf({ file: true, repository: true, chat: true })).toEqual(['file', 'repository', 'chat']);
    expect(strategiesOf({ ...none, chat: true, file: true })).toEqual(['file', 'chat']);
    expect(strategiesOf(none)).toEqual([]);
  });
});

describe('bestStrategy', () => {
  it('is the one with the highest score', () => {
    expect(bestStrategy({ file: -1, repository: -0.5, chat: -2 })).toBe('repository');
    expect(bestStrategy({ file: -1, repository: -0.9, chat: -0.2 })).toBe('chat');
    expect(bestStrategy({ file: -0.3, repository: -0.9, chat: -0.4 })).toBe('file');
  });

  it('is the one with the shorter prompt where the difference is chance', () => {
    expect(bestStrategy({ file: -1, repository: -0.99, chat: -0.985 })).toBe('file');
    expect(bestStrategy({ file: -1.2, repository: -1, chat: -0.99 })).toBe('repository');
    expect(bestStrategy({ file: -0.5, repository: -0.5, chat: -0.5 })).toBe('file');
  });

  it('is among those that have a score', () => {
    expect(bestStrategy({ chat: -7 })).toBe('chat');
    expect(bestStrategy({ repository: -3, chat: -2 })).toBe('chat');
  });

  it('is none without scores', () => {
    expect(bestStrategy({})).toBeUndefined();
    expect(bestStrategy({ file: -Infinity, chat: -Infinity })).toBeUndefined();
  });

  it('is hardly worse than any other', () => {
    const score = fc.double({ min: -10, max: 0, noNaN: true });
    fc.assert(
      fc.property(fc.record({ file: score, repository: score, chat: score }, { requiredKeys: [] }), (scores) => {
        const best = bestStrategy(scores);
        const highest = Math.max(...strategies.map((name) => scores[name] ?? -Infinity));
        if (best === undefined) expect(highest).toBe(-Infinity);
        else expect(scores[best]).toBeGreaterThan(highest - 0.05);
      }),
    );
  });
});

describe('provisionalStrategy', () => {
  it('is by tokens made for the purpose, if the model has them', () => {
    expect(provisionalStrategy({ file: true, repository: true, chat: true })).toBe('repository');
    expect(provisionalStrategy({ file: true, repository: false, chat: true })).toBe('file');
    expect(provisionalStrategy({ ...none, chat: true })).toBe('chat');
    expect(provisionalStrategy(none)).toBeUndefined();
  });
});
