import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import type { LocalBackend } from '../../src/backends/local.ts';
import type { Completer, CompleterOptions } from '../../src/completion/completer.ts';
import type { Strategy } from '../../src/completion/strategy.ts';
import { Grammars } from '../../src/completion/syntax.ts';
import type { PromptFile } from '../../src/context/format.ts';
import type { InfillInfo } from '../../src/protocol/engine.ts';
import { SkippingClock } from './clock.ts';
import { MeteredBackend, type Request } from './meter.ts';
import { Oracle } from './oracle.ts';
import { Replayer, type Key } from './replay.ts';
import type { Task } from './trace.ts';

/** All traces typed with one strategy. */
export interface Session {
  readonly strategy: Strategy;
  readonly keys: readonly Key[];
  /** Number of each trace's first key. */
  readonly starts: readonly number[];
  readonly requests: readonly Request[];
  readonly counts: Completer['counts'];
}

/** Of this repository: what an open editor and an import would bring. */
const neighbours: readonly PromptFile[] = ['src/base/event.ts', 'src/base/async.ts'].map((file) => ({ path: file, content: readFileSync(path.join(root, file), 'utf8') }));

const grammars = new Grammars(path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm'));

/** Types every trace, in one session that begins with an empty cache. */
export async function typeAll(backend: LocalBackend, tasks: readonly Task[], strategy: Strategy): Promise<Session> {
  await backend.closeInfill();
  await backend.ensureInfill();
  const clock = new SkippingClock();
  const meter = new MeteredBackend(backend, clock);
  await meter.begin();
  const replayer = new Replayer({ backend: meter, clock, neighbours, options: optionsOf(strategy), onKey: (number) => (meter.key = number) });
  const starts: number[] = [];
  for (const task of tasks) {
    starts.push(replayer.keys.length);
    await replayer.type(task);
  }
  return { strategy, keys: replayer.keys, starts, requests: meter.requests, counts: replayer.completer.counts };
}

/** The same with a model that knows what comes: the keys only. */
export async function typeWithOracle(info: InfillInfo, tasks: readonly Task[], strategy: Strategy): Promise<readonly Key[]> {
  const clock = new SkippingClock();
  const oracle = new Oracle(clock, info);
  const replayer = new Replayer({ backend: oracle, clock, neighbours, options: optionsOf(strategy), onKey: (_, rest) => (oracle.next = rest) });
  for (const task of tasks) await replayer.type(task);
  return replayer.keys;
}

function optionsOf(strategy: Strategy): Pick<CompleterOptions, 'strategy' | 'syntax'> {
  return { strategy: () => Promise.resolve(strategy), syntax: (language) => grammars.stopFor(language) };
}
