import type { LocalBackend } from '../../../src/backends/local.ts';
import type { InfillParams, InfillPrompt, InfillResult } from '../../../src/protocol/engine.ts';

export interface Filled {
  readonly text: string;
  readonly pieces: readonly { readonly text: string; readonly probability: number }[];
  readonly result: InfillResult;
}

export function hole(prompt: InfillPrompt, more: Partial<InfillParams> = {}): InfillParams {
  return { prompt, typed: '', maxTokens: 64, urgency: 'typing', ...more };
}

/** Runs a completion to its end; `onText` hears each piece as it arrives. */
export async function fill(
  backend: LocalBackend,
  params: InfillParams,
  { signal = new AbortController().signal, onText }: { signal?: AbortSignal; onText?: (text: string) => void } = {},
): Promise<Filled> {
  const pieces: { text: string; probability: number }[] = [];
  for await (const event of backend.infill(params, signal)) {
    if (event.type === 'end') return { text: pieces.map(({ text }) => text).join(''), pieces, result: event.result };
    pieces.push({ text: event.text, probability: event.probability });
    onText?.(event.text);
  }
  throw new Error('The completion did not end.');
}
