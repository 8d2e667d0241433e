/** Answers that outgrow their windows, with the tiny model: they say what they would have said in a large one. One thread. */
import type { Token } from 'node-llama-cpp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { ChatTurn, type ChatControl } from '../../src/engine/chat.ts';
import { loadChatModel, type ChatModel } from '../../src/engine/chat-model.ts';
import { ModelPool } from '../../src/engine/model-pool.ts';
import { tokenizeRuns } from '../../src/engine/tokenize.ts';
import type { WindowPlan } from '../../src/planner/window.ts';
import type { ChatEvent, ChatParams, ChatResult, KvType, LoadParams } from '../../src/protocol/engine.ts';
import { createBackend, fixturePath, greedy, loadParams, question, run, type Outcome } from './support/backend.ts';
import { fill, hole } from './support/infill.ts';

let chat: ChatModel;
beforeEach(async () => {
  const options = { signal: new AbortController().signal, onProgress: () => undefined, log: () => undefined };
  chat = await loadChatModel(loadParams({ contextSize: 'auto' }), new ModelPool(() => undefined), options);
});
afterEach(() => chat.dispose());

interface Turn {
  readonly thought: string;
  readonly answer: string;
  readonly events: readonly ChatEvent[];
  readonly result: ChatResult;
  /** What had been said when each window began. */
  readonly before: readonly string[];
}

function plan(contextSize: number, kvType: KvType = 'f16'): WindowPlan {
  return { contextSize, kvType, batchSize: 128, plain: kvType === 'f16', yarnFactor: 1, gpuLayers: 0, memory: { context: 0, total: 0 }, fits: true, largest: 8192 };
}

async function change(to: WindowPlan, text: readonly Token[] = []): Promise<void> {
  await chat.change({ plan: to, reloads: false, need: { prompt: text.length, output: 1 }, facts: await chat.facts() }, text);
}

/** In the first window, and when that is full in the next. */
async function through(windows: readonly WindowPlan[], params: ChatParams): Promise<Turn> {
  const events: ChatEvent[] = [];
  const signal = new AbortController().signal;
  const control: ChatControl = { signal, pass: { signal, step: (evaluate) => evaluate() }, emit: (event) => events.push(event), wantsAnswer: () => false };
  // Opened in a large one: it wants more room for an answer than some of these have.
  await change(plan(2048));
  const turn = await ChatTurn.open(chat.machine, params);
  let result: ChatResult | undefined;
  const before: string[] = [];
  for (const window of windows) {
    expect(result, 'the window before was enough').toBeUndefined();
    await change(window, turn.text);
    before.push(said(events, 'answer') || said(events, 'thought'));
    result = await turn.run(chat.machine, control);
  }
  if (!result) throw new Error('The last window was full too.');
  return { thought: said(events, 'thought'), answer: said(events, 'answer'), events, result, before };
}

function said(events: readonly ChatEvent[], kind: 'thought' | 'answer'): string {
  return events.map((event) => (event.type === kind ? event.text : '')).join('');
}

const large = [plan(2048)];
const grown = [plan(256), plan(512), plan(1280)];
const count = question('Count from 1 to 100.');
const letters = question('Explain the function clamp.', { grammar: 'root ::= [a-z ]{1500}' });

/** A prompt of so many tokens and a few. */
function behind(tokens: number, more: Partial<ChatParams> = {}): ChatParams {
  const { model, template } = chat.machine;
  for (let words = 1; ; words++) {
    const params = question(`${'red '.repeat(words)}\nCount from 1 to 100.`, more);
    if (tokenizeRuns(template.render(params), model).length >= tokens) return params;
  }
}

async function expectSame(params: ChatParams, windows = grown): Promise<Turn> {
  const [expected, turn] = [await through(large, params), await through(windows, params)];
  expect(turn.thought).toBe(expected.thought);
  expect(turn.answer).toBe(expected.answer);
  expect(turn.result).toMatchObject({ reason: 'stop', thoughtTokens: expected.result.thoughtTokens, answerTokens: expected.result.answerTokens, usedTokens: expected.result.usedTokens });
  return turn;
}

