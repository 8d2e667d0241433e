/** An edit as it is asked of the model and streams back. Knows no editor; a proposal goes to whoever shows it. */
import type { Backend } from '../backends/backend.ts';
import type { ContextItem } from '../context/item.ts';
import type { ModelInfo, Sampling } from '../protocol/engine.ts';
import type { Lines } from './lines.ts';
import type { Target } from './target.ts';

export interface EditRequest {
  /** What is to be changed; for a new file an empty one. */
  readonly target: Target;
  /** What to do, in a sentence or more. */
  readonly instruction: string;
  /** What the model reads beside the file: problems, definitions. */
  readonly items: readonly ContextItem[];
  /** Of the workspace. */
  readonly rules: readonly ContextItem[];
  readonly thinking: boolean;
  /** How thoughts are sampled. Absent: as the model's makers recommend. */
  readonly thoughtSampling?: (model: ModelInfo) => Promise<Sampling>;
}

export type EditEvent =
  /** `fraction` of what the stage is about, where it is known: 0 to 1. */
  | { readonly type: 'progress'; readonly stage: 'loading' | 'reading' | 'thinking' | 'writing'; readonly fraction?: number }
  /** The whole document as it would be, so far. */
  | { readonly type: 'proposal'; readonly lines: Lines }
  /** The last one. `answer` is what the model said, where nothing could be made of it. */
  | { readonly type: 'end'; readonly changed: true }
  | { readonly type: 'end'; readonly changed: false; readonly answer: string };

/** @throws PonderError while iterated; an AbortError when `signal` aborts. */
export type RunEdit = (backend: Backend, request: EditRequest, signal: AbortSignal) => AsyncGenerator<EditEvent, void, void>;
