import { describe, expect, it } from 'vitest';
import { planBatchSize, planChunk, planFlashAttention, planThreads, smallerContexts } from '../../../src/engine/planner.ts';

describe('planner', () => {
  it.each([
    { mathCores: 8, available: 16, threads: 8 },
    { mathCores: 4, available: 2, threads: 2 },
    { mathCores: 0, available: 1, threads: 1 },
  ])('$threads threads of $mathCores cores and $available available', ({ mathCores, available, threads }) => {
    expect(planThreads(mathCores, available)).toBe(threads);
  });

  it('reads in small chunks until the speed is known, then for a quarter of a second', () => {
    expect(planChunk(0, 512)).toBe(64);
    expect(planChunk(0.02, 512)).toBe(16);
    expect(planChunk(0.4, 512)).toBe(100);
    expect(planChunk(50, 512)).toBe(512);
  });

  it('never plans a batch larger than the window', () => {
    expect(planBatchSize(true, 256)).toBe(256);
    expect(planBatchSize(false, 4096)).toBe(128);
  });

  it('keeps the attention that decodes fastest', () => {
    expect(planFlashAttention(true)).toBe('auto');
    expect(planFlashAttention(false)).toBe(false);
  });

  it('offers smaller windows, largest first', () => {
    expect(smallerContexts(16_384)).toEqual([8192, 4096, 2048]);
    expect(smallerContexts(1024)).toEqual([]);
  });
});
