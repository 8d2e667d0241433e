import { setTimeout as delay } from 'node:timers/promises';
import type { LocalBackend } from '../../src/backends/local.ts';
import type { ChatParams, InfillParams } from '../../src/protocol/engine.ts';

/** A completion that was asked for while a chat's prompt was being read. Times in ms. */
export interface Preemption {
  /** From the request to its first token. */
  readonly firstMs: number;
  /** How long the chunk of the chat's prompt before it took. */
  readonly chunkMs: number;
}

/** Into the prompt so far, a completion is asked for. */
const places = [0.25, 0.5, 0.75];

/**
 * Reads a chat's prompt and asks for completions meanwhile, at different moments of a chunk.
 * @param ask none of its prompt may be in the cache
 */
export async function interruptPrefill(backend: LocalBackend, ask: ChatParams['messages'], next: () => InfillParams): Promise<Preemption[]> {
  const preemptions: Promise<Preemption>[] = [];
  let under = false;
  let last: number | undefined;
  const sampling = { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 };
  for await (const event of backend.chat({ messages: ask, sampling, maxTokens: 1, thinking: false }, new AbortController().signal)) {
    if (event.type !== 'reading') continue;
    const now = performance.now();
    // Only a chunk that nothing came between tells how long one takes.
    const chunkMs = under || last === undefined ? undefined : now - last;
    last = under ? undefined : now;
    const place = places[preemptions.length];
    if (chunkMs === undefined || place === undefined || event.done < event.total * place) continue;
    under = true;
    const moment = (chunkMs * (preemptions.length * 2 + 1)) / (places.length * 2);
    preemptions.push(
      delay(moment)
        .then(() => firstToken(backend, next()))
        .then((firstMs) => ({ firstMs, chunkMs }))
        .finally(() => (under = false)),
    );
  }
  return Promise.all(preemptions);
}

/** Milliseconds to the first token, or to the end where there is none. */
async function firstToken(backend: LocalBackend, params: InfillParams): Promise<number> {
  const aborter = new AbortController();
  const start = performance.now();
  let ms = Number.NaN;
  for await (const event of backend.infill(params, aborter.signal)) {
    ms = performance.now() - start;
    if (event.type === 'text') break;
  }
  aborter.abort();
  return ms;
}
