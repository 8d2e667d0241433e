/** Brings states of the KV cache back from disk when a prompt begins like one, and saves them while nothing else is to be done. */
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { LogLevel } from '../base/log.ts';
import { commonLength } from './common-length.ts';
import type { SnapshotKey } from './kv-sidecar.ts';
import type { KvStore, Snapshot } from './kv-store.ts';
import type { Reader } from './prefill.ts';
import type { Pass } from './scheduler.ts';

export interface SnapshotsOptions {
  readonly store: KvStore;
  /** Of what is loaded at the moment. */
  readonly key: () => Promise<SnapshotKey>;
  readonly log: (level: LogLevel, message: string) => void;
  /** Tokens that must not be on disk yet for a save to be worth its while. */
  readonly leastUnsaved: number;
}

/** Tokens that a snapshot must have beyond the KV cache. */
const leastGain = 256;

/**
 * Bytes per ms at which a state is checked and loaded, at the least that is to be expected (140 MB/s on two cores that
 * others kept busy). A GPU that reads thousands of tokens a second may be faster.
 */
const restoringSpeed = 140_000;

interface Found {
  readonly snapshot: Snapshot;
  /** Tokens of the prompt that need not be read then. */
  readonly tokens: number;
}

export class Snapshots {
  constructor(private readonly options: SnapshotsOptions) {}

  /**
   * Tokens of a prompt that would be restored from disk, and of all that comes back with them; 0 if the KV cache has as
   * many, or nearly.
   * @param longest tokens of the largest window that there can be
   */
  async restorable(reader: Reader, prompt: readonly Token[], longest: number): Promise<{ readonly tokens: number; readonly all: number }> {
    const found = await this.#best(reader, prompt, longest);
    return { tokens: found?.tokens ?? 0, all: found?.snapshot.tokens.length ?? 0 };
  }

  /**
   * Loads the best snapshot of a prompt if that is worth it. What lies beyond the prompt in it, the prefill cuts off.
   * @returns tokens of the prompt that are in the KV cache now because of it
   * @throws AbortError
   */
  async restore(reader: Reader, prompt: readonly Token[], pass: Pass): Promise<number> {
    // Each round that fails has dropped what it tried.
    for (;;) {
      const found = await this.#best(reader, prompt, reader.sequence.contextSize);
      if (!found) return 0;
      const file = await this.options.store.verify(found.snapshot, pass.signal);
      if (file === undefined) continue;
      if (await pass.step(() => this.#load(reader, file, found.snapshot))) return found.tokens;
    }
  }

  /**
   * Saves what is in the KV cache, if enough of it is on disk nowhere. Takes about as long as writing the state to disk
   * does, 144 KiB a token on Qwen3-4B, and cannot be interrupted: a request that comes meanwhile waits. Checking and
   * committing what was written goes on beside it.
   * @param step runs something alone on the context; rejects with an AbortError if it may not
   */
  async save(reader: Reader, step: <T>(evaluate: () => Promise<T>) => Promise<T>): Promise<void> {
    const { store, leastUnsaved } = this.options;
    const tokens = Uint32Array.from(reader.sequence.contextTokens);
    const key = await this.#key();
    if (!key || tokens.length < leastUnsaved) return;
    const saved = await store.find(key, [...tokens], Infinity);
    if (tokens.length - (saved?.common ?? 0) < leastUnsaved) return;
    const bytes = reader.sequence.context.stateSize;
    await store.write({ key, tokens, bytes }, (file) => step(() => saveState(reader.sequence, tokens, file)));
  }

  async #best({ sequence, readingSpeed }: Reader, prompt: readonly Token[], longest: number): Promise<Found | undefined> {
    const key = await this.#key();
    const found = key && (await this.options.store.find(key, prompt, longest));
    if (!found) return undefined;
    // The last token is evaluated in any case.
    const tokens = Math.min(found.common, prompt.length - 1);
    const gain = tokens - commonLength(prompt, sequence.contextTokens);
    const worthIt = gain >= leastGain && gain * restoringSpeed >= found.snapshot.state.bytes * readingSpeed;
    return worthIt ? { snapshot: found.snapshot, tokens } : undefined;
  }

  async #load(reader: Reader, file: string, snapshot: Snapshot): Promise<boolean> {
    const { store, log } = this.options;
    const before = performance.now();
    const loaded = await store.loading(snapshot);
    try {
      // The risk is a state of something else; the key and the checksum are there to exclude it.
      await reader.sequence.loadStateFromFile(file, { acceptRisk: true });
      const { contextTokens } = reader.sequence;
      if (contextTokens.length !== snapshot.tokens.length || commonLength(contextTokens, snapshot.tokens) !== contextTokens.length) throw new Error('its tokens are others');
    } catch (error) {
      await store.drop(snapshot.id, `llama.cpp cannot load it (${error instanceof Error ? error.message : String(error)})`);
      reader.sequence = await replaced(reader.sequence);
      return false;
    } finally {
      await loaded();
    }
    log('info', `snapshots: loaded ${String(snapshot.tokens.length)} tokens, ${String(snapshot.state.bytes)} bytes, in ${(performance.now() - before).toFixed(0)} ms`);
    await store.touch(snapshot);
    return true;
  }

  async #key(): Promise<SnapshotKey | undefined> {
    try {
      return await this.options.key();
    } catch (error) {
      this.options.log('warn', `snapshots: the model cannot be told from others: ${String(error)}`);
      return undefined;
    }
  }
}

/** A sequence is of no more use once a state could not be loaded into it. The context has one only, which must come back first. */
async function replaced(sequence: LlamaContextSequence): Promise<LlamaContextSequence> {
  const { context } = sequence;
  await sequence.dispose();
  return context.getSequence();
}

async function saveState(sequence: LlamaContextSequence, expected: Uint32Array, file: string): Promise<void> {
  const { contextTokens } = sequence;
  if (contextTokens.length !== expected.length || commonLength(contextTokens, expected) !== expected.length) throw changed();
  const { fileSize } = await sequence.saveStateToFile(file);
  if (fileSize === 0) throw new Error('llama.cpp wrote nothing');
}

/** Something was read meanwhile; there will be another idle time. */
function changed(): DOMException {
  return new DOMException('The KV cache has changed.', 'AbortError');
}

/** Calls back once nothing has happened for a while. */
export class IdleTimer {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly delayMs: number,
    private readonly onIdle: () => void,
  ) {}

  restart(): void {
    this.stop();
    this.#timer = setTimeout(this.onIdle, this.delayMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

