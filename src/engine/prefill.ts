/** Reading a prompt: only what the KV cache lacks, in chunks, so that others can step in between. */
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import { planChunk } from './planner.ts';
import type { Pass } from './scheduler.ts';

/** A sequence with what is remembered of it between prompts. */
export interface Reader {
  /** Another one after a state could not be loaded into it: never held across a step that may do so. */
  sequence: LlamaContextSequence;
  /** Tokens per ms, 0 when unknown. */
  readingSpeed: number;
}

/**
 * Reads all of the prompt but its last token, which generation begins with.
 * @returns tokens that were in the cache already
 */
export async function prefill(reader: Reader, prompt: readonly Token[], pass: Pass, onProgress?: (done: number, cached: number) => void): Promise<number> {
  const { sequence } = reader;
  const total = prompt.length - 1;
  await pass.step(() => sequence.adaptStateToTokens(prompt.slice(0, total), false));
  const cached = sequence.nextTokenIndex;
  onProgress?.(cached, cached);
  for (let done = cached; done < total; ) {
    const chunk = prompt.slice(done, Math.min(total, done + planChunk(reader.readingSpeed, sequence.context.batchSize)));
    await pass.step(() => read(reader, chunk));
    done += chunk.length;
    onProgress?.(done, cached);
  }
  return cached;
}

async function read(reader: Reader, chunk: Token[]): Promise<void> {
  const before = performance.now();
  await reader.sequence.evaluateWithoutGeneratingNewTokens(chunk, { contextShift: noShift });
  // A token or two take as long as a dozen, and would say that reading is slow.
  if (chunk.length >= 16 || reader.readingSpeed === 0) reader.readingSpeed = chunk.length / Math.max(0.1, performance.now() - before);
}

/** llama.cpp would drop the beginning of the prompt in silence; lengths are checked before, so this is a defect. */
export const noShift = {
  strategy: (): never => {
    throw new PonderError('internal', 'The window overflowed during generation.');
  },
};
