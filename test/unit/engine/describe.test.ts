import { describe, expect, it } from 'vitest';
import { samplingOf } from '../../../src/engine/describe.ts';

describe('the sampling that a file recommends', () => {
  it('is taken as far as it goes', () => {
    expect(samplingOf({ sampling: { temp: 0.6, top_k: 20 } })).toEqual({ sampling: { temperature: 0.6, topK: 20 } });
    expect(samplingOf({ sampling: { top_p: 0.95, min_p: 0.05, penalty_last_n: 64 } })).toEqual({ sampling: { topP: 0.95, minP: 0.05 } });
  });
  it('with a top-k of -1 has none', () => expect(samplingOf({ sampling: { top_k: -1 } })).toEqual({ sampling: { topK: 0 } }));
  it('leaves out what cannot be', () => expect(samplingOf({ sampling: { temp: -1, top_p: 3, top_k: 20 } })).toEqual({ sampling: { topK: 20 } }));
  it.each([[{}], [{ sampling: {} }], [{ sampling: 'warm' }], [{ sampling: null }], [{ sampling: { temp: 'warm' } }]])('of %j is none', (general) => expect(samplingOf(general)).toEqual({}));
});
