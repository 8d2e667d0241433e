import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { silentLogger } from '../../src/base/log.ts';
import { LocalBackend } from '../../src/backends/local.ts';
import type { ChatParams, LoadParams } from '../../src/protocol/engine.ts';
import { allLayers, fullShapeModel } from '../context/full-shape.mjs';
import { timedReading } from '../context/reading.ts';
import type { Measurement, Suite } from '../row.ts';
import { brief, median } from '../stats.ts';

const choiceRow = 'models.thread-choice.ratio';

/** Layers of the random model; fewer are for trying the bench itself. */
const layers = Number(process.env['PONDER_BENCH_LAYERS'] ?? allLayers);
const rounds = 9;

/** Writing speed with the measured number of threads, of the best of all numbers, on a random model in the shape of Qwen3-4B unless another is named. */
export const threadChoice: Suite = {
  rows: [{ name: choiceRow, unit: 'of the best', target: { relation: '>=', value: 0.95 } }],
  needs: [],
  async *measure(_, { tiny, modelPath }) {
    yield await choice(tiny ? await fullShapeModel(layers) : modelPath);
  },
};

const params: ChatParams = { messages: [{ role: 'user', content: 'Hello.' }], maxTokens: 9, thinking: false, sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 } };

/** A window for each number, all on one engine and one copy of the weights; they write in turns. */
async function choice(modelPath: string): Promise<Measurement> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ponder-bench-'));
  const windows: LocalBackend[] = [];
  const open = (more: Partial<LoadParams>): LocalBackend => {
    const window = new LocalBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger, share: [path.join(folder, 'meet')] });
    windows.push(window);
    window.useModel({ modelPath, gpu: 'cpu', contextSize: 512, ...more });
    return window;
  };
  try {
    const measuring = open({});
    const { cores } = await measuring.hardware('cpu');
    const tuning = await measuring.tuneThreads(() => undefined, new AbortController().signal);
    const numbers = Array.from({ length: Math.max(1, Math.min(cores.physical, cores.logical)) }, (_, index) => index + 1);
    const fixed = numbers.map((threads) => ({ threads, window: open({ threads }), times: [] as number[] }));
    // The first answer of each reads its prompt.
    for (let round = -1; round < rounds; round++) {
      for (const { window, times } of round % 2 === 0 ? fixed : fixed.toReversed()) {
        const { result } = await timedReading(window, params);
        if (round >= 0) times.push(result.generationMs / Math.max(1, result.steps - 1));
      }
    }
    const speeds = fixed.map(({ threads, times }) => ({ threads, speed: 1000 / median(times) }));
    const best = Math.max(...speeds.map(({ speed }) => speed));
    const chosen = speeds.find(({ threads }) => threads === tuning.threads)?.speed ?? 0;
    return {
      row: choiceRow,
      value: chosen / best,
      note: `${String(tuning.threads)} of ${String(numbers.length)} chosen, from ${words(tuning.speeds.map((each) => ({ threads: each.threads, speed: each.tokensPerSecond })))}${tuning.disturbed ? ' while others were busy' : ''}; in ${String(rounds)} rounds ${words(speeds)} tokens/s, load ${brief(loadavg()[0] ?? 0)}`,
    };
  } finally {
    for (const window of windows) window.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

function words(speeds: readonly { readonly threads: number; readonly speed: number }[]): string {
  return speeds.map(({ threads, speed }) => `${String(threads)}: ${brief(speed)}`).join(', ');
}
