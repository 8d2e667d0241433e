import { describe, expect, it } from 'vitest';
import { applyEvent, startTurn, trackSteps } from '../../../src/chat/live-turn.ts';
import { nothingGiven } from '../../../src/context/item.ts';

describe('applyEvent', () => {
  it('estimates the time left from what was read in this turn', () => {
    const turn = applyEvent(startTurn('t', 'q', nothingGiven, 512, 0), { type: 'reading', done: 100, total: 1000, cached: 100 }, 'm', 0);
    expect(turn.reading?.msLeft).toBeUndefined();
    const later = applyEvent(turn, { type: 'reading', done: 400, total: 1000, cached: 100 }, 'm', 3000);
    expect(later.reading?.msLeft).toBeCloseTo(6000);
  });

  it('times the thought from its first token to its end', () => {
    let turn = startTurn('t', 'q', nothingGiven, 512, 0);
    turn = applyEvent(turn, { type: 'thought', text: 'A', tokens: 1 }, 'm', 1000);
    turn = applyEvent(turn, { type: 'thought', text: 'B', tokens: 2 }, 'm', 2500);
    turn = applyEvent(turn, { type: 'thoughtEnd', by: 'user', tokens: 2 }, 'm', 3000);
    expect(turn.thought).toMatchObject({ text: 'AB', ms: 2000, endedBy: 'user' });
  });
});

describe('a larger window, for which all is read again in the middle of an answer', () => {
  const reading = { type: 'reading', done: 10, total: 100, cached: 0 } as const;

  it('takes nothing off the time of a thought, and puts nothing on it', () => {
    let turn = startTurn('t', 'q', nothingGiven, 512, 0);
    turn = applyEvent(turn, { type: 'thought', text: 'A', tokens: 1 }, 'm', 1000);
    turn = applyEvent(turn, { type: 'thought', text: 'B', tokens: 2 }, 'm', 2500);
    turn = applyEvent(turn, reading, 'm', 2600);
    turn = applyEvent(turn, { type: 'thought', text: 'C', tokens: 3 }, 'm', 9000);
    expect(turn).toMatchObject({ status: 'thinking', thought: { text: 'ABC', ms: 1500 } });
    expect(applyEvent(turn, { type: 'thought', text: 'D', tokens: 4 }, 'm', 9500).thought?.ms).toBe(2000);
  });

  it('leaves the speed of the answer as it was', () => {
    let turn = startTurn('t', 'q', nothingGiven, 512, 0);
    turn = applyEvent(turn, { type: 'answer', text: 'A', tokens: 1 }, 'm', 1000);
    turn = applyEvent(turn, { type: 'answer', text: 'B', tokens: 11 }, 'm', 2000);
    turn = applyEvent(turn, reading, 'm', 2100);
    expect(applyEvent(turn, { type: 'answer', text: 'C', tokens: 11 }, 'm', 9000).stats?.tokensPerSecond).toBeCloseTo(10);
  });
});

describe('trackSteps', () => {
  function stream(pieces: readonly string[]): { text: string; steps: { start: number; ms: number }[] } {
    let text = '';
    let steps: { start: number; ms: number }[] = [];
    pieces.forEach((piece, index) => {
      const from = text.length;
      text += piece;
      steps = trackSteps(steps, text, from, index * 10);
    });
    return { text, steps };
  }

  it.each([
    [['One.\n\nTwo.\n\nThree.']],
    [['One.', '\n', '\n', 'Two.', '\n\n', 'Three.']],
    [['One.\n', '\nTwo.\n\n', 'Th', 'ree.']],
    [['One.\n \n\n', 'Two.\n\n\n\nThree.']],
  ])('finds the paragraphs of %j however they arrive', (pieces) => {
    const { text, steps } = stream(pieces);
    expect(steps.map(({ start }, index) => text.slice(start, steps[index + 1]?.start).trim())).toEqual(['One.', 'Two.', 'Three.']);
  });

  it('notes when each began', () => {
    expect(stream(['One.', '\n\n', 'Two.']).steps).toEqual([
      { start: 0, ms: 0 },
      { start: 6, ms: 20 },
    ]);
  });
});
