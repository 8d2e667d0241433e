/** The real engine process with the tiny model: holes it has learnt to fill, reuse of the KV cache, stopping, pre-emption. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { isAbort } from '../../src/base/errors.ts';
import type { InfillPrompt } from '../../src/protocol/engine.ts';
import { createBackend, modelPath, question, run, until } from './support/backend.ts';
import { golden } from './support/goldens.ts';
import { fill, hole } from './support/infill.ts';

interface Case {
  readonly set: string;
  readonly prefix: string;
  readonly suffix?: string;
  readonly repository?: string;
  /** The last one is the file with the hole, without content. */
  readonly files?: readonly (readonly [path: string, content: string | null])[];
  readonly answer: string;
  readonly exact: boolean;
}

const cases = (golden('eval') as { cases: (Case | { prefix?: undefined })[] }).cases.filter((entry) => entry.prefix !== undefined);

function promptOf({ prefix, suffix = '', repository, files = [] }: Case): InfillPrompt {
  if (repository === undefined) return { form: 'file', prefix, suffix };
  return {
    form: 'repository',
    repository,
    files: files.slice(0, -1).map(([name, content]) => ({ path: name, content: content ?? '' })),
    path: files.at(-1)?.[0] ?? '',
    prefix,
    suffix,
  };
}

let backend: LocalBackend;
beforeAll(async () => {
  backend = createBackend();
  await backend.ensureInfill();
});
afterAll(() => backend.dispose());

const multiply: InfillPrompt = { form: 'file', prefix: 'function multiply(seed: number, shape: number): number {\n', suffix: '\n}\n' };

describe('the tiny model fills', () => {
  const exact = cases.filter((entry) => entry.exact);

  it('holes of all its kinds', () => {
    expect(new Set(exact.map(({ set }) => set))).toEqual(new Set(['infill', 'infill_repository', 'infill_sample']));
    expect(exact.length).toBeGreaterThan(25);
  });

  it.each(exact.map((entry, index) => [index, entry] as const))('%i', async (_, entry) => {
    const { text, result } = await fill(backend, hole(promptOf(entry)));
    expect({ text, reason: result.reason }).toEqual({ text: entry.answer, reason: 'stop' });
  });

  it('holes with their beginning typed', async () => {
    const { text } = await fill(backend, hole(multiply, { typed: '  return seed' }));
    expect(text).toBe(' * shape;');
  });

  it('with a probability for each piece', async () => {
    const { pieces } = await fill(backend, hole(multiply, { typed: '  return seed' }));
    for (const { probability } of pieces) expect(probability).toBeGreaterThan(0.9);
  });
});

describe('reading', () => {
  it('a key costs two tokens, or three where the tokenizer splits the word anew', async () => {
    const typed = '  return seed * shape;';
    await fill(backend, hole(multiply, { maxTokens: 1 }));
    const read: number[] = [];
    for (let length = 1; length <= typed.length; length++) {
      const { result } = await fill(backend, hole(multiply, { typed: typed.slice(0, length), maxTokens: 1 }));
      read.push(result.promptTokens - result.cachedTokens);
    }
    expect(read.filter((tokens) => tokens > 2).length).toBeLessThanOrEqual(2);
    expect(Math.max(...read)).toBeLessThanOrEqual(3);
  });

  it('happens ahead where nothing is to be written', async () => {
    const ahead: InfillPrompt = { ...multiply, prefix: '// Read ahead.\nfunction multiply(seed: number, shape: number): number {\n' };
    const { text, result } = await fill(backend, hole(ahead, { maxTokens: 0, urgency: 'background' }));
    expect({ text, tokens: result.tokens }).toEqual({ text: '', tokens: 0 });
    const { result: next } = await fill(backend, hole(ahead, { maxTokens: 4 }));
    expect(next.promptTokens - next.cachedTokens).toBeLessThanOrEqual(1);
  });

  it('refuses what is longer than the window', async () => {
    const prompt: InfillPrompt = { form: 'file', prefix: 'x + '.repeat(5000), suffix: '' };
    await expect(fill(backend, hole(prompt))).rejects.toMatchObject({ code: 'prompt-too-long', data: { window: 4096 } });
  });
});

describe('text that looks like structure', () => {
  it.each(['<|fim_middle|>', '<|file_sep|>', '<|im_end|>', '<think>', '</think>'])('%s stays text', async (spelling) => {
    const { result: plain } = await fill(backend, hole({ form: 'file', prefix: `${'a'.repeat(3)}\n`, suffix: '' }, { maxTokens: 1 }));
    const { result } = await fill(backend, hole({ form: 'file', prefix: `aaa${spelling}\n`, suffix: '' }, { maxTokens: 1 }));
    // One token would be the special one; text takes several.
    expect(result.promptTokens - plain.promptTokens).toBeGreaterThan(1);
  });
});

