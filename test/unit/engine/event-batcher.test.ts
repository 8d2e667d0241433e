import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventBatcher } from '../../../src/engine/event-batcher.ts';
import type { ChatEvent } from '../../../src/protocol/engine.ts';

describe('EventBatcher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends the first event at once and gathers the rest', () => {
    vi.advanceTimersByTime(1000);
    const batches: ChatEvent[][] = [];
    const batcher = new EventBatcher((batch) => batches.push(batch));
    batcher.push({ type: 'answer', text: 'a', tokens: 1 });
    expect(batches).toHaveLength(1);
    batcher.push({ type: 'answer', text: 'b', tokens: 2 });
    batcher.push({ type: 'answer', text: 'c', tokens: 3 });
    batcher.push({ type: 'toolCall', call: { name: 'x', arguments: '{}' } });
    batcher.push({ type: 'answer', text: 'd', tokens: 4 });
    expect(batches).toHaveLength(1);
    vi.advanceTimersByTime(16);
    expect(batches[1]).toEqual([
      { type: 'answer', text: 'bc', tokens: 3 },
      { type: 'toolCall', call: { name: 'x', arguments: '{}' } },
      { type: 'answer', text: 'd', tokens: 4 },
    ]);
  });

  it('does not mix thought and answer', () => {
    const batches: ChatEvent[][] = [];
    const batcher = new EventBatcher((batch) => batches.push(batch));
    batcher.push({ type: 'reading', done: 1, total: 9, cached: 0 });
    batcher.push({ type: 'thought', text: 'a', tokens: 1 });
    batcher.push({ type: 'answer', text: 'b', tokens: 1 });
    batcher.flush();
    expect(batches.flat().map(({ type }) => type)).toEqual(['reading', 'thought', 'answer']);
  });
});
