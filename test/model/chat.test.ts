/** The real engine process with the tiny model: thinking, stopping, budgets, reuse, tools. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import type { BackendEvent } from '../../src/backends/backend.ts';
import { isAbort } from '../../src/base/errors.ts';
import { createBackend, question, run } from './support/backend.ts';

let backend: LocalBackend;
beforeAll(async () => {
  backend = createBackend();
  await backend.ensureReady();
});
afterAll(() => backend.dispose());

const long = question('Count from 1 to 100.');
const longThought = question('Think about every number from 1 to 100, then say done.', { thinking: true });

describe('the model', () => {
  it('is described from its file', () => {
    expect(backend.state).toMatchObject({
      kind: 'ready',
      model: { architecture: 'qwen3', thinking: 'hybrid', gpu: 'cpu', gpuLayers: 0, threads: 1, tools: true, infill: true, contextSize: 2048 },
    });
  });
});

describe('a chat', () => {
  it('answers without thinking, reporting prefill and figures', async () => {
    const { thought, answer, events, result } = await run(backend, question('Explain the function clamp.'));
    expect(thought).toBe('');
    expect(answer).toContain('`clamp`');
    expect(events[0]).toMatchObject({ type: 'reading' });
    expect(result.reason).toBe('stop');
    expect(result.answerTokens).toBeGreaterThan(10);
    expect(result.firstTokenMs).toBeGreaterThan(0);
    expect(result.usedTokens).toBe(result.promptTokens + result.answerTokens);
  });

  it('thinks first when asked to', async () => {
    const { thought, answer, events } = await run(backend, question('Explain the function clamp.', { thinking: true }));
    expect(thought.length).toBeGreaterThan(20);
    expect(thought).not.toMatch(/^\n|\n$|<\/?think>/);
    expect(answer).toContain('`clamp`');
    const order = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
    expect(order).toEqual(['reading', 'thought', 'thoughtEnd', 'answer', 'end']);
  });

  it('gives the same text for the same seed', async () => {
    const sampled = question('Count from 1 to 100.', { sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, seed: 7 }, maxTokens: 60 });
    const [first, second] = [await run(backend, sampled), await run(backend, sampled)];
    expect(second.answer).toBe(first.answer);
  });

  it('says when the length cut the answer', async () => {
    const { result, answer } = await run(backend, { ...long, maxTokens: 5 });
    expect(result.reason).toBe('length');
    expect(result.answerTokens).toBe(5);
    expect(answer).not.toBe('');
  });
});

describe('the KV cache', () => {
  it('reads nothing twice: a repeated prompt costs no more than its last token', async () => {
    const params = question('What can you do?');
    const first = await run(backend, params);
    const again = await run(backend, params);
    expect(again.result.cachedTokens).toBe(first.result.promptTokens - 1);
    expect(again.answer).toBe(first.answer);
  });

  it('re-reads on a second turn the new tokens and the last answer at most', async () => {
    const first = await run(backend, question('Explain the function clamp.', { thinking: true }));
    const messages = [...question('Explain the function clamp.').messages, { role: 'assistant', content: first.answer } as const];
    const second = await run(backend, { ...question('x'), thinking: true, messages: [...messages, { role: 'user', content: 'Write a test for clamp.' }] });
    const [answerTokens = 0, questionTokens = 0] = await backend.countTokens([first.answer, 'Write a test for clamp.']);
    // The frame of two turns: <|im_start|>, role, newline, <|im_end|>.
    const frame = 16;
    expect(second.result.promptTokens - second.result.cachedTokens).toBeLessThanOrEqual(answerTokens + questionTokens + frame);
  });

  it('gives the same answer with and without a warm cache', async () => {
    const params = question('Write a test for slugify.');
    await run(backend, question('Count from 1 to 20.'));
    const warm = await run(backend, params);
    const fresh = createBackend();
    try {
      expect((await run(fresh, params)).answer).toBe(warm.answer);
    } finally {
      fresh.dispose();
    }
  });
});

describe('stopping', () => {
  async function stopAt(params: typeof long, when: (event: BackendEvent) => boolean): Promise<void> {
    const aborter = new AbortController();
    const stopped = run(backend, params, { signal: aborter.signal, onEvent: (event) => when(event) && aborter.abort() });
    await expect(stopped).rejects.toSatisfy(isAbort);
  }

  async function expectIdle(): Promise<void> {
    const before = await backend.status();
    expect(before.active).toBe(0);
    await delay(300);
    const after = await backend.status();
    expect(after.evaluatedTokens).toBe(before.evaluatedTokens);
    // Two status calls and a timer cost some milliseconds; a decoding thread would cost 300.
    expect(after.cpuMs - before.cpuMs).toBeLessThan(60);
  }

  it('takes effect while answering, and the engine is idle afterwards', async () => {
    const before = (await backend.status()).evaluatedTokens;
    await stopAt(long, (event) => event.type === 'answer');
    await expectIdle();
    // The whole answer has nearly 400 tokens.
    expect((await backend.status()).evaluatedTokens - before).toBeLessThan(300);
  });

  it('takes effect while thinking', async () => {
    await stopAt(longThought, (event) => event.type === 'thought');
    await expectIdle();
  });

  it('takes effect between two chunks of a prefill, and what was read stays read', async () => {
    const big = question(`${'const alpha = beta + gamma;\n'.repeat(220)}\nWhat is this?`);
    const fresh = createBackend({ contextSize: 4096 });
    try {
      await fresh.ensureReady();
      const aborter = new AbortController();
      let read = 0;
      const stopped = run(fresh, big, {
        signal: aborter.signal,
        onEvent: (event) => {
          if (event.type === 'reading' && event.done > event.cached) {
            read = event.done;
            aborter.abort();
          }
        },
      });
      await expect(stopped).rejects.toSatisfy(isAbort);
      const status = await fresh.status();
      expect(status.active).toBe(0);
      const again = await run(fresh, { ...big, maxTokens: 3 });
      expect(again.result.promptTokens).toBeGreaterThan(1000);
      expect(again.result.cachedTokens).toBeGreaterThanOrEqual(read);
      expect(again.result.cachedTokens).toBeLessThan(again.result.promptTokens - 1);
    } finally {
      fresh.dispose();
    }
  });

  it('lets a waiting request go', async () => {
    const aborter = new AbortController();
    const running = run(backend, { ...long, maxTokens: 100 });
    const waiting = run(backend, long, { signal: aborter.signal });
    aborter.abort();
    await expect(waiting).rejects.toSatisfy(isAbort);
    await expect(running).resolves.toMatchObject({ result: { reason: 'length' } });
  });
});

describe('the end of a thought', () => {
  it('comes at the budget, and an answer follows', async () => {
    const { events, answer, result } = await run(backend, { ...longThought, thoughtBudget: 40, maxTokens: 200 });
    expect(events).toContainEqual({ type: 'thoughtEnd', by: 'budget', tokens: 40 });
    expect(result.thoughtTokens).toBe(40);
    expect(answer).not.toBe('');
  });

  it('comes when the user wants the answer, and an answer follows', async () => {
    let asked = false;
    const { events, answer } = await run(backend, { ...longThought, maxTokens: 500 }, {
      onEvent: (event) => {
        if (event.type !== 'thought' || asked) return;
        asked = true;
        void backend.answerNow();
      },
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'thoughtEnd', by: 'user' }));
    expect(answer).not.toBe('');
  });

  it('leaves room for itself in a small window: the answer is cut, not lost', async () => {
    const small = createBackend({ contextSize: 256 });
    try {
      const { events, result } = await run(small, { ...longThought, thoughtBudget: 20 });
      expect(events).toContainEqual(expect.objectContaining({ type: 'thoughtEnd', by: 'budget' }));
      expect(['stop', 'length']).toContain(result.reason);
      const { result: cut } = await run(small, { ...question('Count from 1 to 100.', { thinking: true }), thoughtBudget: 4 });
      expect(cut.reason).toBe('length');
    } finally {
      small.dispose();
    }
  });

  it('is not remembered for the next thought', async () => {
    await backend.answerNow();
    const { events } = await run(backend, question('Explain the function clamp.', { thinking: true }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'thoughtEnd', by: 'model' }));
  });
});

describe('bad requests', () => {
  it('a prompt longer than the window is refused with its size', async () => {
    await expect(run(backend, question('word '.repeat(5000)))).rejects.toMatchObject({
      code: 'prompt-too-long',
      data: { window: 2048 },
    });
    await expect(run(backend, question('What can you do?'))).resolves.toMatchObject({ result: { reason: 'stop' } });
  });
});
