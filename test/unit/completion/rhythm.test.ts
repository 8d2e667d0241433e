import { describe, expect, it } from 'vitest';
import { afterAnswer, afterKey, unmeasured, waitOf, type Rhythm } from '../../../src/completion/rhythm.ts';

/** Someone who types at an interval, ms, with a model that takes so long, ms. */
function settled(interval: number, latency: number): Rhythm {
  let rhythm = unmeasured;
  for (let key = 0; key < 40; key++) rhythm = afterAnswer(afterKey(rhythm, key * interval), latency);
  return rhythm;
}

describe('the wait before asking', () => {
  it('is short where the model answers between two keys', () => {
    expect(waitOf(settled(200, 40))).toBe(20);
  });
  it('is a pause where the model is slower than the typing', () => {
    expect(waitOf(settled(200, 300))).toBeCloseTo(300, 0);
    expect(waitOf(settled(120, 300))).toBeCloseTo(180, 0);
  });
  it('grows with a slow model, and is bounded', () => {
    expect(waitOf(settled(150, 2000))).toBeCloseTo(500, 0);
    expect(waitOf(settled(150, 60_000))).toBe(1000);
  });
  it('does not take a break for a rhythm', () => {
    const typing = settled(150, 300);
    expect(afterKey(typing, 39 * 150 + 60_000).interval).toBe(typing.interval);
  });
  it('has a guess before the first key', () => {
    expect(waitOf(unmeasured)).toBe(300);
    expect(afterKey(unmeasured, 5).interval).toBe(200);
  });
});
