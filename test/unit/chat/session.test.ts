import { describe, expect, it } from 'vitest';
import type { BackendEvent } from '../../../src/backends/backend.ts';
import { FakeBackend, fakeModel, type Script } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { TokenCounts } from '../../../src/context/token-counts.ts';
import { newConversation, type Conversation } from '../../../src/chat/conversation.ts';
import { compactQuestion } from '../../../src/chat/prompt.ts';
import { ChatSession, type SessionChange, type SessionOptions } from '../../../src/chat/session.ts';
import { recommendedGeneration } from '../../../src/models/generation.ts';
import type { ThinkingMode } from '../../../src/protocol/webview.ts';
import type { ModelInfo } from '../../../src/protocol/engine.ts';

const answer = (text: string, tokens = 1): BackendEvent => ({ type: 'answer', text, tokens });
const end: BackendEvent = {
  type: 'end',
  result: { reason: 'stop', promptTokens: 10, cachedTokens: 4, thoughtTokens: 2, answerTokens: 3, steps: 5, firstTokenMs: 5, generationMs: 100, usedTokens: 15 },
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
  { mode = 'on', model = fakeModel, pinned, rules, generation = recommendedGeneration }: Partial<Pick<SessionOptions, 'pinned' | 'rules' | 'generation'>> & { mode?: ThinkingMode; model?: ModelInfo } = {},
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
      ...(pinned ? { pinned } : {}),
      ...(rules ? { rules } : {}),
      generation,
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

  it('reads what is pinned before everything, in an order that changes little', async () => {
    let pinned = [{ path: 'a.ts', content: 'a' }, { path: 'b.ts', content: 'b' }];
    const { session: chat, backend } = session([[answer('x'), end]], { pinned: () => Promise.resolve(pinned) });
    await chat.ask('one');
    pinned = [{ path: 'a.ts', content: 'changed' }, { path: 'b.ts', content: 'b' }];
    await chat.ask('two');
    expect(backend.requests.map(({ messages }) => [...(messages[1]?.content ?? '').matchAll(/File: (\w)/g)].map(([, name]) => name))).toEqual([['a', 'b'], ['b', 'a']]);
    expect(backend.requests[1]?.messages.at(-1)?.content).toBe('two');
  });

  it('keeps what was sent along and what was not', async () => {
    const { session: chat } = session([[answer('x'), end]]);
    const large = { path: 'large.ts', content: 'x'.repeat(40_000) };
    const small = { path: 'small.ts', content: 'x' };
    await chat.ask('q', { items: [], automatic: [large, small], leftOut: [{ label: 'key.pem', why: 'secret' }] });
    expect(chat.conversation.turns[0]).toMatchObject({
      files: [{ path: 'small.ts', tokens: expect.any(Number) as number }],
      leftOut: [{ label: 'key.pem', why: 'secret' }, { label: 'large.ts', why: 'window' }],
    });
  });

  it('folds the oldest turns away when the window is full, and remembers it', async () => {
    const long = { items: [{ path: 'a.ts', content: 'x'.repeat(4000) }], automatic: [], leftOut: [] };
    const { session: chat, backend, saved } = session([[answer('x'), end]]);
    for (const question of ['one', 'two']) await chat.ask(question, long);
    expect(saved.at(-1)?.fold).toBeUndefined();
    await chat.ask('three', long);
    expect(saved.at(-1)?.fold?.turns).toBe(1);
    expect(backend.requests.at(-1)?.messages[1]?.content).toMatch(/two$/);
    expect(chat.conversation.turns).toHaveLength(3);
  });

  it('says when the window has changed', async () => {
    const grown = { ...fakeModel, contextSize: 65_536, yarnFactor: 2 };
    const { session: chat } = session([[{ type: 'window', from: 32_768, model: grown, why: 'grown' }, answer('x'), end]]);
    await chat.ask('q');
    expect(chat.conversation.turns[0]?.resized).toEqual({ size: 65_536, yarnFactor: 2, kvType: 'f16', why: 'grown' });
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

describe('a summary', () => {
  const notes: Script = [answer('Notes'), answer('.', 2), end];

  it('stands for all that was said, from the next question on', async () => {
    const { session: chat, backend, saved } = session([[answer('First.'), end], notes, [answer('Second.'), end]]);
    await chat.ask('one');
    const done = chat.compact();
    expect(chat.busy).toBe(true);
    await done;
    expect(backend.requests[1]).toMatchObject({ thinking: false, messages: [{}, { content: 'one' }, { content: 'First.' }, { content: compactQuestion }] });
    expect(saved.at(-1)?.fold).toEqual({ turns: 1, summary: 'Notes.', before: 0 });
    await chat.ask('two');
    expect(backend.requests[2]?.messages.slice(1)).toEqual([{ role: 'user', content: 'Notes on our conversation so far:\n\nNotes.\n\ntwo' }]);
    expect(chat.conversation.turns).toHaveLength(2);
  });

  it('can be undone', async () => {
    const { session: chat, backend } = session([[answer('First.'), end], notes, [answer('Second.'), end]]);
    await chat.ask('one');
    await chat.compact();
    await chat.undoCompact();
    expect(chat.conversation.fold).toBeUndefined();
    await chat.ask('two');
    expect(backend.requests[2]?.messages.map(({ content }) => content).slice(1)).toEqual(['one', 'First.', 'two']);
  });

  it('that is stopped leaves everything as it was', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { session: chat } = session([[answer('First.'), end], [answer('No'), gate, answer('tes', 2), end]]);
    await chat.ask('one');
    const before = chat.conversation;
    const compacting = chat.compact();
    const stopping = chat.stop();
    open();
    await Promise.all([compacting, stopping]);
    expect(chat.conversation).toEqual(before);
    expect(chat.busy).toBe(false);
  });

  it('is not made of nothing, nor while a turn runs', async () => {
    const { session: chat, backend } = session([[answer('First.'), end]]);
    await chat.compact();
    const asking = chat.ask('one');
    await chat.compact();
    await asking;
    expect(backend.requests).toHaveLength(1);
  });
});

describe('reading ahead', () => {
  it('reads what is pinned and what was said, and no thought', async () => {
    const { session: chat, backend } = session([thinkThenAnswer], { pinned: () => Promise.resolve([{ path: 'a.ts', content: 'a' }]) });
    await chat.ask('one');
    await chat.readAhead(new AbortController().signal);
    expect(backend.prereads[0]?.messages.slice(1)).toEqual([
      { role: 'user', content: 'File: a.ts\n```ts\na\n```\n\none' },
      { role: 'assistant', content: 'Yes!' },
      { role: 'user', content: '' },
    ]);
  });

  it('of a first question reads the pinned files', async () => {
    const { session: chat, backend } = session([], { pinned: () => Promise.resolve([{ path: 'a.ts', content: 'a' }]) });
    await chat.readAhead(new AbortController().signal);
    expect(backend.prereads[0]?.messages.at(-1)?.content).toBe('File: a.ts\n```ts\na\n```\n\n');
  });

  it('and all else that is sent begins with the rules as they are now', async () => {
    let rule = 'Use tabs.';
    const { session: chat, backend } = session([thinkThenAnswer], { rules: () => Promise.resolve([{ path: 'AGENTS.md', content: rule }]) });
    const { signal } = new AbortController();
    await chat.readAhead(signal);
    const preview = await chat.preview('one', { items: [], automatic: [], leftOut: [] }, signal);
    await chat.ask('one');
    await chat.compact();
    const first = [backend.prereads[0], preview.prompt, ...backend.requests].map((prompt) => prompt?.messages[0]?.content ?? '');
    expect(first).toHaveLength(4);
    expect(new Set(first).size).toBe(1);
    expect(first[0]).toMatch(/Rules of this workspace:\n\nFile: AGENTS\.md\n```md\nUse tabs\.\n```$/);
    rule = 'Use spaces.';
    await chat.ask('two');
    expect(backend.requests.at(-1)?.messages[0]?.content).toContain('Use spaces.');
  });

  it('does nothing where there is nothing to read', async () => {
    const { session: chat, backend } = session([]);
    await chat.readAhead(new AbortController().signal);
    expect(backend.prereads).toEqual([]);
  });
});

describe('how a turn is sampled', () => {
  it('is as the card of the model recommends, where nobody says otherwise', async () => {
    const { session: chat, backend } = session([thinkThenAnswer], { mode: 'off', model: { ...fakeModel, architecture: 'llama', thinking: 'never' } });
    await chat.ask('Hello');
    expect(backend.requests[0]).toMatchObject({ sampling: { temperature: 0.8, topK: 40 }, maxTokens: 16_384, thoughtBudget: 512 });
  });

  it('is asked of whoever chooses, with the model and whether it thinks', async () => {
    const asked: unknown[] = [];
    const sampling = { temperature: 1.2, topP: 0.9, topK: 7, minP: 0.1 };
    const { session: chat, backend, saved } = session([thinkThenAnswer], {
      generation: (model, thinks, budget) => {
        asked.push([model.name, thinks, budget]);
        return Promise.resolve({ sampling, maxTokens: 999, thoughtBudget: 700 });
      },
    });
    await chat.ask('Is it?');
    expect(new Set(asked.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify([fakeModel.name, true, 512])]));
    expect(backend.requests[0]).toMatchObject({ sampling, maxTokens: 999, thoughtBudget: 700 });
    expect(saved.at(-1)?.turns[0]?.thought?.budget).toBe(700);
  });
});
