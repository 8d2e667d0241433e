import { describe, expect, it } from 'vitest';
import { fakeModel, FakeBackend } from '../../../src/backends/fake.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { newConversation, withTurn, type Turn } from '../../../src/chat/conversation.ts';
import { TokenCounts } from '../../../src/context/token-counts.ts';
import { applyEvent, startTurn } from '../../../src/chat/live-turn.ts';
import { nothingGiven } from '../../../src/context/item.ts';
import { ChatSession } from '../../../src/chat/session.ts';
import { recommendedGeneration } from '../../../src/models/generation.ts';
import { TurnStream } from '../../../src/chat/turn-stream.ts';
import { chatState, engineState, liveTurnState, thinkingState, type Surroundings } from '../../../src/chat/view-state.ts';

const turn: Turn = {
  id: 't1',
  question: 'Why?',
  files: [{ path: 'a.ts', content: 'x' }],
  answer: 'Because.',
  toolCalls: [],
  status: 'done',
  thought: { text: 'Hm.\n\nSo.', tokens: 4, ms: 2000, budget: 512, endedBy: 'model', steps: [{ start: 0, ms: 0 }] },
  stats: { tokens: 2, tokensPerSecond: 40, firstTokenMs: 30, model: 'Fake' },
};

const surroundings: Surroundings = { backend: { kind: 'missing' }, thinking: { mode: 'auto', budget: 512 }, context: { chips: [], offers: [], leftOut: [] }, outlook: undefined };

function session(turns: readonly Turn[]): ChatSession {
  const conversation = turns.reduce((all, each) => withTurn(all, each, 1), newConversation('c', 0));
  const backend = new FakeBackend();
  return new ChatSession(
    {
      backend,
      counts: new TokenCounts(backend),
      thinking: () => ({ mode: 'auto', budget: 512 }),
      generation: recommendedGeneration,
      save: () => Promise.resolve(),
      newId: () => 'x',
      now: () => 0,
      wallClock: () => 0,
      logger: silentLogger,
    },
    conversation,
  );
}

describe('the rules of the workspace', () => {
  it('are shown with what is known of them, and not where there are none', () => {
    const rules = [{ path: 'AGENTS.md', tokens: undefined }];
    expect(chatState(session([]), { ...surroundings, rules }).rules).toEqual(rules);
    expect(chatState(session([]), surroundings)).not.toHaveProperty('rules');
  });
});

describe('chatState', () => {
  it('shows turns, speed and starters', () => {
    const state = chatState(session([turn]), { ...surroundings, backend: { kind: 'ready', model: fakeModel } });
    expect(state).toMatchObject({ title: 'Why?', tokensPerSecond: 40, turns: [{ id: 't1', status: 'done', thought: { ms: 2000, tokens: 4 }, files: [{ path: 'a.ts' }] }] });
    expect(state.starters.length).toBeGreaterThan(0);
    expect(JSON.stringify(state)).not.toContain('Hm.');
  });

  it('gives each error its card', () => {
    const failed: Turn = { ...turn, status: 'failed', error: { code: 'prompt-too-long', message: 'm', data: { tokens: 9000, window: 8192 } } };
    const state = chatState(session([failed]), surroundings);
    expect(state.turns[0]?.error).toMatchObject({ code: 'prompt-too-long', actions: [{ id: 'use-context:16384', label: 'Use 16k' }, { id: 'new-conversation' }] });
  });
});

describe('thinkingState', () => {
  it('holds the thoughts of turns that thought', () => {
    const { thought, ...rest } = turn;
    expect(thought).toBeDefined();
    const plain: Turn = { ...rest, id: 't0' };
    const state = thinkingState(session([plain, turn]), { kind: 'ready', model: fakeModel }, 'auto');
    expect(state.thoughts).toMatchObject([{ turnId: 't1', status: 'done', endedBy: 'model', tokensPerSecond: 2 }]);
    expect(state.kind).toBe('hybrid');
  });

  it('says that a thought without an end was stopped', () => {
    const open = { text: 'Hm.', tokens: 1, ms: 5, budget: 512, steps: [] };
    const state = thinkingState(session([{ ...turn, thought: open }]), { kind: 'missing' }, 'auto');
    expect(state.thoughts[0]?.status).toBe('stopped');
  });
});

describe('engineState', () => {
  it.each([
    [{ ...fakeModel, gpuLayers: 36 }, '36/36 layers on the GPU'],
    [{ ...fakeModel, threads: 4 }, 'CPU, 4 threads'],
  ])('says where the model runs', (model, placement) => {
    expect(engineState({ kind: 'ready', model })).toMatchObject({ model: { placement, demo: false } });
  });

  it('labels the demonstration model', () => {
    expect(engineState({ kind: 'ready', model: { ...fakeModel, name: 'Tiny Qwen3 (Ponder demo)' } })).toMatchObject({ model: { name: 'Tiny Qwen3', demo: true } });
  });
});

describe('TurnStream', () => {
  it('sends whole turns at a new phase and when figures are due, appends between', () => {
    let clock = 0;
    const stream = new TurnStream(() => clock);
    let live = startTurn('t', 'q', nothingGiven, 512, 0);
    const send = (text: string): ReturnType<TurnStream['next']> => {
      live = applyEvent(live, { type: 'answer', text, tokens: 1 }, 'Fake', clock);
      return stream.next({ type: 'answer', turn: live, text });
    };
    expect(send('a')).toEqual({ chat: { type: 'turn', turn: liveTurnState(live) } });
    clock = 50;
    expect(send('b')).toEqual({ chat: { type: 'append', turnId: 't', text: 'b' } });
    clock = 250;
    expect(send('c').chat).toMatchObject({ type: 'turn', turn: { answer: 'abc' } });
  });

  it('streams thoughts to the thinking view', () => {
    const stream = new TurnStream(() => 0);
    let live = applyEvent(startTurn('t', 'q', nothingGiven, 512, 0), { type: 'thought', text: 'a', tokens: 1 }, 'Fake', 0);
    expect(stream.next({ type: 'thought', turn: live, text: 'a' })).toMatchObject({ chat: { type: 'turn' }, thinking: { type: 'thought', thought: { text: 'a', status: 'streaming' } } });
    live = applyEvent(live, { type: 'thought', text: 'b', tokens: 2 }, 'Fake', 1);
    expect(stream.next({ type: 'thought', turn: live, text: 'b' })).toEqual({ thinking: { type: 'append', turnId: 't', text: 'b' } });
  });
});