describe('an answer that outgrows its window', () => {
  it('goes on in a larger one as if nothing had been, and nothing is read again', async () => {
    const { events, result } = await expectSame(letters, [plan(512), plan(1280)]);
    expect(events.filter(({ type }) => type === 'reading').at(-1)).toMatchObject({ total: result.promptTokens - 1 });
  });

  it('does so twice', async () => {
    expect((await expectSame(letters)).result.answerTokens).toBeGreaterThan(512);
  });

  it('in the middle of its thought', async () => {
    const turn = await expectSame(behind(488, { thinking: true }), [plan(512), plan(1280)]);
    expect(turn.before[1]?.length).toBeGreaterThan(0);
    expect(turn.thought.length).toBeGreaterThan(turn.before[1]?.length ?? 0);
  });

  it('where the end of a thought is put into the model’s mouth', async () => {
    const params = behind(495, { thinking: true });
    const tokens = tokenizeRuns(chat.machine.template.render(params), chat.machine.model).length;
    // The last token that fits is the budget's last, and what closes the thought does not fit.
    const turn = await expectSame({ ...params, thoughtBudget: 510 - tokens }, [plan(512), plan(1280)]);
    expect(turn.events).toContainEqual(expect.objectContaining({ type: 'thoughtEnd', by: 'budget' }));
  });

  it('keeps what a presence penalty counts', async () => {
    const penalised = { ...letters, sampling: { ...greedy, presencePenalty: 2 } };
    const turn = await expectSame(penalised);
    expect(turn.answer).not.toBe((await through(large, letters)).answer);
  });

  it('keeps its guesses', async () => {
    const turn = await expectSame({ ...count, lookup: true }, grown.slice(0, 2));
    expect(turn.result.steps).toBeLessThan(turn.result.answerTokens);
    expect((await expectSame({ ...letters, lookup: true })).result.steps).toBeLessThan(1500);
  });

  it('draws the same each time, where it is told how', async () => {
    const drawn = { ...letters, sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, seed: 7 } };
    const [one, two] = [await through(grown, drawn), await through(grown, drawn)];
    expect(one.answer).toBe(two.answer);
    expect(one.answer).toHaveLength(1500);
    // Not the numbers of before once more.
    expect(one.answer.slice(0, 400)).toBe((await through(large, drawn)).answer.slice(0, 400));
  });

  it('is read again where keys and values change, and says so', async () => {
    const turn = await through([plan(256), plan(1280, 'q8_0')], count);
    expect(turn.result.reason).toBe('stop');
    expect(turn.answer.startsWith(turn.before[1] ?? 'nothing')).toBe(true);
    expect(turn.answer).toContain('99, 100');
    expect(turn.events.filter(({ type }) => type === 'reading').at(-1)).toMatchObject({ cached: 0, done: 255 - 1, total: 254 });
  });
});

describe('the engine', () => {
  let backend: LocalBackend | undefined;
  afterEach(() => backend?.dispose());
  const open = (more: Partial<LoadParams>): LocalBackend => {
    backend?.dispose();
    return (backend = createBackend(more));
  };
  const windows = ({ events }: Outcome): readonly unknown[] => events.flatMap((event) => (event.type === 'window' ? [[event.from, event.model.contextSize, event.why]] : []));

  it('begins small, and has the window grow under an answer while completions go on', async () => {
    const params = { ...behind(980), grammar: 'root ::= half half\nhalf ::= [a-z ]{2000}' };
    const expected = await run(open({ contextSize: 8192 }), params);
    const automatic = open({ contextSize: 'auto' });
    await expect(automatic.ensureReady()).resolves.toMatchObject({ contextSize: 2048, largestContext: 32_768 });
    const prompt = hole({ form: 'file', prefix: 'function add(price: number, rate: number): number {\n  return ', suffix: '\n}\n' });
    const completions = (async () => {
      for (let times = 0; times < 5; times++) await fill(automatic, prompt);
    })();
    const outcome = await run(automatic, params);
    await completions;
    expect(windows(outcome)).toEqual([[2048, 4096, 'grown']]);
    expect(outcome.answer).toBe(expected.answer);
    expect(outcome.result).toMatchObject({ reason: 'stop', answerTokens: expected.result.answerTokens });
    expect(automatic.state).toMatchObject({ kind: 'ready', model: { contextSize: 4096 } });
  });

  it('ends the answer with the window that the user has fixed', async () => {
    const { result, answer } = await run(open({ contextSize: 256 }), count);
    expect(result).toMatchObject({ reason: 'length', usedTokens: 254 });
    expect(answer.startsWith('1, 2, 3')).toBe(true);
  });

  it('ends it where positions would have to be stretched, rather than change them in the middle', async () => {
    const outcome = await run(open({ modelPath: fixturePath(), contextSize: 'auto' }), { ...count, grammar: 'root ::= [a-z ]{1500}' });
    expect(windows(outcome)).toEqual([]);
    expect(outcome.result).toMatchObject({ reason: 'length', usedTokens: 510 });
  });
});
