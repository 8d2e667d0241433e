import path from 'node:path';
import { root } from '../scripts/lib/paths.mjs';
import { LocalBackend } from '../src/backends/local.ts';
import { silentLogger } from '../src/base/log.ts';
import { infillPrompt } from '../src/completion/prompt.ts';
import { provisionalStrategy, strategiesOf, type Strategy } from '../src/completion/strategy.ts';
import type { InfillInfo, InfillParams, InfillResult, ModelInfo } from '../src/protocol/engine.ts';
import { cacheHits, each, mean, quantile, reached, readByNews, readPerAskingKey, readPerKey, shownAfter, spread } from './completion/figures.ts';
import { interruptPrefill, type Preemption } from './completion/preempt.ts';
import { typeAll, typeWithOracle, type Session } from './completion/session.ts';
import { stateless, type Reach } from './completion/stateless.ts';
import { linesOf, readTasks, type Task } from './completion/trace.ts';
import { loadParams } from './engine/load.ts';
import { longPrompt } from './prompts.ts';
import type { Measurement, Suite } from './row.ts';
import { brief, median } from './stats.ts';

const medianRow = 'completion.tokens-per-key.median';
const meanRow = 'completion.tokens-per-key.mean';
const ratioRow = 'completion.tokens-vs-stateless.ratio';
const firstTextRow = 'completion.first-text.ms';
const cacheRow = 'completion.cache-hits.percent';
const preemptRow = 'completion.preempt.ms';

/** A chat's prompt for the interruptions, tokens, about, and how many of them are read. */
const chat = { tokens: 3300, prompts: 10 };

/** Of each trace; a stateless request takes ten times as long as one of ours, and is much the same at every key. */
const statelessKeys = 100;

interface Sides {
  readonly backend: LocalBackend;
  readonly model: ModelInfo;
  readonly info: InfillInfo;
  /** What the product would take for a model that is not tested yet. */
  readonly strategy: Strategy;
  readonly tasks: readonly Task[];
}

/**
 * Functions typed into real source files, key by key, with the rhythm, the errors and the jumps of a person
 * (bench/traces/): the completer as the extension runs it, on the engine. The clock is real while the engine works and
 * is put forward while nobody does anything, so that pauses cost the bench no time and rhythm and engine still meet as
 * they would. One session types all traces after another with an empty cache at the start; reading ahead in pauses is
 * counted as well.
 */
export const completion: Suite = {
  rows: [
    { name: medianRow, unit: 'tokens', target: { relation: '<=', value: 2 } },
    { name: meanRow, unit: 'tokens', target: { relation: '<=', value: 30 } },
    { name: ratioRow, unit: 'times fewer', target: { relation: '>=', value: 10 } },
    { name: firstTextRow, unit: 'ms', target: { relation: '<', value: 300 } },
    { name: cacheRow, unit: '%', target: { relation: '>=', value: 30 } },
    { name: preemptRow, unit: 'ms', target: { relation: '<=', value: 50 } },
  ],
  needs: [],
  async *measure(wanted, options) {
    const tasks = readTasks();
    const backend = new LocalBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger });
    backend.useModel(loadParams(options));
    try {
      const model = await backend.ensureReady();
      const info = await backend.ensureInfill();
      const strategy = provisionalStrategy(info.forms);
      if (!strategy) throw new Error(`${info.name} has no form for a hole`);
      const sides: Sides = { backend, model, info, strategy, tasks };
      yield* typing(wanted, sides);
      if (wanted.has(preemptRow)) yield await preempt(sides);
    } finally {
      backend.dispose();
    }
  },
};

/** The rows that come of typing, whichever are wanted of them. */
async function* typing(wanted: ReadonlySet<string>, sides: Sides): AsyncGenerator<Measurement, void, void> {
  const rows = [medianRow, meanRow, ratioRow, firstTextRow, cacheRow];
  if (!rows.some((row) => wanted.has(row))) return;
  const { backend, info, strategy, tasks } = sides;
  const ours = await typeAll(backend, tasks, strategy);
  const sessions = [ours];
  for (const other of strategiesOf(info.forms)) {
    if (other !== strategy && [medianRow, meanRow, firstTextRow, cacheRow].some((row) => wanted.has(row))) sessions.push(await typeAll(backend, tasks, other));
  }
  if (wanted.has(medianRow)) yield medianOf(ours, sessions);
  if (wanted.has(meanRow)) yield meanOf(ours, sessions, sides);
  if (wanted.has(ratioRow)) yield await ratio(ours, sides);
  if (wanted.has(firstTextRow)) yield firstText(ours, sessions, sides);
  if (wanted.has(cacheRow)) yield await cache(ours, sessions, sides);
}

function medianOf(ours: Session, sessions: readonly Session[]): Measurement {
  const asking = readPerAskingKey(ours);
  return {
    row: medianRow,
    value: median(readPerKey(ours)),
    note: `${each(sessions, (session) => median(readPerKey(session)))}; of the keys that the engine is asked for (${brief((100 * asking.length) / ours.keys.length)}% of ${String(ours.keys.length)}): ${each(sessions, (session) => median(readPerAskingKey(session)))}`,
  };
}

function meanOf(ours: Session, sessions: readonly Session[], { tasks, model }: Sides): Measurement {
  return {
    row: meanRow,
    value: mean(readPerKey(ours)),
    note: `${each(sessions, (session) => mean(readPerKey(session)))}; ${String(ours.keys.length)} keys in ${tasks.map((task) => `${path.basename(task.path)} (${String(linesOf(task))} lines)`).join(', ')}; requests ${each(sessions, ({ counts }) => `${String(counts.started)} started, ${String(counts.aborted)} aborted`)}; ${ours.strategy}: ${readByNews(ours)}; ${conditions(model)}`,
  };
}

