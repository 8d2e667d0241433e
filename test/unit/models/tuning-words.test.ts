import { describe, expect, it } from 'vitest';
import { fakeTuning } from '../../../src/backends/fake.ts';
import { tuningWords } from '../../../src/models/tuning-words.ts';

describe('what a measuring came to', () => {
  it('has the speed of each number, and the one in use', () => {
    expect(tuningWords(fakeTuning)).toBe('Threads: 1: 5.2 tokens/s · 2: 9.8 tokens/s. 2 is best and in use.');
  });

  it('says when the settings or the hardware want another one', () => {
    expect(tuningWords({ ...fakeTuning, inForce: 4 })).toContain('2 is best. The model runs with 4, because the settings or the hardware say so.');
  });

  it('says when it may be wrong', () => {
    expect(tuningWords({ ...fakeTuning, disturbed: true })).toMatch(/busy, so this may be wrong\.$/);
  });
});
