import path from 'node:path';
import { root } from '../scripts/lib/paths.mjs';
import { LocalBackend } from '../src/backends/local.ts';
import { silentLogger } from '../src/base/log.ts';
import type { ChatParams, ChatResult, LoadParams, ModelInfo } from '../src/protocol/engine.ts';
import { scriptGrammars } from '../test/model/support/script.ts';
import { allLayers, fullShapeModel } from './context/full-shape.mjs';
import { renameCases } from './edits/cases.ts';
import { askedFor, firstChange, type Asked } from './edits/prompt.ts';
import { loadParams } from './engine/load.ts';
import type { Measurement, Suite } from './row.ts';
import { brief, interleave, median } from './stats.ts';

const stepsRow = 'edits.steps-per-token';
const changeRow = 'edits.first-change.ratio';

/** Layers of the random model; fewer are for trying the bench itself. */
const layers = Number(process.env['PONDER_BENCH_LAYERS'] ?? allLayers);
/** Functions that are timed, and tokens of each: a CPU writes a few in a second. */
const timedCases = 3;
const timedTokens = 120;

/**
 * Names changed in functions of 60 lines. No model here can do that, so a grammar spells the answer, token by token: what
 * is measured is how it is guessed and evaluated. How fast the guesses make it depends on how long a batch takes beside a
 * single token, so that is measured on random weights in the full shape of Qwen3-4B, unless another model is named.
 */
export const edits: Suite = {
  rows: [
    { name: stepsRow, unit: 'steps', target: { relation: '<=', value: 0.6 } },
    { name: changeRow, unit: 'of plain', target: { relation: '<=', value: 1 } },
  ],
  needs: [],
  async *measure(wanted, options) {
    if (wanted.has(stepsRow)) yield await steps(loadParams(options));
    if (wanted.has(changeRow)) yield await change({ modelPath: options.tiny ? await fullShapeModel(layers) : options.modelPath, contextSize: 4096, gpu: 'auto' });
  },
};

interface Run {
  readonly text: string;
  readonly result: ChatResult;
  /** From the call to the end of the text that was waited for, ms on the host's clock. */
  readonly ms: number;
}

function request({ messages }: Asked, grammar: string, lookup: boolean, maxTokens?: number): ChatParams {
  const sampling = { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 };
  return { messages, grammar, lookup, thinking: false, sampling, ...(maxTokens === undefined ? {} : { maxTokens }) };
}

async function timed(backend: LocalBackend, params: ChatParams, awaited: string): Promise<Run> {
  const start = performance.now();
  let [text, ms] = ['', Number.NaN];
  for await (const event of backend.chat(params, new AbortController().signal)) {
    if (event.type === 'answer') text += event.text;
    if (Number.isNaN(ms) && text.startsWith(awaited)) ms = performance.now() - start;
    if (event.type === 'end') return { text, result: event.result, ms };
  }
  throw new Error('The chat did not end.');
}

async function started<T>(params: LoadParams, work: (backend: LocalBackend, model: ModelInfo) => Promise<T>): Promise<T> {
  const backend = new LocalBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger });
  backend.useModel(params);
  try {
    return await work(backend, await backend.ensureReady());
  } finally {
    backend.dispose();
  }
}

/** Evaluations for each token, over all functions. */
function steps(params: LoadParams): Promise<Measurement> {
  return started(params, async (backend, model) => {
    const cases = renameCases().map(askedFor);
    const grammars = await scriptGrammars(params.modelPath, cases.map(({ answer }) => answer));
    const sums = { steps: 0, tokens: 0 };
    const each: string[] = [];
    for (const [index, asked] of cases.entries()) {
      const { text, result } = await timed(backend, request(asked, grammars[index] ?? '', true), asked.answer);
      if (text !== asked.answer) throw new Error('The answer is not the one that was spelled.');
      sums.steps += result.steps;
      sums.tokens += result.answerTokens;
      each.push(brief(result.steps / result.answerTokens));
    }
    return {
      row: stepsRow,
      value: sums.steps / sums.tokens,
      note: `${String(sums.steps)} steps for ${String(sums.tokens)} tokens of ${String(cases.length)} functions (${each.join(', ')}), answers spelled by a grammar; ${conditions(model)}`,
    };
  });
}

/** From the command to the first changed line, with guesses over without; the prompt has been read. */
function change(params: LoadParams): Promise<Measurement> {
  return started(params, async (backend, model) => {
    const cases = renameCases().slice(0, timedCases);
    const grammars = await scriptGrammars(params.modelPath, cases.map((each) => askedFor(each).answer));
    const ratios: number[] = [];
    const waits: { ours: number; bare: number }[] = [];
    const speeds = { guessed: [] as number[], plain: [] as number[] };
    let promptTokens = 0;
    for (const [index, each] of cases.entries()) {
      const asked = askedFor(each);
      const grammar = grammars[index] ?? '';
      const measure = async (lookup: boolean): Promise<number> => {
        const { ms, result } = await timed(backend, request(asked, grammar, lookup, timedTokens), firstChange(each));
        if (Number.isNaN(ms)) throw new Error(`The first change did not come in ${String(timedTokens)} tokens.`);
        speeds[lookup ? 'guessed' : 'plain'].push(((result.answerTokens - 1) / result.generationMs) * 1000);
        return ms;
      };
      promptTokens = (await timed(backend, request(asked, grammar, false, 1), '')).result.promptTokens;
      for (const pair of await interleave(2, () => measure(true), () => measure(false))) {
        waits.push(pair);
        ratios.push(pair.ours / pair.bare);
      }
    }
    const [ours, plain] = [median(waits.map((wait) => wait.ours)), median(waits.map((wait) => wait.bare))];
    return {
      row: changeRow,
      value: median(ratios),
      note: `${brief(ours / 1000)} against ${brief(plain / 1000)} s, then ${brief(median(speeds.guessed))} against ${brief(median(speeds.plain))} tokens/s over ${String(timedTokens)} tokens; ${String(ratios.length)} pairs on ${String(cases.length)} functions, prompt of ${String(promptTokens)} tokens read before, answers spelled by a grammar; ${conditions(model)}`,
    };
  });
}

function conditions({ name, threads, gpu, layers: count }: ModelInfo): string {
  return `${name} (${String(count)} with the output) on ${gpu}, ${String(threads)} thread${threads === 1 ? '' : 's'}`;
}
