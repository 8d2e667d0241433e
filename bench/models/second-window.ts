import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { silentLogger } from '../../src/base/log.ts';
import { LocalBackend } from '../../src/backends/local.ts';
import type { LoadParams } from '../../src/protocol/engine.ts';
import { allLayers, fullShapeModel } from '../context/full-shape.mjs';
import { timedReading } from '../context/reading.ts';
import type { Measurement, Suite } from '../row.ts';
import { brief } from '../stats.ts';

const memoryRow = 'models.second-window-memory.percent';

/** Layers of the random model; fewer are for trying the bench itself. */
const layers = Number(process.env['PONDER_BENCH_LAYERS'] ?? allLayers);

/** What a second window adds to the engine that the first one started, on a random model in the shape of Qwen3-4B unless another is named. */
export const secondWindow: Suite = {
  rows: [{ name: memoryRow, unit: '%', target: { relation: '<', value: 10 } }],
  needs: [],
  async *measure(_, { tiny, modelPath }) {
    yield await memory(tiny ? await fullShapeModel(layers) : modelPath);
  },
};

interface Opened {
  readonly pid: number;
  readonly contextSize: number;
  readonly models: number;
  /** Of the engine, once this window has asked something. */
  readonly bytes: number;
}

/** Each window asks a short question in the window that it gets by default. Then the second one has the window of a longer conversation from the start. */
async function memory(modelPath: string): Promise<Measurement> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ponder-bench-'));
  const windows: LocalBackend[] = [];
  const open = async (contextSize: LoadParams['contextSize']): Promise<Opened> => {
    const window = new LocalBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger, share: [path.join(folder, 'meet')] });
    windows.push(window);
    window.useModel({ modelPath, gpu: 'auto', contextSize });
    await window.ensureReady();
    await timedReading(window, { messages: [{ role: 'user', content: 'Hello.' }], maxTokens: 2, thinking: false, sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 } });
    const { pid, models } = await window.status();
    const model = await window.ensureReady();
    return { pid, models, contextSize: model.contextSize, bytes: memoryOf(pid) };
  };
  try {
    const first = await open('auto');
    const second = await open('auto');
    windows.pop()?.dispose();
    await until(async () => (await windows[0]?.status())?.windows === 1);
    const alone = memoryOf(first.pid);
    const long = await open(16_384);
    if ([second, long].some(({ pid, models }) => pid !== first.pid || models !== 1)) throw new Error('The windows do not share an engine and its weights.');
    const share = (bytes: number): number => (bytes / first.bytes) * 100;
    const [added, longAdded] = [second.bytes - first.bytes, long.bytes - alone];
    return {
      row: memoryRow,
      value: share(added),
      note: `the first ${brief(first.bytes / 1e6)} MB with a window of ${String(first.contextSize)}, the second ${brief(added / 1e6)} MB more with ${String(second.contextSize)}, ${brief((alone - first.bytes) / 1e6)} MB of these still there when it had gone; a conversation that has grown to ${String(long.contextSize)} tokens takes ${brief(longAdded / 1e6)} MB, ${brief(share(longAdded))} %: keys and values for every token of a window of its own, and not the weights`,
    };
  } finally {
    for (const window of windows) window.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of a process, bytes: what it shares with others counts by its share, files that it maps too. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error('The system does not say what memory a process has.');
  return Number(kilobytes) * 1024;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 100) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The second window did not go.');
}
