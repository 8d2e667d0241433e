import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { BackendEvent } from '../../../src/backends/backend.ts';
import { LocalBackend } from '../../../src/backends/local.ts';
import { silentLogger } from '../../../src/base/log.ts';
import type { ChatParams, ChatResult, LoadParams, Sampling } from '../../../src/protocol/engine.ts';
import system from '../../../src/chat/prompts/system.md';
import { copyWithMetadata } from './gguf.ts';

export const engineEntry = fileURLToPath(new URL('../../../dist/engine.mjs', import.meta.url));

/** The one for edits knows nothing else; all others know nothing of edits. */
export type TinyModel = 'tiny-qwen3' | 'tiny-qwen3-thinking-2507' | 'tiny-qwen3-instruct-2507' | 'tiny-qwen3-edits';

/** The model as it is, trained on 512 tokens (1,024 the one for edits): a larger window stretches it by YaRN. */
export function fixturePath(name: TinyModel = 'tiny-qwen3'): string {
  return fileURLToPath(new URL(`../../fixtures/tiny-qwen3/${name}.gguf`, import.meta.url));
}

const copies = new Map<TinyModel, string>();

/** The model in a copy that declares 8,192 tokens, so that nothing stretches it in the windows of most tests. */
export function modelPath(name: TinyModel = 'tiny-qwen3'): string {
  const copy = copies.get(name) ?? copyWithMetadata(fixturePath(name), { 'qwen3.context_length': { uint32: 8192 } });
  copies.set(name, copy);
  return copy;
}

/** One thread: with two, sums are not repeated bit for bit. */
export function loadParams(more: Partial<LoadParams> = {}): LoadParams {
  return { modelPath: modelPath(), gpu: 'cpu', contextSize: 2048, threads: 1, ...more };
}

export function createBackend(more: Partial<LoadParams> = {}): LocalBackend {
  const backend = new LocalBackend({ entry: engineEntry, logger: silentLogger });
  backend.useModel(loadParams(more));
  return backend;
}

export const greedy: Sampling = { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 };

export function question(content: string, more: Partial<ChatParams> = {}): ChatParams {
  return {
    messages: [
      { role: 'system', content: system.trim() },
      { role: 'user', content },
    ],
    thinking: false,
    sampling: greedy,
    ...more,
  };
}

export interface Outcome {
  readonly thought: string;
  readonly answer: string;
  readonly events: readonly BackendEvent[];
  readonly result: ChatResult;
}

/** Runs a chat to its end; `onEvent` hears each event as it arrives. */
export async function run(
  backend: LocalBackend,
  params: ChatParams,
  { signal = new AbortController().signal, onEvent }: { signal?: AbortSignal; onEvent?: (event: BackendEvent) => void } = {},
): Promise<Outcome> {
  const events: BackendEvent[] = [];
  for await (const event of backend.chat(params, signal)) {
    events.push(event);
    onEvent?.(event);
  }
  const text = (type: 'thought' | 'answer'): string => events.map((event) => (event.type === type ? event.text : '')).join('');
  const end = events.at(-1);
  if (end?.type !== 'end') throw new Error('The chat did not end.');
  return { thought: text('thought'), answer: text('answer'), events, result: end.result };
}

/** Waits until something holds, looking every 20 ms. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 20) {
    if (waited > timeoutMs) throw new Error(`Timed out waiting: ${what}`);
    await delay(20);
  }
}

export function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${String(pid)}`)) {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
  }
  return true;
}