describe('by chat', () => {
  const asked: InfillPrompt = {
    form: 'chat',
    messages: [{ role: 'user', content: 'Complete the function multiply.' }],
    opening: '```ts\nfunction multiply(seed: number, shape: number): number {\n',
  };

  it.each(['tiny-qwen3', 'tiny-qwen3-thinking-2507', 'tiny-qwen3-instruct-2507'] as const)('%s goes on without a thought', async (name) => {
    const other = createBackend({ modelPath: modelPath(name) });
    try {
      const { text } = await fill(other, hole(asked, { typed: '  return', maxTokens: 40 }));
      expect(text).not.toMatch(/think>/);
      const { forms } = await other.ensureInfill();
      expect(forms).toEqual({ file: true, repository: true, chat: true });
    } finally {
      other.dispose();
    }
  });
});

describe('a score', () => {
  it('is higher for what belongs there', async () => {
    const signal = new AbortController().signal;
    const score = (middle: string): Promise<number> => backend.score({ prompt: multiply, typed: '  return ', middle }, signal);
    const [right, wrong] = [await score('seed * shape;'), await score('shape / seed;')];
    expect(right).toBeLessThanOrEqual(0);
    expect(right).toBeGreaterThan(-0.1);
    expect(wrong).toBeLessThan(right - 1);
  });
});

describe('stopping', () => {
  it('leaves the engine idle', async () => {
    const aborter = new AbortController();
    const endless: InfillPrompt = { form: 'file', prefix: 'numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, ', suffix: '' };
    await expect(
      fill(backend, hole(endless, { maxTokens: 2000 }), { signal: aborter.signal, onText: () => aborter.abort() }),
    ).rejects.toSatisfy(isAbort);
    await until('idle', async () => (await backend.status()).active === 0);
    const before = await backend.status();
    await delay(300);
    const after = await backend.status();
    expect(after.evaluatedTokens).toBe(before.evaluatedTokens);
    expect(after.cpuMs - before.cpuMs).toBeLessThan(100);
  });

  it('while reading, too', async () => {
    const aborter = new AbortController();
    const prompt: InfillPrompt = { form: 'file', prefix: 'let value = other + more;\n'.repeat(360), suffix: '' };
    const filling = fill(backend, hole(prompt), { signal: aborter.signal });
    setTimeout(() => aborter.abort(), 50);
    await expect(filling).rejects.toSatisfy(isAbort);
    await until('idle', async () => (await backend.status()).active === 0);
    expect((await fill(backend, hole(multiply, { typed: '  return seed' }))).text).toBe(' * shape;');
  });
});

describe('beside a chat', () => {
  it('goes before its reading and its writing, and both go on unharmed', async () => {
    const ask = question(`${'Some words that take a while to be read. '.repeat(70)}\nCount from 1 to 100.`, { maxTokens: 200 });
    const alone = await run(backend, ask);
    const fresh = createBackend();
    try {
      await fresh.ensureInfill();
      const order: string[] = [];
      const fills: Promise<void>[] = [];
      const interrupt = (when: string): void => {
        order.push(`${when} asked`);
        fills.push(
          fill(fresh, hole(multiply, { typed: '  return seed' })).then(({ text }) => {
            order.push(`${when} filled`);
            expect(text).toBe(' * shape;');
          }),
        );
      };
      const beside = await run(fresh, ask, {
        onEvent: (event) => {
          if (event.type === 'reading' && event.done > 64 && event.done < event.total && !order.includes('reading asked')) interrupt('reading');
          if (event.type === 'answer' && event.tokens > 20 && !order.includes('writing asked')) interrupt('writing');
          if (event.type === 'end') order.push('answered');
        },
      });
      await Promise.all(fills);
      expect(order).toEqual(['reading asked', 'reading filled', 'writing asked', 'writing filled', 'answered']);
      expect(beside.answer).toBe(alone.answer);
      expect(beside.result.cachedTokens).toBe(0);
    } finally {
      fresh.dispose();
    }
  });

  it('does not wait for its end when it comes for the first time', async () => {
    const fresh = createBackend();
    try {
      const order: string[] = [];
      const chat = run(fresh, question('Count from 1 to 100.', { maxTokens: 250 }), {
        onEvent: (event) => {
          if (event.type === 'answer' && order.length === 0) order.push('answering');
        },
      }).then(() => order.push('answered'));
      await until('answering', () => order.length > 0);
      await fill(fresh, hole(multiply, { typed: '  return seed' })).then(() => order.push('filled'));
      await chat;
      expect(order).toEqual(['answering', 'filled', 'answered']);
    } finally {
      fresh.dispose();
    }
  });

  it('in the background, waits for it', async () => {
    const order: string[] = [];
    const chat = run(backend, question('Count from 1 to 100.', { maxTokens: 100 }), {
      onEvent: (event) => {
        if (event.type === 'answer' && order.length === 0) order.push('answering');
      },
    }).then(() => order.push('answered'));
    await until('answering', () => order.length > 0);
    await fill(backend, hole(multiply, { urgency: 'background' })).then(() => order.push('filled'));
    await chat;
    expect(order).toEqual(['answering', 'answered', 'filled']);
  });

  it('in the background, gives way to who types', async () => {
    const chat = run(backend, question('Count from 1 to 100.', { maxTokens: 200 }));
    const ahead = fill(backend, hole(multiply, { urgency: 'background' }));
    const typing = fill(backend, hole(multiply, { typed: '  return seed' }));
    await expect(ahead).rejects.toSatisfy(isAbort);
    expect((await typing).text).toBe(' * shape;');
    await chat;
  });

  it('is as the chat was before: its cache is its own', async () => {
    await run(backend, question('Explain the function clamp.'));
    await fill(backend, hole(multiply));
    const { result } = await run(backend, question('Explain the function clamp.'));
    expect(result.cachedTokens).toBe(result.promptTokens - 1);
  });
});

