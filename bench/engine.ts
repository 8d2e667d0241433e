import path from 'node:path';
import { root } from '../scripts/lib/paths.mjs';
import { LocalBackend } from '../src/backends/local.ts';
import { silentLogger } from '../src/base/log.ts';
import type { ChatParams, ChatResult, ModelInfo, Sampling } from '../src/protocol/engine.ts';
import { BareProcess } from './engine/bare-process.ts';
import { loadParams } from './engine/load.ts';
import { timedChat } from './engine/whole-path.ts';
import { longAnswer, longPrompt } from './prompts.ts';
import type { BenchOptions, Measurement, Suite } from './row.ts';
import { brief, interleave, median } from './stats.ts';

const decodeRow = 'engine.decode.ratio';
const prefillRow = 'engine.prefill.ratio';
const firstTokenRow = 'engine.cached-ttft.ms';

/** Generated in each timed decode. */
const decodeTokens = 256;
/** Read in each timed prefill, about. */
const promptTokens = 1500;

interface Sides {
  readonly backend: LocalBackend;
  readonly bare: BareProcess;
  readonly model: ModelInfo;
}

/**
 * The whole path, from `LocalBackend.chat` in this process through the forked engine and back, against the bare
 * library loop in another fork: same model, threads, context, batch, prompt and sampling, in turns within one run.
 */
export const engine: Suite = {
  rows: [
    { name: decodeRow, unit: 'of bare', target: { relation: '>=', value: 0.95 } },
    { name: prefillRow, unit: 'of bare', target: { relation: '>=', value: 0.95 } },
    { name: firstTokenRow, unit: 'ms', target: { relation: '<', value: 30 } },
  ],
  needs: [],
  async *measure(wanted, options) {
    const sides = await open(options);
    try {
      if (wanted.has(decodeRow)) yield await decode(sides);
      if (wanted.has(prefillRow)) yield await prefill(sides);
      if (wanted.has(firstTokenRow)) yield await cachedFirstToken(sides);
    } finally {
      sides.bare.kill();
      sides.backend.dispose();
    }
  },
};

async function open(options: BenchOptions): Promise<Sides> {
  const backend = new LocalBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger });
  backend.useModel(loadParams(options));
  const bare = new BareProcess();
  try {
    const model = await backend.ensureReady();
    await bare.load(model);
    return { backend, bare, model };
  } catch (error) {
    bare.kill();
    backend.dispose();
    throw error;
  }
}

const request = (messages: ChatParams['messages'], sampling: Sampling, maxTokens: number): ChatParams => ({ messages, sampling, maxTokens, thinking: false });

/**
 * Tokens per second between the first and the last token, over the bare loop's; median of the pairs. On our side the
 * clock stops when the host has the last event. The seed is the first that makes the answer long enough.
 */
async function decode({ backend, bare, model }: Sides): Promise<Measurement> {
  const messages = longAnswer();
  const sampling = await longRunningSampling(backend, messages);
  const warm = await bare.run({ messages, sampling, maxTokens: decodeTokens });
  if (warm.tokens < decodeTokens) throw new Error(`the bare loop ended after ${String(warm.tokens)} tokens`);
  const texts = { ours: '', bare: warm.text };
  const pairs = await interleave(
    20,
    async () => {
      const { firstMs, firstTokens, endMs, text } = await timedChat(backend, request(messages, sampling, decodeTokens));
      texts.ours = text;
      return ((decodeTokens - firstTokens) / (endMs - firstMs)) * 1000;
    },
    async () => {
      const { restMs, tokens } = await bare.run({ messages, sampling, maxTokens: decodeTokens });
      return ((tokens - 1) / restMs) * 1000;
    },
  );
  const same = texts.ours.trim() === texts.bare.trim() ? 'same text' : 'texts differ';
  return {
    row: decodeRow,
    value: median(pairs.map(({ ours, bare: other }) => ours / other)),
    note: `${brief(median(pairs.map(({ ours }) => ours)))} against ${brief(median(pairs.map((pair) => pair.bare)))} tokens/s; ${String(pairs.length)} pairs of ${String(decodeTokens)} tokens, ${same}, ${conditions(model)}`,
  };
}

