import { describe, expect, it } from 'vitest';
import type { DownloadState } from '../../../../src/models/download/state.ts';
import { inPercent, inTime, standing } from '../../../../src/models/download/words.ts';

const state: DownloadState = {
  target: '/models/tiny/tiny.gguf',
  wanted: { id: 'tiny', name: 'Tiny', repositories: {}, path: 'tiny.gguf' },
  elsewhere: false,
  phase: 'fetching',
  done: 1_050_000_000,
  total: 2_500_000_000,
  speed: 35_000_000,
  secondsLeft: 41,
};

describe('a download is told in words', () => {
  it('with times rounded as one would say them', () => {
    expect([0.2, 7, 41, 49, 55, 150, 3550, 3600, 9000].map(inTime)).toEqual(['1 s', '7 s', '40 s', '50 s', '1 min', '3 min', '59 min', '1 h 0 min', '2 h 30 min']);
  });

  it('with a share that is whole only at the end', () => {
    expect(inPercent(state)).toBe('42 %');
    expect(inPercent({ done: 2_499_999_999, total: 2_500_000_000 })).toBe('99 %');
    expect(inPercent({ done: 5 })).toBe('');
  });

  it('with speed and time left, or what it waits for, or whose it is', () => {
    expect(standing(state)).toBe('1.1 GB of 2.5 GB, 35 MB/s, 40 s left');
    expect(standing({ ...state, phase: 'waiting', attempt: 2 })).toBe('1.1 GB of 2.5 GB, the connection is gone, attempt 3');
    expect(standing({ ...state, phase: 'paused', elsewhere: true })).toBe('Paused at 1.1 GB of 2.5 GB (in another window)');
  });
});
