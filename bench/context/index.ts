/** How long the index of a large workspace takes, and a question to it. */
import { rm, mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { silentLogger } from '../../src/base/log.ts';
import { startIndexThread, type IndexThread } from '../../src/context/index/thread.ts';
import type { IndexSummary, Place } from '../../src/protocol/indexer.ts';
import type { Measurement, Suite } from '../row.ts';
import { brief, median } from '../stats.ts';
import { makeFiles, writeWorkspace } from './workspace.ts';

export const indexRow = 'context.index.s';
export const queryRow = 'context.query.ms';

const files = 20_000;
const folder = 'file:///made';
/** Times each question is asked. */
const rounds = 3;

/** Of all lengths, in both languages, with names and without; the words are among the most frequent in the workspace. */
const questions = [
  'cache',
  'Where is the refund of an invoice computed?',
  'How are bookings cancelled when the payment fails, and who is notified about it?',
  'What does `fetchAccountBalance` return?',
  'Why does the AccountBalanceService call save_customer_address before the batch is closed?',
  'account address agent alert archive asset badge balance batch billing blob booking branch broker buffer bundle',
  '订单取消后退款是怎么计算的?',
  '缓存在哪里更新?',
  'Explain packages/billing-12 and how its queue is scheduled',
  'Which handler validates the token of a session and writes the log record?',
];

export interface Built {
  readonly thread: IndexThread;
  readonly summary: IndexSummary;
  readonly seconds: number;
  /** Of all cores, which other programs do not lengthen as much. */
  readonly cpuSeconds: number;
  readonly bytes: number;
  dispose(): Promise<void>;
}

/** Writes the workspace and builds its index, cold, in the thread as it ships. */
export async function buildIndex(): Promise<Built> {
  const workspace = await mkdtemp(path.join(tmpdir(), 'ponder-bench-index-'));
  const thread = startIndexThread(path.join(root, 'dist/indexer.cjs'), silentLogger);
  const dispose = async (): Promise<void> => {
    await thread.stop();
    await rm(workspace, { recursive: true, force: true });
  };
  try {
    const bytes = await writeWorkspace(workspace, files);
    const [began, cpu] = [performance.now(), cpuMs()];
    await thread.rpc.call('configure', { folders: [{ id: folder, name: '', root: workspace, exclude: ['**/.git'] }], ignoreCase: false });
    const summary = await thread.rpc.call('build', {}, { onEvent: () => undefined });
    return { thread, summary, seconds: (performance.now() - began) / 1000, cpuSeconds: (cpuMs() - cpu) / 1000, bytes, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

export function indexMeasurement({ summary, seconds, cpuSeconds, bytes }: Built): Measurement {
  return {
    row: indexRow,
    value: seconds,
    note: `${String(summary.files)} files, ${brief(bytes / 1e6)} MB, read and indexed from nothing in one thread (just written, so from the system's memory); ${brief(cpuSeconds)} s of processor time; its heap took up to ${brief(summary.peakBytes / 1e6)} MB; ${machine()}`,
  };
}

export async function queryMeasurement({ thread, summary }: Built): Promise<Measurement> {
  const places: Place[] = [...makeFiles(20)].map(({ path: file }) => ({ folder, path: file }));
  const times: { readonly question: string; readonly ms: number }[] = [];
  const typed: number[] = [];
  let cpu = 0;
  for (let round = 0; round < rounds; round++) {
    for (const question of questions) {
      const [began, cpuBegan] = [performance.now(), cpuMs()];
      await thread.rpc.call('search', { question, limit: 50, open: places.slice(0, 5), recent: places.slice(5) });
      times.push({ question, ms: performance.now() - began });
      cpu += cpuMs() - cpuBegan;
    }
    for (const query of ['s', 'ord', 'orderserv', 'billing/invoice', 'zzqx']) {
      const began = performance.now();
      await thread.rpc.call('paths', { query, limit: 50 });
      typed.push(performance.now() - began);
    }
  }
  const slowest = times.reduce((a, b) => (b.ms > a.ms ? b : a));
  return {
    row: queryRow,
    value: median(times.map(({ ms }) => ms)),
    note: `over the RPC, ${String(summary.files)} files, ${String(questions.length)} questions ${String(rounds)} times, the first ones included; longest ${brief(slowest.ms)} ms ("${slowest.question.slice(0, 40)}"), ${brief(cpu / times.length)} ms of processor time on average; paths as they are typed: median ${brief(median(typed))}, longest ${brief(Math.max(...typed))} ms; ${machine()}`,
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function machine(): string {
  return `${String(cpus().length)} cores`;
}

export const workspaceIndex: Suite = {
  rows: [
    { name: indexRow, unit: 's', target: { relation: '<', value: 60 } },
    { name: queryRow, unit: 'ms', target: { relation: '<', value: 200 } },
  ],
  needs: [],
  async *measure(wanted) {
    const built = await buildIndex();
    try {
      if (wanted.has(indexRow)) yield indexMeasurement(built);
      if (wanted.has(queryRow)) yield await queryMeasurement(built);
    } finally {
      await built.dispose();
    }
  },
};
