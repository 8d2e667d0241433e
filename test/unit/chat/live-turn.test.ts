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
