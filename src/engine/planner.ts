/** Decides what to ask llama.cpp for. Pure: measured facts in, numbers out. */
import { contextLadder } from '../planner/scaling.ts';

/**
 * Threads for decoding, at least 1. llama.cpp spins between layers, so a thread more than there are free cores
 * makes everything slower, up to 50 times (measured on two cores).
 * @param mathCores physical cores as llama.cpp counts them
 * @param available cores this process may use (affinity and container limits)
 */
export function planThreads(mathCores: number, available: number): number {
  return Math.max(1, Math.min(mathCores, available));
}

/** Tokens per prefill batch. 128 on the CPU saves about 210 MB of buffers on a 4B model and costs no speed. */
export function planBatchSize(onGpu: boolean, contextSize: number): number {
  return Math.min(onGpu ? 512 : 128, contextSize);
}

/**
 * Whether attention is computed without storing its scores. On the CPU llama.cpp's way of doing so is made for 64
 * tokens and more at a time: with fewer it takes 2 to 4 times as long as storing them, and decoding is one at a time
 * (measured on two layers in the shape of Qwen3-4B, one AVX-512 core: 40 against 24 ms a token after 2,048 tokens, 180
 * against 39 after 8,192; reading 128 at a time is the other way round, 11 against 17).
 */
export function planFlashAttention(onGpu: boolean): boolean | 'auto' {
  return onGpu ? 'auto' : false;
}

/** The next smaller windows, largest first. */
export function smallerContexts(contextSize: number): number[] {
  return contextLadder.filter((size) => size < contextSize);
}

/**
 * Tokens to read before looking up again. A stop takes effect between two chunks, so a chunk should last about
 * a quarter of a second; the first is small, since the speed is not known yet.
 * @param tokensPerMs measured reading speed; 0 when unknown
 */
export function planChunk(tokensPerMs: number, batchSize: number): number {
  if (tokensPerMs === 0) return Math.min(64, batchSize);
  return Math.min(batchSize, Math.max(16, Math.floor(tokensPerMs * 250)));
}

/** Windows to try for completions, tokens, largest first: what does not fit beside the chat gets less. */
export function planInfillContexts(contextSize: number): number[] {
  return [contextSize, ...[2048, 1024].filter((size) => size < contextSize)];
}
