import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../scripts/lib/paths.mjs';
import { LocalBackend } from '../src/backends/local.ts';
import { silentLogger } from '../src/base/log.ts';
import type { ChatParams, LoadParams, ModelInfo } from '../src/protocol/engine.ts';
import { allLayers, fullShapeModel } from './context/full-shape.mjs';
import { predictedContextBytes } from './context/predicted.ts';
import { timedReading } from './context/reading.ts';
import { longPrompt } from './prompts.ts';
import type { BenchOptions, Measurement, Suite } from './row.ts';
import { brief } from './stats.ts';

const ratioRow = 'context.snapshot.ratio';
const extraRow = 'context.second-question.extra-tokens';
const memoryRow = 'context.memory-error.percent';

/** In the files of a question, about. */
const fileTokens = 4096;
const contextSize = 8192;
/** Layers of the random model; fewer are for trying the bench itself. */
const layers = Number(process.env['PONDER_BENCH_LAYERS'] ?? allLayers);

/**
 * Long prompts, on a random model in the full shape of Qwen3-4B unless another is named: it reads as slowly as the real
 * one, and its states are as large. On a CPU that takes many minutes.
 */
export const context: Suite = {
  rows: [
    { name: ratioRow, unit: 'times', target: { relation: '>=', value: 20 } },
    { name: extraRow, unit: 'tokens', target: { relation: '<=', value: 64 } },
    { name: memoryRow, unit: '%', target: { relation: '<', value: 10 } },
  ],
  needs: [],
  async *measure(wanted, options) {
    const params: LoadParams = { modelPath: await modelOf(options), gpu: 'auto', contextSize };
    if (wanted.has(ratioRow) || wanted.has(extraRow)) {
      for await (const measurement of prompts(params)) if (wanted.has(measurement.row)) yield measurement;
    }
    if (wanted.has(memoryRow)) yield await memory(params);
  },
};

function modelOf({ tiny, modelPath }: BenchOptions): Promise<string> {
  return tiny ? fullShapeModel(layers) : Promise.resolve(modelPath);
}

function start(params: LoadParams): LocalBackend {
  const backend = new LocalBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger });
  backend.useModel(params);
  return backend;
}

const request = (messages: ChatParams['messages'], maxTokens: number): ChatParams => ({
  messages,
  maxTokens,
  thinking: false,
  sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 },
});

/** The files are read; then they come back in another process, where a second question about them follows. */
async function* prompts(params: LoadParams): AsyncGenerator<Measurement> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ponder-bench-'));
  const kept: LoadParams = { ...params, snapshots: { folder: path.join(folder, 'states'), limit: 8e9 } };
  let backend = start(kept);
  try {
    const model = await backend.ensureReady();
    const messages = (await longPrompt(fileTokens, (texts) => backend.countTokens(texts)))(1);
    const anew = await timedReading(backend, request(messages, 16));
    const bytes = await saved(backend, path.join(folder, 'states'));
    backend.dispose();
    backend = start(kept);
    await backend.ensureReady();
    const restored = await timedReading(backend, request(messages, 16));
    if (restored.restored !== restored.total) throw new Error(`Of ${String(restored.total)} tokens ${String(restored.restored)} were restored.`);
    const [slow, fast] = [anew.total / anew.ms, restored.total / restored.ms];
    yield {
      row: ratioRow,
      value: anew.ms / restored.ms,
      note: `${describe(model)}: ${String(anew.total)} tokens read in ${brief(anew.ms / 1000)} s (${brief(slow * 1000)} a second), restored in ${brief(restored.ms / 1000)} s (${brief(fast * 1000)} a second) by a new process; ${brief(bytes / 1e6)} MB, in the system's file cache`,
    };
    yield await secondQuestion(backend, messages, restored.answer, restored.total);
  } finally {
    backend.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function secondQuestion(backend: LocalBackend, first: ChatParams['messages'], answer: string, before: number): Promise<Measurement> {
  const question = 'Which of these functions has a test?';
  const history: ChatParams['messages'] = [...first, { role: 'assistant', content: answer }];
  // As the chat does once an answer has come.
  await backend.preread({ messages: [...history, { role: 'user', content: '' }], thinking: false }, new AbortController().signal);
  const { result } = await timedReading(backend, request([...history, { role: 'user', content: question }], 1));
  const [tokens = 0] = await backend.countTokens([question]);
  const read = result.promptTokens - result.cachedTokens;
  return {
    row: extraRow,
    value: read - tokens,
    note: `read ${String(read)} of ${String(result.promptTokens)} for a question of ${String(tokens)}, after a first one of ${String(before)} and reading ahead between the two`,
  };
}

/**
 * What a context adds to the memory of the engine process once it is full: one is opened for completions beside a small
 * one for chats, and a prompt fills it.
 */
async function memory(params: LoadParams): Promise<Measurement> {
  const backend = start({ ...params, contextSize: 256 });
  try {
    const model = await backend.ensureReady();
    await timedReading(backend, request([{ role: 'user', content: 'Hello.' }], 2));
    const { pid } = await backend.status();
    const before = residentBytes(pid);
    const { contextSize: size } = await backend.ensureInfill();
    const [message] = (await longPrompt(size - 256, (texts) => backend.countTokens(texts)))(1).slice(-1);
    const signal = new AbortController().signal;
    const prompt = { form: 'file', prefix: message?.content ?? '', suffix: '' } as const;
    for await (const event of backend.infill({ prompt, typed: '', maxTokens: 2, urgency: 'typing' }, signal)) {
      if (event.type === 'end' && event.result.promptTokens < size * 0.8) throw new Error(`The prompt has only ${String(event.result.promptTokens)} tokens.`);
    }
    const measured = residentBytes(pid) - before;
    const predicted = await predictedContextBytes(model, size);
    return {
      row: memoryRow,
      value: (Math.abs(measured - predicted) / predicted) * 100,
      note: `${describe(model)}: a context of ${String(size)} takes ${brief(measured / 1e6)} MB when full, ${brief(predicted / 1e6)} MB predicted`,
    };
  } finally {
    backend.dispose();
  }
}

/** Memory of its own that a process has, without what it maps from files, bytes. */
function residentBytes(pid: number): number {
  const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error('The system does not say what memory a process has.');
  return Number(kilobytes) * 1024;
}

/** Waits for the engine to be idle long enough. @returns bytes of all snapshots */
async function saved(backend: LocalBackend, folder: string): Promise<number> {
  for (let waited = 0; waited < 120_000; waited += 250) {
    await delay(250);
    const { files, bytes } = await backend.snapshots(folder);
    if (files > 0 && !readdirSync(folder).some((name) => name.endsWith('.tmp'))) return bytes;
  }
  throw new Error('No snapshot was saved.');
}

function describe({ name, gpu, threads, layers: count }: ModelInfo): string {
  return `${name} (${String(count)} with the output), ${gpu}, ${String(threads)} threads`;
}
