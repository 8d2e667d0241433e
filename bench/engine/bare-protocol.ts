/** What the bench asks of the process with the bare library loop (bare.ts). One request at a time. */
import type { ChatParams, GpuBackend, Sampling } from '../../src/protocol/engine.ts';

export type BareRequest =
  | {
      readonly type: 'load';
      readonly modelPath: string;
      readonly gpu: GpuBackend;
      readonly gpuLayers: number;
      readonly contextSize: number;
      readonly batchSize: number;
      readonly flashAttention: boolean | 'auto';
      readonly threads: number;
    }
  | { readonly type: 'run'; readonly messages: ChatParams['messages']; readonly sampling: Sampling; readonly maxTokens: number };

/** Times are ms on the clock of the process with the loop: nothing of its messages is in them. */
export interface BareRun {
  /** From the ready prompt tokens to the first generated token. */
  readonly firstMs: number;
  /** From the first generated token to the last. */
  readonly restMs: number;
  readonly tokens: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly text: string;
}

export type BareReply = { readonly run: BareRun } | { readonly loaded: true } | { readonly error: string };
