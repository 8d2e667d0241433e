/**
 * YaRN as the engine asks for it, against the references: a GGUF that holds the same scaling itself, and Hugging Face
 * transformers on the same weights. One thread. And what it is good for: finding things beyond the trained length.
 */
import { getLlama, LlamaLogLevel, type Llama, type LlamaContextSequence, type LlamaModel, type Token } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadChatModel, scaling, type ChatModel } from '../../src/engine/chat-model.ts';
import { ModelPool } from '../../src/engine/model-pool.ts';
import { shapeOf } from '../../src/engine/model-shape.ts';
import type { Message } from '../../src/protocol/engine.ts';
import { createBackend, fixturePath, greedy, loadParams, modelPath, run } from './support/backend.ts';
import { bakedYarn, copyWithMetadata } from './support/gguf.ts';
import { golden } from './support/goldens.ts';

interface YarnCase {
  readonly factor: number;
  readonly name: string;
  readonly tokens: Token[];
  readonly top: [Token, number][];
}
interface Passkey {
  readonly length: number;
  readonly messages: Message[];
  readonly answer: string;
}

const cases = golden('yarn') as YarnCase[];
const passkeys = golden('passkeys') as Passkey[];
const native = 512;
/** How far llama.cpp may be from transformers, which computes in float32 throughout. */
const tolerance = 2e-3;

const options = { signal: new AbortController().signal, onProgress: () => undefined, log: () => undefined };
const plain = { batchSize: 128, flashAttention: false, threads: 1 } as const;

let llama: Llama;
beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, maxThreads: 1, logLevel: LlamaLogLevel.disabled });
});
afterAll(() => llama.dispose());

async function nextProbabilities(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<Map<Token, number>> {
  await sequence.clearHistory();
  const outputs = await sequence.controlledEvaluate([...tokens.slice(0, -1), [tokens.at(-1) ?? (0 as Token), { generateNext: { probabilities: true } }]]);
  return outputs.at(-1)?.next.probabilities ?? new Map<Token, number>();
}

function gap(found: ReadonlyMap<Token, number>, { top }: YarnCase): number {
  return Math.max(...top.map(([token, probability]) => Math.abs((found.get(token) ?? 0) - probability)));
}

async function sequenceOf(model: LlamaModel, contextSize: number): Promise<LlamaContextSequence> {
  return (await model.createContext({ ...plain, contextSize })).getSequence();
}

describe.each([2, 4])('a window of %i times the trained one', (factor) => {
  const contextSize = native * factor;
  const own = cases.filter((entry) => entry.factor === factor);
  let chat: ChatModel;
  let baked: LlamaModel;
  let reference: LlamaContextSequence;
  beforeAll(async () => {
    chat = await loadChatModel(loadParams({ modelPath: fixturePath(), contextSize }), new ModelPool(() => undefined), options);
    baked = await llama.loadModel({ modelPath: copyWithMetadata(fixturePath(), bakedYarn(factor, native)) });
    reference = await sequenceOf(baked, contextSize);
  });
  afterAll(async () => {
    await chat.dispose();
    await baked.dispose();
  });

  it('is stretched by that factor, and says so', () => {
    expect(chat.info).toMatchObject({ contextSize, yarnFactor: factor, trainedContext: native, kvType: 'f16' });
    expect(baked.fileInfo.architectureMetadata.rope?.scaling).toMatchObject({ type: 'yarn', factor });
  });

  it('has inputs shorter and longer than what it was trained on', () => {
    expect(own.some(({ tokens }) => tokens.length < native)).toBe(true);
    expect(own.some(({ tokens }) => tokens.length > native)).toBe(true);
  });

  it.each(own.map((entry) => [entry.name, entry] as const))('%s: as with YaRN in the file, bit for bit, and as transformers computes it', async (_, entry) => {
    const found = await nextProbabilities(chat.machine.sequence, entry.tokens);
    const expected = await nextProbabilities(reference, entry.tokens);
    expect(found.size).toBeGreaterThan(2000);
    expect([...found]).toEqual([...expected]);
    expect(gap(found, entry)).toBeLessThan(tolerance);
  });
});

describe('a factor that llama.cpp ignores in silence', () => {
  it('is an integer, and the goldens notice', async () => {
    const integer = { metadataOverrides: { qwen3: { rope: { scaling: { type: 'yarn', factor: 4, original_context_length: native } }, context_length: 2048 } } };
    const gaps = async (how: object): Promise<number[]> => {
      const model = await llama.loadModel({ modelPath: fixturePath(), ...how });
      const sequence = await sequenceOf(model, 2048);
      const all: number[] = [];
      for (const entry of cases.filter(({ factor }) => factor === 4)) all.push(gap(await nextProbabilities(sequence, entry.tokens), entry));
      await model.dispose();
      return all;
    };
    const ignored = await gaps(integer);
    expect(ignored).toEqual(await gaps({}));
    expect(Math.max(...ignored)).toBeGreaterThan(tolerance * 10);
  });

  it('is not what the engine sends', async () => {
    const model = await llama.loadModel({ modelPath: fixturePath() });
    const shape = shapeOf(model.fileInfo);
    for (const factor of [2, 3, 4, 9]) {
      const sent = scaling(shape, factor).metadataOverrides?.qwen3?.rope?.scaling?.factor;
      expect(Number.isInteger(sent)).toBe(false);
      expect(sent).toBeCloseTo(factor, 5);
    }
    expect(scaling(shape, 1)).toEqual({});
    await model.dispose();
  });
});

describe('passkeys in two and four times the trained length', () => {
  /** The window has room for an answer beside the longest prompt, which makes the least factor 5. */
  async function found(path: string, length: number): Promise<number> {
    const backend = createBackend({ modelPath: path, contextSize: 2304 });
    try {
      let count = 0;
      for (const { messages, answer } of passkeys.filter((entry) => entry.length === length)) {
        const outcome = await run(backend, { messages, thinking: false, sampling: greedy, maxTokens: 12 });
        if (outcome.answer === answer) count++;
      }
      return count;
    } finally {
      backend.dispose();
    }
  }

  it.each([1024, 2048])('%i tokens: stretched, more are found than without', async (length) => {
    const [stretched, unstretched] = [await found(fixturePath(), length), await found(modelPath(), length)];
    // Of six, when this was written: 5 against 2, and 5 against 0.
    expect(stretched).toBeGreaterThanOrEqual(unstretched + 3);
  });
});
