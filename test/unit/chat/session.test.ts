import { describe, expect, it } from 'vitest';
import type { BackendEvent } from '../../../src/backends/backend.ts';
import { FakeBackend, fakeModel, type Script } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { TokenCounts } from '../../../src/context/token-counts.ts';
import { newConversation, type Conversation } from '../../../src/chat/conversation.ts';
import { ChatSession, type SessionChange } from '../../../src/chat/session.ts';
import type { ThinkingMode } from '../../../src/protocol/webview.ts';
import type { ModelInfo } from '../../../src/protocol/engine.ts';

const answer = (text: string, tokens = 1): BackendEvent => ({ type: 'answer', text, tokens });
const end: BackendEvent = {
  type: 'end',
  result: { reason: 'stop', promptTokens: 10, cachedTokens: 4, thoughtTokens: 2, answerTokens: 3, firstTokenMs: 5, generationMs: 100, usedTokens: 15 },
};
const thinkThenAnswer: Script = [
  { type: 'reading', done: 4, total: 10, cached: 4 },
  { type: 'thought', text: 'Hm.', tokens: 2 },
  { type: 'thoughtEnd', by: 'model', tokens: 2 },
  answer('Yes', 1),
  answer('!', 2),
  end,
];

function session(
  scripts: readonly Script[],
  { mode = 'on', model = fakeModel }: { mode?: ThinkingMode; model?: ModelInfo } = {},
): { session: ChatSession; backend: FakeBackend; changes: SessionChange[]; saved: Conversation[] } {
  const backend = new FakeBackend(scripts, model);
  const saved: Conversation[] = [];
  const changes: SessionChange[] = [];
  let clock = 0;
  let ids = 0;
  const created = new ChatSession(
    {
      backend,
      counts: new TokenCounts(backend),
      thinking: () => ({ mode, budget: 512 }),
      save: (conversation) => Promise.resolve(void saved.push(conversation)),
      newId: () => `t${++ids}`,
      now: () => (clock += 10),
      wallClock: () => 1000,
      logger: silentLogger,
    },
    newConversation('c', 0),
  );
  created.onDidChange((change) => changes.push(change));
  return { session: created, backend, changes, saved };
}

describe('a turn', () => {
  it('gathers thought, answer and figures', async () => {
    const { session: chat, saved } = session([thinkThenAnswer]);
    await chat.ask(' Is it? ');
    expect(chat.live).toBeUndefined();
    expect(chat.conversation.title).toBe('Is it?');
    expect(chat.conversation.turns).toHaveLength(1);
    expect(chat.conversation.turns[0]).toMatchObject({
      question: 'Is it?',
      status: 'done',
      answer: 'Yes!',
      thought: { text: 'Hm.', tokens: 2, endedBy: 'model', budget: 512 },
      stats: { tokens: 3, firstTokenMs: 5, tokensPerSecond: 40, model: 'Fake' },
    });
    expect(chat.window).toEqual({ used: 15, cached: 10 });
    expect(saved.at(-1)).toEqual(chat.conversation);
  });

  it('is on disk before the first token', async () => {
    const { session: chat, saved } = session([[answer('x'), end]]);
    await chat.ask('q');
    expect(saved[0]?.turns[0]).toMatchObject({ question: 'q', answer: '', status: 'stopped' });
  });

  it('sends the history without thoughts', async () => {
    const { session: chat, backend } = session([thinkThenAnswer]);
    await chat.ask('one');
    await chat.ask('two');
    expect(backend.requests[1]?.messages.slice(1)).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'Yes!' },
      { role: 'user', content: 'two' },
    ]);
    expect(JSON.stringify(backend.requests[1])).not.toContain('Hm.');
  });

  it('keeps what had streamed when the engine crashes, and answers on retry', async () => {
    const crash = new PonderError('engine-crashed', 'gone', { how: 'SIGKILL' });
    const { session: chat } = session([[answer('Half'), crash], [answer('Whole'), end]]);
    await chat.ask('q');
    const [failed] = chat.conversation.turns;
    expect(failed).toMatchObject({ status: 'failed', answer: 'Half', error: { code: 'engine-crashed', data: { how: 'SIGKILL' } } });
    await chat.resend(failed?.id ?? '');
    expect(chat.conversation.turns).toMatchObject([{ status: 'done', answer: 'Whole' }]);
  });

  it('stops, keeps what had streamed and asks nothing meanwhile', async () => {
    const never = new Promise<void>(() => undefined);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { session: chat, backend } = session([[answer('Half'), gate, answer('lost'), never]]);
    const asking = chat.ask('q');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await chat.ask('another');
    const stopping = chat.stop();
    release();
    await stopping;
    await asking;
    expect(backend.requests).toHaveLength(1);
    expect(chat.conversation.turns).toMatchObject([{ status: 'stopped', answer: 'Half' }]);
  });

  it('asks an edited question in place of the old one and what followed', async () => {
    const { session: chat, backend } = session([[answer('x'), end]]);
    await chat.ask('one');
    await chat.ask('two');
    await chat.resend(chat.conversation.turns[0]?.id ?? '', 'uno');
    expect(chat.conversation.turns.map(({ question }) => question)).toEqual(['uno']);
    expect(backend.requests[2]?.messages).toHaveLength(2);
  });

  it('puts files before the question', async () => {
    const { session: chat, backend } = session([[answer('x'), end]]);
    await chat.ask('What?', { items: [{ path: 'src/a.ts', content: 'let a = 1;\n' }], automatic: [], leftOut: [] });
    expect(backend.requests[0]?.messages[1]?.content).toBe('File: src/a.ts\n```ts\nlet a = 1;\n```\n\nWhat?');
  });

  it('passes "answer now" on only while it thinks', async () => {
    const { session: chat, backend } = session([[answer('x'), end]]);
    await chat.answerNow();
    expect(backend.answersWanted).toBe(0);
  });
});

describe('thinking', () => {
  it.each([
    ['on', 'hybrid', 'Hi', true],
    ['off', 'hybrid', 'Why?', false],
    ['off', 'always', 'Hi', true],
    ['on', 'never', 'Why?', false],
    ['auto', 'hybrid', 'Hi', false],
    ['auto', 'hybrid', 'Why does it crash?', true],
    ['auto', 'hybrid', '为什么会崩溃？', true],
    ['off', 'hybrid', 'Hi /think', true],
    ['on', 'hybrid', 'Hi /no_think', true],
  ] as const)('mode %s, model %s, %j: %s', async (mode, thinking, question, expected) => {
    const { session: chat, backend } = session([[answer('x'), end]], { mode, model: { ...fakeModel, thinking } });
    await chat.ask(question);
    expect(backend.requests[0]?.thinking).toBe(expected);
    expect(backend.requests[0]?.sampling.temperature).toBe(expected ? 0.6 : 0.7);
  });
});
