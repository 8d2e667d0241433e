/** Reading ahead with the real engine: what it spares the next turn, and that it makes way at once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { isAbort } from '../../src/base/errors.ts';
import type { Message, PromptParams } from '../../src/protocol/engine.ts';
import { createBackend, question, run, until } from './support/backend.ts';
import { fill, hole } from './support/infill.ts';

const never = new AbortController().signal;
/** The frame of a turn: its marks, the role, line ends. */
const frame = 16;
/** Takes a while to read: nearly 4,000 tokens. */
const file = Array.from({ length: 330 }, (_, index) => `const total${String(index)} = first + second;`).join('\n');

let backend: LocalBackend;
beforeEach(async () => {
  backend = createBackend({ contextSize: 6144 });
  await backend.ensureReady();
});
afterEach(() => backend.dispose());

const withQuestion = (history: readonly Message[], content: string): Message[] => [...history, { role: 'user', content }];

async function tokensOf(...texts: string[]): Promise<number> {
  return (await backend.countTokens(texts)).reduce((sum, count) => sum + count, 0);
}

describe('reading ahead', () => {
  it.each([true, false])('leaves only the question to the next turn, thinking: %s', async (thinking) => {
    const first = question('Explain the function clamp.', { thinking });
    const { answer, thought } = await run(backend, first);
    expect(thought !== '').toBe(thinking);
    const history: Message[] = [...first.messages, { role: 'assistant', content: answer }];
    await backend.preread({ messages: withQuestion(history, ''), thinking }, never);
    const next = 'Write a test for clamp.';
    const { result } = await run(backend, { ...first, messages: withQuestion(history, next) });
    expect(result.promptTokens - result.cachedTokens).toBeLessThanOrEqual((await tokensOf(next)) + frame);
  });

  it('answers as if nothing had been read ahead', async () => {
    const first = question('Explain the function clamp.', { thinking: true });
    const { answer } = await run(backend, first);
    const messages = withQuestion([...first.messages, { role: 'assistant', content: answer }], 'Write a test for clamp.');
    const plain = await run(backend, { ...question(''), messages });
    await run(backend, first);
    await backend.preread({ messages, thinking: false }, never);
    const ahead = await run(backend, { ...question(''), messages });
    expect(ahead.result.cachedTokens).toBeGreaterThan(0);
    expect(ahead.answer).toBe(plain.answer);
  });

  it('has a window that begins small grow for it, and the next answer says so', async () => {
    backend.dispose();
    backend = createBackend({ contextSize: 'auto' });
    await expect(backend.ensureReady()).resolves.toMatchObject({ contextSize: 2048 });
    const asked = question(file);
    await backend.preread({ messages: asked.messages, thinking: false }, never);
    const { result, events } = await run(backend, asked);
    expect(result.promptTokens).toBeGreaterThan(2048);
    expect(result.promptTokens - result.cachedTokens).toBeLessThanOrEqual(frame);
    expect(events.filter(({ type }) => type === 'window')).toMatchObject([{ from: 2048, why: 'grown', model: { contextSize: 8192 } }]);
    expect((await run(backend, asked)).events.filter(({ type }) => type === 'window')).toEqual([]);
  });

  it('reads nothing that is there already, and takes nothing away', async () => {
    const first = question('Explain the function clamp.');
    const { result } = await run(backend, first);
    const before = (await backend.status()).evaluatedTokens;
    await backend.preread({ messages: first.messages, thinking: false }, never);
    expect((await backend.status()).evaluatedTokens).toBe(before);
    expect((await run(backend, first)).result.cachedTokens).toBe(result.promptTokens - 1);
  });
});

describe('reading ahead makes way', () => {
  const long: PromptParams = { messages: [...question(file).messages, { role: 'assistant', content: 'Yes.' }, { role: 'user', content: '' }], thinking: false };

  /** A preread that has begun, and how it ends. */
  async function begun(): Promise<{ readonly outcome: Promise<unknown> }> {
    const outcome = backend.preread(long, never).then(
      () => 'done',
      (error: unknown) => (isAbort(error) ? 'aborted' : error),
    );
    await until('some of it is read', async () => (await backend.status()).evaluatedTokens > 0);
    return { outcome };
  }

  it('for a chat, at once, and nothing is read twice', async () => {
    const { outcome } = await begun();
    const messages = withQuestion(long.messages.slice(0, -1), 'What is this?');
    const { result } = await run(backend, { ...question(''), messages, maxTokens: 4 });
    expect(await outcome).toBe('aborted');
    expect(result.cachedTokens).toBeGreaterThan(0);
    // Some were left for the chat, or the test would show nothing.
    expect(result.cachedTokens).toBeLessThan(result.promptTokens - 200);
    const { evaluatedTokens } = await backend.status();
    expect(evaluatedTokens).toBeLessThanOrEqual(result.promptTokens + 2 * 4);
  });

  it('for a completion, at once, and what was read stays', async () => {
    await backend.ensureInfill();
    const { outcome } = await begun();
    const { result: filled } = await fill(backend, hole({ form: 'file', prefix: 'def add(a, b):\n    return ', suffix: '\n' }, { maxTokens: 4 }));
    expect(await outcome).toBe('aborted');
    const { cached, tokens } = await backend.measure(long, never);
    expect(cached).toBeGreaterThan(0);
    expect(cached).toBeLessThan(tokens - 200);
    await backend.preread(long, never);
    const { evaluatedTokens } = await backend.status();
    expect(evaluatedTokens).toBeLessThanOrEqual(tokens + filled.promptTokens + 2 * 4);
  });

  it('for another model', async () => {
    const { outcome } = await begun();
    await backend.unload();
    expect(await outcome).toBe('aborted');
  });
});
