/** Windows that grow while a conversation goes on, with the tiny model's 512 tokens as the native ones. One thread. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { loadChatModel, type ChatModel } from '../../src/engine/chat-model.ts';
import { ModelPool } from '../../src/engine/model-pool.ts';
import type { ChatEvent, Message, ModelInfo } from '../../src/protocol/engine.ts';
import { createBackend, fixturePath, greedy, loadParams, modelPath, question, run, type Outcome } from './support/backend.ts';
import { fill, hole } from './support/infill.ts';

type WindowEvent = Extract<ChatEvent, { type: 'window' }>;

let backend: LocalBackend | undefined;
let chat: ChatModel | undefined;
afterEach(async () => {
  backend?.dispose();
  await chat?.dispose();
  backend = chat = undefined;
});

function automatic(path = fixturePath()): LocalBackend {
  return (backend = createBackend({ modelPath: path, contextSize: 'auto' }));
}

const filler = (lines: number): string => 'const alpha = beta + gamma;\n'.repeat(lines);

/** A question behind text of about twelve tokens a line. */
function behind(lines: number, history: readonly Message[] = []): { messages: Message[]; thinking: false; sampling: typeof greedy } {
  const [system] = question('').messages;
  const asked = { role: 'user', content: `${filler(lines)}\nExplain the function clamp.` } as const;
  return { messages: [...(system ? [system] : []), ...history, asked], thinking: false, sampling: greedy };
}

const windows = ({ events }: Outcome): WindowEvent[] => events.flatMap((event) => (event.type === 'window' ? [event] : []));
const ready = (): ModelInfo | undefined => (backend?.state.kind === 'ready' ? backend.state.model : undefined);

describe('auto', () => {
  it('begins with the native window, unstretched, and knows how far it may go', async () => {
    await expect(automatic().ensureReady()).resolves.toMatchObject({ contextSize: 512, trainedContext: 512, largestContext: 2048, yarnFactor: 1, kvType: 'f16' });
  });

  it('goes as far as it was told to, and says of thinking what it was told', async () => {
    backend = createBackend({ modelPath: fixturePath(), contextSize: 'auto', profile: { thinking: 'never', window: { extended: 1024 } } });
    await expect(backend.ensureReady()).resolves.toMatchObject({ contextSize: 512, trainedContext: 512, largestContext: 1024, thinking: 'never' });
  });

  it('takes the memory that was predicted, within a tenth', async () => {
    await automatic().ensureReady();
    const { context } = (await backend?.status()) ?? {};
    if (!context) throw new Error('The engine says nothing of its context.');
    expect(Math.abs(context.predicted / context.allocated - 1)).toBeLessThan(0.1);
  });

  it('keeps the window for a prompt that fits', async () => {
    const outcome = await run(automatic(), behind(4));
    expect(windows(outcome)).toEqual([]);
    expect(outcome.result.reason).toBe('stop');
  });

  it('grows by the smallest factor that covers a longer one, answers rightly, and goes on', async () => {
    const grown = await run(automatic(), behind(50));
    expect(windows(grown)).toMatchObject([{ from: 512, why: 'grown', model: { contextSize: 1024, yarnFactor: 2, largestContext: 2048 } }]);
    expect(grown.events[0]).toMatchObject({ type: 'window' });
    expect(ready()).toMatchObject({ contextSize: 1024, yarnFactor: 2 });
    await expect(backend?.ensureReady()).resolves.toMatchObject({ contextSize: 1024 });
    // As in a window that was asked for from the start.
    const fixed = createBackend({ modelPath: fixturePath(), contextSize: 1024 });
    try {
      expect((await run(fixed, behind(50))).answer).toBe(grown.answer);
    } finally {
      fixed.dispose();
    }
    const again = await run(automatic(), behind(50));
    expect(again.answer).toBe(grown.answer);
    const history: Message[] = [...behind(50).messages.slice(1), { role: 'assistant', content: again.answer }];
    const next = await run(backend ?? automatic(), behind(2, history));
    expect(windows(next)).toEqual([]);
    expect(next.result.cachedTokens).toBeGreaterThan(300);
  });

  it('takes along what has been read when only the size changes', async () => {
    // This copy declares 8,192 tokens, so no window up to there is stretched.
    chat = await loadChatModel(loadParams({ modelPath: modelPath(), contextSize: 'auto' }), new ModelPool(() => undefined), options());
    expect(chat.info).toMatchObject({ contextSize: 2048, yarnFactor: 1 });
    const tokens = chat.machine.model.tokenize(filler(40));
    await chat.machine.sequence.evaluateWithoutGeneratingNewTokens(tokens);
    const { sequence } = chat.machine;
    const plan = { contextSize: 4096, kvType: 'f16', batchSize: 128, plain: true, yarnFactor: 1, gpuLayers: 0, memory: { context: 0, total: 0 }, fits: true, largest: 8192 } as const;
    const need = { prompt: tokens.length, output: 64 };
    const event = await chat.change({ plan, reloads: false, need, facts: await chat.facts() }, tokens);
    expect(event).toMatchObject({ from: 2048, why: 'grown', model: { contextSize: 4096 } });
    expect(chat.machine.sequence).not.toBe(sequence);
    expect(chat.machine.sequence.contextTokens).toEqual(tokens);
  });

  it('shrinks again, and loses the stretching, when little is left of a long conversation', async () => {
    await run(automatic(), behind(135));
    expect(ready()).toMatchObject({ contextSize: 2048, yarnFactor: 4 });
    const short = await run(backend ?? automatic(), behind(0));
    expect(windows(short)).toMatchObject([{ from: 2048, why: 'shrunk', model: { contextSize: 512, yarnFactor: 1 } }]);
    expect(windows(await run(backend ?? automatic(), behind(4)))).toEqual([]);
  });

  it('refuses only what the largest window does not hold, says its size, and stays as it was', async () => {
    await expect(run(automatic(), behind(400))).rejects.toMatchObject({ code: 'prompt-too-long', data: { window: 2048 } });
    expect(ready()).toMatchObject({ contextSize: 512 });
    await expect(run(backend ?? automatic(), behind(0))).resolves.toMatchObject({ result: { reason: 'stop' } });
  });
});

