/** Guessing from the prompt, on the real engine with the tiny model: what comes out is the same, in fewer steps. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renameCases } from '../../bench/edits/cases.ts';
import type { LocalBackend } from '../../src/backends/local.ts';
import { isAbort } from '../../src/base/errors.ts';
import type { ChatParams } from '../../src/protocol/engine.ts';
import { createBackend, modelPath, question, run, type Outcome } from './support/backend.ts';
import { scriptGrammars } from './support/script.ts';

const [rename] = renameCases();
if (!rename) throw new Error('There is no case.');
const code = `\`\`\`ts\n${rename.before.join('\n')}\n\`\`\``;
const changed = `\`\`\`ts\n${rename.after.join('\n')}\n\`\`\``;
const renaming = question(`${code}\n\nRename \`${rename.from}\` to \`${rename.to}\`.`);
const sentence = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen. ';

let backend: LocalBackend;
let script: string;
let repeating: string;
beforeAll(async () => {
  backend = createBackend({ contextSize: 4096 });
  await backend.ensureReady();
  [script = '', repeating = ''] = await scriptGrammars(modelPath(), [changed, sentence]);
});
afterAll(() => backend.dispose());

async function both(params: ChatParams): Promise<{ plain: Outcome; guessed: Outcome }> {
  const plain = await run(backend, params);
  return { plain, guessed: await run(backend, { ...params, lookup: true }) };
}

function expectSame({ plain, guessed }: { plain: Outcome; guessed: Outcome }): void {
  expect(guessed.answer).toBe(plain.answer);
  expect(guessed.thought).toBe(plain.thought);
  const { reason, promptTokens, thoughtTokens, answerTokens, usedTokens } = plain.result;
  expect(guessed.result).toMatchObject({ reason, promptTokens, thoughtTokens, answerTokens, usedTokens });
}

describe('with guesses', () => {
  it.each([
    ['an answer from memory', question('Explain the function clamp.')],
    ['a list', question('Count from 1 to 100.')],
    ['an answer after a thought', question('Explain the function clamp.', { thinking: true })],
    ['a thought cut short', question('Think about every number from 1 to 100, then say done.', { thinking: true, thoughtBudget: 40, maxTokens: 200 })],
    ['an answer cut short', question('Count from 1 to 100.', { maxTokens: 77 })],
    ['an answer to code', { ...renaming, maxTokens: 300 }],
    ['an answer that must have a form', question('Count from 1 to 100.', { grammar: 'root ::= ([0-9]+ "," "\\n"?)+ "end"', maxTokens: 150 })],
    ['a thought before such an answer', question('Explain the function clamp.', { thinking: true, grammar: 'root ::= [^\\n] [^\\x00]*' })],
  ])('%s is the same', async (_, params) => {
    expectSame(await both(params));
  });

  it('an answer that is forced is the same, in a few steps', async () => {
    const outcome = await both({ ...renaming, grammar: script });
    expectSame(outcome);
    expect(outcome.guessed.answer).toBe(changed);
    const { answerTokens, steps } = outcome.guessed.result;
    expect(steps / answerTokens).toBeLessThanOrEqual(0.2);
    // One for each token, and one for the end.
    expect(outcome.plain.result.steps).toBe(answerTokens + 1);
  });

  it('a window is filled as far as without', async () => {
    const small = createBackend({ contextSize: 256 });
    try {
      const plain = await run(small, question('Count from 1 to 100.'));
      const guessed = await run(small, question('Count from 1 to 100.', { lookup: true }));
      expect(plain.result.reason).toBe('length');
      expectSame({ plain, guessed });
    } finally {
      small.dispose();
    }
  });
});

describe('steps', () => {
  it('are those that can be counted by hand', async () => {
    const { answerTokens, steps } = (await run(backend, { ...question(`${sentence}Say this again.`), grammar: repeating, lookup: true })).result;
    expect(answerTokens).toBeGreaterThan(30);
    // One at a time as long as nothing is found, which are three tokens at most; then 4, 8, and 16 each.
    const rest = answerTokens + 1 - 12;
    expect(steps).toBeGreaterThanOrEqual(2 + Math.ceil(rest / 16));
    expect(steps).toBeLessThanOrEqual(3 + 2 + Math.ceil(rest / 16));
  });
});

describe('where something is drawn', () => {
  it('nothing is guessed', async () => {
    const sampling = { temperature: 0.8, topP: 1, topK: 0, minP: 0, seed: 3 };
    const outcome = await both({ ...renaming, sampling, grammar: script });
    expectSame(outcome);
    expect(outcome.guessed.result.steps).toBe(outcome.guessed.result.answerTokens + 1);
  });

  it('nor where what was said counts against saying it again', async () => {
    const sampling = { temperature: 0, topP: 1, topK: 0, minP: 0, presencePenalty: 1.5 };
    const outcome = await both({ ...renaming, sampling, grammar: script });
    expectSame(outcome);
    expect(outcome.guessed.result.steps).toBe(outcome.guessed.result.answerTokens + 1);
  });
});

describe('after guesses', () => {
  const next: ChatParams = { ...renaming, messages: [...renaming.messages, { role: 'assistant', content: changed }, { role: 'user', content: 'Explain the function clamp.' }], maxTokens: 40 };

  it('the next turn finds as much in the cache, and says the same', async () => {
    // Its template puts nothing between a question and its answer that would go with the next turn.
    const instruct = createBackend({ modelPath: modelPath('tiny-qwen3-instruct-2507'), contextSize: 4096 });
    try {
      const first = { ...renaming, grammar: script };
      await run(instruct, first);
      const plain = await run(instruct, next);
      // Another prompt goes ahead, or the answer would be in the cache already.
      await run(instruct, question('What can you do?', { maxTokens: 5 }));
      await run(instruct, { ...first, lookup: true });
      const guessed = await run(instruct, next);
      expectSame({ plain, guessed });
      expect(guessed.result.cachedTokens).toBe(plain.result.cachedTokens);
      expect(guessed.result.cachedTokens).toBeGreaterThan(plain.result.promptTokens - 40);
    } finally {
      instruct.dispose();
    }
  });

  it('that were cut off in the middle, the sequence is as good as before', async () => {
    const part = { ...renaming, maxTokens: 60 };
    const plain = await run(backend, part);
    for (const after of [1, 3]) {
      const aborter = new AbortController();
      let answers = 0;
      const stopped = run(backend, { ...renaming, grammar: script, lookup: true }, {
        signal: aborter.signal,
        onEvent: ({ type }) => {
          if (type === 'answer' && ++answers === after) aborter.abort();
        },
      });
      await expect(stopped).rejects.toSatisfy(isAbort);
      expect((await backend.status()).active).toBe(0);
      const again = await run(backend, part);
      expect(again.answer).toBe(plain.answer);
      expect(again.result.cachedTokens).toBe(plain.result.promptTokens - 1);
    }
  });

  it('that were cut off, the engine is idle', async () => {
    const aborter = new AbortController();
    const stopped = run(backend, { ...renaming, grammar: script, lookup: true }, { signal: aborter.signal, onEvent: ({ type }) => type === 'answer' && aborter.abort() });
    await expect(stopped).rejects.toSatisfy(isAbort);
    const { evaluatedTokens } = await backend.status();
    await delay(200);
    expect((await backend.status()).evaluatedTokens).toBe(evaluatedTokens);
  });
});
