import type { LocalBackend } from '../../src/backends/local.ts';
import type { ChatParams, ChatResult } from '../../src/protocol/engine.ts';

export interface Reading {
  /** From the call to the last token of the prompt but one, ms on the host's clock. */
  readonly ms: number;
  readonly total: number;
  /** Of these, from a snapshot. */
  readonly restored: number;
  readonly answer: string;
  readonly result: ChatResult;
}

/** A chat, and how long its prompt took. */
export async function timedReading(backend: LocalBackend, params: ChatParams): Promise<Reading> {
  let reading = { ms: Number.NaN, total: 0, restored: 0 };
  let answer = '';
  const start = performance.now();
  for await (const event of backend.chat(params, new AbortController().signal)) {
    if (event.type === 'reading' && event.done === event.total) reading = { ms: performance.now() - start, total: event.total, restored: event.restored ?? 0 };
    else if (event.type === 'answer') answer += event.text;
    else if (event.type === 'end') return { ...reading, answer, result: event.result };
  }
  throw new Error('The chat did not end.');
}