/** Prompt tokens of a stateless request for each key, over ours for the same keys; either shows as much of the file. */
async function ratio(ours: Session, { backend, tasks, model }: Sides): Promise<Measurement> {
  const results: InfillResult[] = [];
  const reach = reachOf(ours);
  for (const task of tasks) results.push(...(await stateless(backend, task, reach, statelessKeys)));
  const read = mean(results.map(({ promptTokens, cachedTokens }) => promptTokens - cachedTokens));
  const whole = mean(results.map(({ promptTokens }) => promptTokens));
  const perKey = readPerKey(ours);
  const oursRead = mean(ours.starts.flatMap((start) => perKey.slice(start, start + statelessKeys)));
  return {
    row: ratioRow,
    value: read / oursRead,
    note: `${brief(read)} against ${brief(oursRead)} tokens a key (${ours.strategy}), over the first ${String(statelessKeys)} keys of each trace; stateless: prefix and suffix of up to ${String(reach.prefix)} and ${String(reach.suffix)} units, as ours have on average, cut at lines: ${brief(whole)} tokens, ${brief((100 * (whole - read)) / whole)}% of them found in the cache; were none found ${brief(whole / oursRead)} times; ${conditions(model)}`,
  };
}

/** How much of the file our requests have shown, UTF-16 units. */
function reachOf({ requests }: Session): Reach {
  const shown = requests.map(({ params: { prompt, typed } }) => (prompt.form === 'chat' ? { prefix: prompt.opening.length, suffix: 1500 } : { prefix: prompt.prefix.length + typed.length, suffix: prompt.suffix.length }));
  return { prefix: Math.round(mean(shown.map(({ prefix }) => prefix))), suffix: Math.round(mean(shown.map(({ suffix }) => suffix))) };
}

/** The wait for a pause in the typing included; what is shown again from memory, which takes no time, not. */
function firstText(ours: Session, sessions: readonly Session[], { model }: Sides): Measurement {
  const asked = reached(ours, ({ at }) => at);
  const first = reached(ours, ({ firstAt }) => firstAt);
  const line = reached(ours, ({ lineAt }) => lineAt);
  return {
    row: firstTextRow,
    value: median(shownAfter(ours)),
    note: `${each(sessions, (session) => `${spread(shownAfter(session))} of ${String(shownAfter(session).length)} shown`)}; ${ours.strategy}: the engine is asked after ${spread(asked)}, its first token is here after ${spread(first)}, the whole line after ${spread(line)} (shown is nothing less than a line, or what of it the model is sure of); ${conditions(model)}`,
  };
}

async function cache(ours: Session, sessions: readonly Session[], { info, tasks, strategy, model }: Sides): Promise<Measurement> {
  const oracle = await typeWithOracle(info, tasks, strategy);
  const joined = ({ counts, keys }: Session): string => `${brief((100 * counts.recent) / keys.length)}% and ${brief((100 * counts.running) / keys.length)}%`;
  return {
    row: cacheRow,
    value: cacheHits(ours.keys),
    note: `of all keys: ${each(sessions, ({ keys }) => cacheHits(keys))}; found among recent answers, and gone along with a running one: ${each(sessions, joined)}; with a model in its place that is always right ${brief(cacheHits(oracle))}%; ${conditions(model)}`,
  };
}

/** What a completion's first token takes beyond one chunk of a chat's prompt that is being read; 95 % take no longer. */
async function preempt({ backend, model, strategy, tasks }: Sides): Promise<Measurement> {
  const prompt = await longPrompt(chat.tokens, (texts) => backend.countTokens(texts));
  const next = keystrokes(strategy, tasks);
  // Warms up: the chunk's size is found, and the hole's prompt is read.
  await interruptPrefill(backend, prompt(2000), next);
  const preemptions: Preemption[] = [];
  for (let round = 1; round <= chat.prompts; round++) preemptions.push(...(await interruptPrefill(backend, prompt(2000 + round), next)));
  const beyond = preemptions.map(({ firstMs, chunkMs }) => firstMs - chunkMs);
  return {
    row: preemptRow,
    value: quantile(beyond, 0.95),
    note: `95% of ${String(preemptions.length)} in ${String(chat.prompts)} prompts of about ${String(chat.tokens)} tokens, at three places and moments of a chunk each; median ${brief(median(beyond))}, longest ${brief(Math.max(...beyond))} ms; a chunk takes ${spread(preemptions.map(({ chunkMs }) => chunkMs))} ms, the first token from the request on ${spread(preemptions.map(({ firstMs }) => firstMs))} ms; ${conditions(model)}`,
  };
}

/** Requests for one key after another of a line. */
function keystrokes(strategy: Strategy, [task]: readonly Task[]): () => InfillParams {
  if (!task) throw new Error('There is no trace.');
  const { before, target, after, path: file, language } = task;
  const { prompt } = infillPrompt(strategy, { prefix: before.slice(-2000), typed: '', suffix: after.slice(0, 1000) }, { path: file, language, repository: 'ponder', neighbours: [] });
  let keys = 0;
  return () => ({ prompt, typed: target.slice(0, (keys++ % 60) + 1), maxTokens: 4, urgency: 'typing' });
}

function conditions({ name, threads, gpu }: ModelInfo): string {
  return `${name} on ${gpu}, ${String(threads)} thread${threads === 1 ? '' : 's'}`;
}
