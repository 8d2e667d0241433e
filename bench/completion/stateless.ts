import type { LocalBackend } from '../../src/backends/local.ts';
import type { Hole } from '../../src/completion/hole.ts';
import type { InfillResult } from '../../src/protocol/engine.ts';
import type { Task } from './trace.ts';
import { Typist } from './typist.ts';

/** How much is shown before and after the cursor, UTF-16 units. */
export interface Reach {
  readonly prefix: number;
  readonly suffix: number;
}

/**
 * What most extensions do: at each key a request of its own, prefix and suffix cut around the cursor, and nothing known
 * of the one before. The engine's KV cache may help it as far as it goes. The window begins and ends with a line, which
 * is to its favour: one that slid unit by unit would be read anew at every key.
 * @param keys of the trace, from its beginning
 */
export async function stateless(backend: LocalBackend, task: Task, reach: Reach, keys: number): Promise<InfillResult[]> {
  const typist = new Typist(task);
  const results: InfillResult[] = [];
  for (const event of task.events) {
    if (results.length === keys) break;
    if (typist.apply(event) === 'text') results.push(await request(backend, typist.hole, reach));
  }
  return results;
}

async function request(backend: LocalBackend, { prefix, suffix }: Hole, reach: Reach): Promise<InfillResult> {
  const start = prefix.length <= reach.prefix ? 0 : prefix.indexOf('\n', prefix.length - reach.prefix) + 1;
  const end = suffix.length <= reach.suffix ? suffix.length : suffix.lastIndexOf('\n', reach.suffix - 1) + 1;
  const prompt = { form: 'file' as const, prefix: prefix.slice(start), suffix: suffix.slice(0, end) };
  for await (const event of backend.infill({ prompt, typed: '', maxTokens: 1, urgency: 'typing' }, new AbortController().signal)) {
    if (event.type === 'end') return event.result;
  }
  throw new Error('the request did not end');
}