describe('completions', () => {
  const prompt = hole({ form: 'file', prefix: 'function add(price: number, rate: number): number {\n  return ', suffix: '\n}\n' });

  it('still work after the window has grown, and the host has done nothing for it', async () => {
    const before = await fill(automatic(), prompt);
    expect(before.text).not.toBe('');
    await run(backend ?? automatic(), behind(50));
    expect(ready()).toMatchObject({ yarnFactor: 2 });
    const after = await fill(backend ?? automatic(), prompt);
    expect(after.text).toBe(before.text);
    const again = await fill(backend ?? automatic(), prompt);
    // Its context is opened once, not for each completion.
    expect(again.result.cachedTokens).toBe(again.result.promptTokens - 1);
  });

  it('and a window that grows under a stream of them harm neither', async () => {
    automatic();
    const completing = (async () => {
      for (let count = 0; count < 6; count++) await fill(backend ?? automatic(), prompt);
    })();
    const grown = await run(backend ?? automatic(), behind(50));
    expect(windows(grown)).toHaveLength(1);
    await completing;
  });
});

describe('an allocation that fails', () => {
  it('steps down to coarser keys and values, says so, and remembers', async () => {
    const lines: string[] = [];
    chat = await loadChatModel(loadParams({ modelPath: fixturePath(), contextSize: 'auto' }), new ModelPool(() => undefined), options(lines));
    const change = await chat.plan(1500, 64);
    if (!change) throw new Error('No change of window was planned.');
    expect(change.plan).toMatchObject({ contextSize: 2048, kvType: 'f16', yarnFactor: 4, fits: true });
    const { llama } = chat.machine.model;
    // llama.cpp may have no more than this, which the planner has not been told.
    const { cpuRam } = await llama.getLlamaMemoryUsage();
    await llama.setRamCap(cpuRam + change.plan.memory.context * 0.62);
    const event = await chat.change(change, []);
    expect(event).toMatchObject({ from: 512, why: 'memory', model: { contextSize: 2048, kvType: 'q8_0', yarnFactor: 4 } });
    expect(lines.filter((line) => line.startsWith('no memory for'))).toHaveLength(1);
    // Nothing better is planned now than what has failed.
    expect(await chat.plan(1500, 64)).toBeUndefined();
  });

  it('that nothing helps against leaves the window as it was', async () => {
    const lines: string[] = [];
    chat = await loadChatModel(loadParams({ modelPath: fixturePath(), contextSize: 'auto' }), new ModelPool(() => undefined), options(lines));
    const change = await chat.plan(1500, 64);
    if (!change) throw new Error('No change of window was planned.');
    // A window of 2^40 tokens is not to be had anywhere.
    const impossible = { ...change, plan: { ...change.plan, contextSize: 2 ** 40, largest: 2 ** 40 } };
    const event = await chat.change({ ...impossible, need: { prompt: 2 ** 39, output: 64 } }, []);
    expect(event).toMatchObject({ from: 512, why: 'memory', model: { contextSize: 512, largestContext: 512, yarnFactor: 1, kvType: 'f16' } });
    expect(lines.filter((line) => line.startsWith('no memory for')).length).toBeLessThanOrEqual(3);
    expect(chat.machine.sequence.contextSize).toBe(512);
  });
});

function options(lines: string[] = []): Parameters<typeof loadChatModel>[2] {
  return { signal: new AbortController().signal, onProgress: () => undefined, log: (_, message) => lines.push(message) };
}
