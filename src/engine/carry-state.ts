/** What a context has read, kept in a file while a larger context takes its place. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LlamaContext, LlamaContextSequence } from 'node-llama-cpp';

export interface CarriedState {
  /** A sequence of the context with the state in it; an empty one where that fails. */
  restore(context: LlamaContext): Promise<LlamaContextSequence>;
  dispose(): Promise<void>;
}

/** Undefined where the state cannot be saved, for want of space say. */
export async function carryState(sequence: LlamaContextSequence): Promise<CarriedState | undefined> {
  // A folder of its own is its owner's alone: a state is as private as the files that were read.
  const folder = await mkdtemp(path.join(tmpdir(), 'ponder-window-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'state');
  try {
    await sequence.saveStateToFile(file);
  } catch {
    await dispose();
    return undefined;
  }
  return {
    dispose,
    restore: async (context) => {
      const fresh = context.getSequence();
      try {
        await fresh.loadStateFromFile(file, { acceptRisk: true });
        return fresh;
      } catch {
        // A failed load leaves a sequence broken for good.
        await fresh.dispose();
        return context.getSequence();
      }
    },
  };
}
