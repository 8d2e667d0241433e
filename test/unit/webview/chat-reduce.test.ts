import { describe, expect, it } from 'vitest';
import type { ChatState, TurnState } from '../../../src/protocol/webview.ts';
import { offer } from '../../../src/webview/chat/draft.ts';
import { initialView, isRunning, reduce } from '../../../src/webview/chat/reduce.ts';
import { announcement } from '../../../src/webview/chat/announcer.tsx';

function turn(id: string, changes: Partial<TurnState> = {}): TurnState {
  return { id, question: 'Why?', files: [], status: 'writing', answer: '', toolCalls: [], ...changes };
}

function chat(...turns: TurnState[]): ChatState {
  return {
    conversationId: 'c',
    title: '',
    turns,
    engine: { kind: 'missing' },
    context: { chips: [], offers: [], leftOut: [] },
    thinking: { mode: 'auto', budget: 4096 },
    starters: [],
  };
}

describe('the chat reducer', () => {
  const started = reduce(initialView, { type: 'state', state: chat(turn('a'), turn('b')) });

  it('takes the whole state', () => {
    expect(started.chat?.turns.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('replaces the turn of that id and leaves the others as they are', () => {
    const next = reduce(started, { type: 'turn', turn: turn('b', { answer: 'Because.' }) });
    expect(next.chat?.turns[1]?.answer).toBe('Because.');
    expect(next.chat?.turns[0]).toBe(started.chat?.turns[0]);
  });

  it('adds a turn that it does not know', () => {
    const next = reduce(started, { type: 'turn', turn: turn('c') });
    expect(next.chat?.turns.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('appends to the answer of one turn', () => {
    const once = reduce(started, { type: 'append', turnId: 'b', text: 'Be' });
    const twice = reduce(once, { type: 'append', turnId: 'b', text: 'cause' });
    expect(twice.chat?.turns.map(({ answer }) => answer)).toEqual(['', 'Because']);
  });

  it('changes nothing before there is a state, or for a turn that is gone', () => {
    expect(reduce(initialView, { type: 'append', turnId: 'a', text: 'x' })).toBe(initialView);
    expect(reduce(started, { type: 'append', turnId: 'z', text: 'x' }).chat).toEqual(started.chat);
  });

  it('tells one wish from the next', () => {
    const once = reduce(started, { type: 'reveal', turnId: 'a' });
    const twice = reduce(once, { type: 'reveal', turnId: 'a' });
    expect([once.reveal?.count, twice.reveal?.count]).toEqual([1, 2]);
    expect(reduce(twice, { type: 'compose', text: 'Hi' }).compose).toEqual({ text: 'Hi', count: 1 });
  });

  it('knows whether the engine works', () => {
    expect((['loading', 'reading', 'thinking', 'writing'] as const).every((status) => isRunning(turn('a', { status })))).toBe(true);
    expect((['done', 'stopped', 'failed'] as const).some((status) => isRunning(turn('a', { status })))).toBe(false);
    expect(isRunning(undefined)).toBe(false);
  });
});

describe('the draft', () => {
  it('is never lost to an offered text', () => {
    expect(offer('', 'Explain this')).toBe('Explain this');
    expect(offer('Half a question', 'Explain this')).toBe('Half a question\nExplain this');
    expect(offer('Explain this', 'Explain this')).toBe('Explain this');
  });
});

describe('announcements', () => {
  it('say what happens, and the answer without its code', () => {
    expect(announcement(turn('a', { status: 'thinking' }))).toBe('Thinking');
    const answer = 'Use **flush**:\n\n```ts\nflush();\n```\n\nDone.';
    expect(announcement(turn('a', { status: 'done', answer }))).toBe('Use flush:\n\n(code)\n\nDone.');
  });

  it('stay short', () => {
    expect(announcement(turn('a', { status: 'done', answer: 'x'.repeat(5000) })).length).toBeLessThan(1100);
  });

  it('name the error', () => {
    const error = { code: 'memory', title: 'Not enough memory', actions: [] };
    expect(announcement(turn('a', { status: 'failed', error }))).toBe('Not enough memory');
  });
});