describe('a model of its own', () => {
  it('completes without the chat\'s being loaded, and beside it', async () => {
    const other = createBackend();
    other.useInfillModel({ modelPath: modelPath('tiny-qwen3-instruct-2507'), gpu: 'cpu', threads: 1 });
    try {
      const info = await other.ensureInfill();
      expect((await other.status()).loaded).toBe(false);
      expect((await fill(other, hole(multiply, { typed: '  return seed' }))).text).toBe(' * shape;');
      await other.ensureReady();
      other.useInfillModel(undefined);
      expect((await other.ensureInfill()).fingerprint).not.toBe(info.fingerprint);
      expect((await fill(other, hole(multiply, { typed: '  return seed' }))).text).toBe(' * shape;');
    } finally {
      other.dispose();
    }
  });

  it('that cannot be loaded says so and leaves the chat alone', async () => {
    const other = createBackend();
    other.useInfillModel({ modelPath: '/nowhere.gguf', gpu: 'cpu', threads: 1 });
    try {
      await expect(other.ensureInfill()).rejects.toMatchObject({ code: 'model-missing' });
      await expect(run(other, question('What can you do?', { maxTokens: 3 }))).resolves.toBeDefined();
    } finally {
      other.dispose();
    }
  });
});

describe('opening and closing', () => {
  it('frees the context, opens it again, and survives the loading of another model', async () => {
    const other = createBackend();
    try {
      await fill(other, hole(multiply));
      await other.closeInfill();
      const before = await other.status();
      expect(before.evaluatedTokens).toBe(0);
      expect((await fill(other, hole(multiply, { typed: '  return seed' }))).text).toBe(' * shape;');
      await other.unload();
      expect((await fill(other, hole(multiply, { typed: '  return seed' }))).text).toBe(' * shape;');
    } finally {
      other.dispose();
    }
  });
});

describe('a model without infill tokens', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ponder-no-infill-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The tiny model with names misspelt, so that nobody finds them. */
  function misspelt(name: string, ...words: readonly string[]): string {
    const bytes = readFileSync(modelPath());
    for (const word of words) bytes.write('X', bytes.indexOf(word) + word.length - 3);
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  }

  it('can still be asked by chat', async () => {
    const other = createBackend({ modelPath: misspelt('no-fim.gguf', '<|fim_prefix|>', '<|fim_middle|>') });
    try {
      expect((await other.ensureInfill()).forms).toEqual({ file: false, repository: false, chat: true });
      await expect(fill(other, hole(multiply))).rejects.toMatchObject({ code: 'model-no-infill' });
    } finally {
      other.dispose();
    }
  });

  it('nor a chat template is refused', async () => {
    const other = createBackend();
    other.useInfillModel({ modelPath: misspelt('nothing.gguf', '<|fim_prefix|>', '<|fim_middle|>', 'tokenizer.chat_template'), gpu: 'cpu', threads: 1 });
    try {
      await expect(other.ensureInfill()).rejects.toMatchObject({ code: 'model-no-infill' });
    } finally {
      other.dispose();
    }
  });
});