async function longRunningSampling(backend: LocalBackend, messages: ChatParams['messages']): Promise<Sampling> {
  for (let seed = 1; seed <= 30; seed++) {
    const sampling: Sampling = { temperature: 0.8, topP: 0.95, topK: 20, minP: 0, seed };
    const { result } = await timedChat(backend, request(messages, sampling, decodeTokens));
    if (result.reason === 'length' && result.answerTokens === decodeTokens) return sampling;
  }
  throw new Error(`no seed makes the model write ${String(decodeTokens)} tokens`);
}

const oneToken: Sampling = { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 };

/**
 * Reading speed on a cold cache, over the bare loop's; median of the pairs. Both read the prompt and generate one
 * token. Ours counts from the call to the end of the chat, rendering and tokenising included; the bare loop starts
 * with ready tokens. Two prompts go ahead, for the engine learns from them how large its chunks may be.
 */
async function prefill({ backend, bare, model }: Sides): Promise<Measurement> {
  const prompt = await longPrompt(promptTokens, (texts) => backend.countTokens(texts));
  let number = 1000;
  let last: ChatResult | undefined;
  const ours = async (messages: ChatParams['messages']): Promise<number> => {
    const { endMs, result } = await timedChat(backend, request(messages, oneToken, 1));
    last = result;
    return ((result.promptTokens - result.cachedTokens) / endMs) * 1000;
  };
  const other = async (messages: ChatParams['messages']): Promise<number> => {
    const run = await bare.run({ messages, sampling: oneToken, maxTokens: 1 });
    return ((run.promptTokens - run.cachedTokens) / run.firstMs) * 1000;
  };
  for (let warmUp = 0; warmUp < 2; warmUp++) {
    await ours(prompt(++number));
    await other(prompt(number));
  }
  const pairs = await interleave(12, (round) => ours(prompt(number + 1 + round)), (round) => other(prompt(number + 1 + round)));
  return {
    row: prefillRow,
    value: median(pairs.map((pair) => pair.ours / pair.bare)),
    note: `${brief(median(pairs.map((pair) => pair.ours)))} against ${brief(median(pairs.map((pair) => pair.bare)))} tokens/s; ${String(pairs.length)} pairs of ${String(last?.promptTokens)} tokens, ${String(last?.cachedTokens)} of them cached, ${conditions(model)}`,
  };
}

/**
 * What the engine adds to the first token of a prompt that is cached but for its last token: from the call to the
 * first event with text, less the bare loop's time for the evaluation of that one token; median of the pairs.
 */
async function cachedFirstToken({ backend, bare, model }: Sides): Promise<Measurement> {
  const prompt = await longPrompt(promptTokens, (texts) => backend.countTokens(texts));
  const messages = prompt(1);
  // More than one token, since the end of a chat would hurry its first event on.
  const params = request(messages, oneToken, 24);
  const bareRequest = { messages, sampling: oneToken, maxTokens: 1 };
  for (let warmUp = 0; warmUp < 2; warmUp++) {
    await timedChat(backend, params);
    await bare.run(bareRequest);
  }
  let last: ChatResult | undefined;
  const pairs = await interleave(
    30,
    async () => {
      const { firstMs, result } = await timedChat(backend, params);
      last = result;
      return firstMs;
    },
    async () => (await bare.run(bareRequest)).firstMs,
  );
  return {
    row: firstTokenRow,
    value: median(pairs.map((pair) => pair.ours - pair.bare)),
    note: `${brief(median(pairs.map((pair) => pair.ours)))} against ${brief(median(pairs.map((pair) => pair.bare)))} ms; ${String(pairs.length)} pairs, prompt of ${String(last?.promptTokens)} tokens, ${String(last?.cachedTokens)} of them cached, ${conditions(model)}`,
  };
}

function conditions({ name, threads, gpu }: ModelInfo): string {
  return `${name} on ${gpu}, ${String(threads)} thread${threads === 1 ? '' : 's'}`;
}
