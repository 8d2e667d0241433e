/** Answers that obey a grammar, on the real engine with the tiny model. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { createBackend, modelPath, question, run } from './support/backend.ts';

let backend: LocalBackend;
beforeAll(async () => {
  backend = createBackend();
  await backend.ensureReady();
});
afterAll(() => backend.dispose());

/** Nothing that the model would say of itself. */
const colours = 'root ::= ("red" | "green" | "blue") ", " [0-9]{3} "\\n"';
const obeyed = /^(red|green|blue), [0-9]{3}\n$/;
const clamp = question('Explain the function clamp.');
const thinking = question('Explain the function clamp.', { thinking: true });

describe('a grammar', () => {
  it('is obeyed, and the answer ends where it ends', async () => {
    const { answer, thought, result } = await run(backend, { ...clamp, grammar: colours });
    expect(answer).toMatch(obeyed);
    expect(thought).toBe('');
    expect(result.reason).toBe('stop');
  });

  it('is obeyed when drawing', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const sampling = { temperature: 1.5, topP: 1, topK: 0, minP: 0, seed };
      expect((await run(backend, { ...clamp, sampling, grammar: colours })).answer).toMatch(obeyed);
    }
  });

  it('does not hold for the next answer', async () => {
    await run(backend, { ...clamp, grammar: colours });
    expect((await run(backend, clamp)).answer).toContain('`clamp`');
  });

  it('keeps line breaks and tags of the answer to the letter', async () => {
    const text = '\n\n<think>a</think><tool_call>{}</tool_call>\n\n';
    const { answer, thought, events } = await run(backend, { ...clamp, grammar: `root ::= ${JSON.stringify(text)}` });
    expect(answer).toBe(text);
    expect(thought).toBe('');
    expect(events.filter(({ type }) => type === 'toolCall')).toEqual([]);
  });

  it('that the model would obey anyway changes nothing', async () => {
    const free = await run(backend, clamp);
    const bound = await run(backend, { ...clamp, grammar: 'root ::= [^\\x00]+' });
    expect(bound.answer).toBe(free.answer);
    expect(bound.result.answerTokens).toBe(free.result.answerTokens);
  });
});

describe('a thought before a grammar', () => {
  it('is free, and as without one', async () => {
    const free = await run(backend, thinking);
    const bound = await run(backend, { ...thinking, grammar: colours });
    expect(bound.thought).toBe(free.thought);
    expect(bound.answer).toMatch(obeyed);
    expect(bound.events).toContainEqual(expect.objectContaining({ type: 'thoughtEnd', by: 'model' }));
    // And the token that ends the thought, and the one that ends the answer.
    expect(bound.result.steps).toBe(bound.result.thoughtTokens + bound.result.answerTokens + 2);
  });

  it('leaves the answer as it would be, where the grammar allows it', async () => {
    const free = await run(backend, thinking);
    // The empty line after a thought is no part of the answer.
    expect((await run(backend, { ...thinking, grammar: 'root ::= [^\\n] [^\\x00]*' })).answer).toBe(free.answer);
  });

  it('is free where the prompt opens it', async () => {
    const always = createBackend({ modelPath: modelPath('tiny-qwen3-thinking-2507') });
    try {
      const free = await run(always, thinking);
      const bound = await run(always, { ...thinking, grammar: colours });
      expect(free.thought.length).toBeGreaterThan(20);
      expect(bound.thought).toBe(free.thought);
      expect(bound.answer).toMatch(obeyed);
    } finally {
      always.dispose();
    }
  });

  it('is none on a model that never thinks', async () => {
    const never = createBackend({ modelPath: modelPath('tiny-qwen3-instruct-2507') });
    try {
      const { answer, thought } = await run(never, { ...thinking, grammar: colours });
      expect(thought).toBe('');
      expect(answer).toMatch(obeyed);
    } finally {
      never.dispose();
    }
  });

  it('can be closed by its budget', async () => {
    const { answer, events } = await run(backend, { ...thinking, thoughtBudget: 5, grammar: colours });
    expect(events).toContainEqual({ type: 'thoughtEnd', by: 'budget', tokens: 5 });
    expect(answer).toMatch(obeyed);
  });

  it('can be closed by the user', async () => {
    let asked = false;
    const { answer, events } = await run(backend, { ...thinking, grammar: colours }, {
      onEvent: (event) => {
        if (event.type !== 'thought' || asked) return;
        asked = true;
        void backend.answerNow();
      },
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'thoughtEnd', by: 'user' }));
    expect(answer).toMatch(obeyed);
  });
});

describe('a grammar that cannot be used', () => {
  const wrong = ['root ::= "a', 'x ::= "a"', 'root ::= root "a" | "b"', 'root ::= missing', `root ::= ${'('.repeat(100_000)}"a"${')'.repeat(100_000)}`];

  it.each(wrong.map((grammar) => [grammar.slice(0, 30), grammar]))('is an error, and the engine lives: %s', async (_, grammar) => {
    const { pid } = await backend.status();
    await expect(run(backend, { ...clamp, grammar })).rejects.toMatchObject({ code: 'bad-message' });
    expect((await run(backend, clamp)).answer).toContain('`clamp`');
    expect((await backend.status()).pid).toBe(pid);
  });
});
