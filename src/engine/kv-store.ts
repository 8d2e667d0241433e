/**
 * States of the KV cache on disk. A snapshot is a file as llama.cpp writes it and a sidecar (kv-sidecar.ts), whose
 * arrival is the commit. Engine processes may share a folder: each takes what it finds there as it is at the moment, and
 * whatever fails costs no more than reading the prompt anew. Nothing here throws but an aborted signal.
 */
import { chmod, mkdir, open, readFile, statfs, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAbort } from '../base/errors.ts';
import type { LogLevel } from '../base/log.ts';
import { commonLength } from './common-length.ts';
import { brokenLoads, codeOf, digestFile, flushFolder, isAbandoned, listFiles, loading, markOf, newId, publish, remove, writing, type SnapshotFile } from './kv-files.ts';
import { decodeSidecar, encodeSidecar, sameKey, type Sidecar, type SnapshotKey } from './kv-sidecar.ts';

export interface KvStoreOptions {
  /** Absolute path; made when something is written. */
  readonly folder: string;
  /** Bytes that all of its files may take. */
  readonly limit: number;
  readonly log: (level: LogLevel, message: string) => void;
  /** Wall clock, ms. */
  readonly now: () => number;
}

export interface Snapshot extends Sidecar {
  readonly id: string;
}

export interface Draft {
  readonly key: SnapshotKey;
  readonly tokens: Uint32Array;
  /** About what the state will take, for making room. */
  readonly bytes: number;
}

/** Left free on the disk, bytes. */
const reserve = 1 << 30;

export class KvStore {
  /** Sidecars read so far; they never change. */
  readonly #known = new Map<string, Snapshot>();
  /** What was dropped, even if it could not be removed. */
  readonly #dropped = new Set<string>();

  constructor(private readonly options: KvStoreOptions) {}

  /** Removes what interrupted writes left, what is damaged, and what is over the limit. */
  async open(): Promise<void> {
    for (const { id, name } of await brokenLoads(this.options.folder)) {
      await this.drop(id, 'the engine ended while it was being loaded');
      await remove(this.options.folder, name);
    }
    const files = await listFiles(this.options.folder);
    const complete = new Set(pairs(files).map(({ id }) => id));
    for (const file of files) {
      if (!file.temporary && complete.has(file.id)) continue;
      if (!isAbandoned(file, this.options.now())) continue;
      this.options.log('info', `snapshots: removing ${file.name}, left by an interrupted write`);
      await remove(this.options.folder, file.name);
    }
    await this.#list();
    await this.#makeRoom(0, () => false);
  }

  /**
   * The snapshot that has most of a prompt's beginning.
   * @param longest tokens that the context holds: llama.cpp cannot load more
   */
  async find(key: SnapshotKey, prompt: readonly number[], longest: number): Promise<{ readonly snapshot: Snapshot; readonly common: number } | undefined> {
    let best: { readonly snapshot: Snapshot; readonly common: number } | undefined;
    for (const snapshot of await this.#list()) {
      if (snapshot.tokens.length > longest || !sameKey(snapshot.key, key)) continue;
      const common = commonLength(prompt, snapshot.tokens);
      if (common === 0 || common < (best?.common ?? 0)) continue;
      // Of two that have as much of it, the shorter one loads faster.
      if (common === best?.common && snapshot.state.bytes >= best.snapshot.state.bytes) continue;
      best = { snapshot, common };
    }
    return best;
  }

  /**
   * Reads the state through. What does not have the length and content it should have is dropped.
   * @returns path of the state, for loading at once
   * @throws AbortError
   */
  async verify(snapshot: Snapshot, signal: AbortSignal): Promise<string | undefined> {
    const file = path.join(this.options.folder, `${snapshot.id}.state`);
    try {
      const { bytes, sha256 } = await digestFile(file, signal);
      if (bytes === snapshot.state.bytes && sha256 === snapshot.state.sha256) return file;
      await this.drop(snapshot.id, bytes === snapshot.state.bytes ? 'its state is damaged' : 'its state has the wrong length');
    } catch (error) {
      if (isAbort(error)) throw error;
      await this.drop(snapshot.id, `its state cannot be read (${codeOf(error) ?? String(error)})`);
    }
    return undefined;
  }

  /**
   * Leaves a mark until what comes back is called: a state on which llama.cpp ends the process must not do so again.
   */
  async loading({ id }: Snapshot): Promise<() => Promise<void>> {
    const { folder } = this.options;
    const mark = markOf(id);
    loading.add(mark);
    // A folder that takes no mark is no reason not to load.
    await writeFile(path.join(folder, mark), '', { mode: 0o600 }).catch(() => undefined);
    return async () => {
      await remove(folder, mark);
      loading.delete(mark);
    };
  }

  /** Says that it was of use just now. */
  async touch({ id }: Snapshot): Promise<void> {
    const time = this.options.now() / 1000;
    try {
      await utimes(path.join(this.options.folder, `${id}.json`), time, time);
    } catch {
      // Gone, or not ours to change: it counts as used when it was written.
    }
  }

  async drop(id: string, why: string): Promise<void> {
    this.options.log('warn', `snapshots: dropping ${id}: ${why}`);
    await this.#remove(id);
  }

  /**
   * Takes a state in, and drops those that it continues.
   * @param fill writes the state into the file that it is given; may fail with an AbortError
   * @returns false if there was no room, or anything went wrong; nothing is left of it then
   */
  async write({ key, tokens, bytes }: Draft, fill: (file: string) => Promise<void>): Promise<boolean> {
    const { folder, limit, log } = this.options;
    const id = newId();
    writing.add(id);
    try {
      await this.#prepare();
      const continued = ({ key: other, tokens: fewer }: Sidecar): boolean => sameKey(other, key) && commonLength(tokens, fewer) === fewer.length;
      if (!(await this.#makeRoom(bytes, continued)) || !(await this.#diskHolds(bytes))) {
        log('info', `snapshots: no room for ${String(bytes)} bytes`);
        return false;
      }
      const state = path.join(folder, `${id}.state`);
      // llama.cpp keeps the mode of a file that is there.
      await (await open(`${state}.tmp`, 'wx', 0o600)).close();
      await fill(`${state}.tmp`);
      const facts = await digestFile(`${state}.tmp`);
      const sidecar = encodeSidecar({ key, tokens, state: facts });
      if (facts.bytes + sidecar.length > limit) throw new Error(`its ${String(facts.bytes)} bytes are over the limit`);
      await publish(`${state}.tmp`, state);
      await this.#commit(id, sidecar);
      for (const older of await this.#list()) {
        if (older.id !== id && continued(older)) await this.#remove(older.id);
      }
      await this.#makeRoom(0, () => false);
      log('info', `snapshots: saved ${String(tokens.length)} tokens, ${String(facts.bytes)} bytes`);
      return true;
    } catch (error) {
      if (!isAbort(error)) log('warn', `snapshots: could not save: ${error instanceof Error ? error.message : String(error)}`);
      await this.#remove(id);
      return false;
    } finally {
      writing.delete(id);
    }
  }

  async #commit(id: string, sidecar: Buffer): Promise<void> {
    const { folder, now } = this.options;
    const file = path.join(folder, `${id}.json`);
    const handle = await open(`${file}.tmp`, 'wx', 0o600);
    try {
      await handle.writeFile(sidecar);
      await handle.utimes(now() / 1000, now() / 1000);
    } finally {
      await handle.close();
    }
    await publish(`${file}.tmp`, file);
    await flushFolder(folder);
  }

  async #prepare(): Promise<void> {
    await mkdir(this.options.folder, { recursive: true, mode: 0o700 });
    // States hold what the files hold that were read. A folder that was there may be open to others.
    await chmod(this.options.folder, 0o700);
  }

  /** The snapshots that are there now; drops what is damaged. */
  async #list(): Promise<Snapshot[]> {
    const present = pairs(await listFiles(this.options.folder));
    const snapshots: Snapshot[] = [];
    for (const { id } of present) {
      const snapshot = this.#dropped.has(id) ? undefined : (this.#known.get(id) ?? (await this.#read(id)));
      if (snapshot) snapshots.push(snapshot);
    }
    this.#known.clear();
    for (const snapshot of snapshots) this.#known.set(snapshot.id, snapshot);
    return snapshots;
  }

  async #read(id: string): Promise<Snapshot | undefined> {
    try {
      return { id, ...decodeSidecar(await readFile(path.join(this.options.folder, `${id}.json`))) };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') await this.drop(id, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /**
   * Removes snapshots, those used longest ago first, until so many bytes fit beside the rest.
   * @param replaced which ones will go anyway, and so go before all others
   */
  async #makeRoom(bytes: number, replaced: (sidecar: Sidecar) => boolean): Promise<boolean> {
    const { folder, limit, log } = this.options;
    if (bytes > limit) return false;
    const files = await listFiles(folder);
    let total = files.reduce((sum, file) => sum + file.bytes, 0);
    if (total + bytes <= limit) return true;
    const goes = new Set((await this.#list()).filter(replaced).map(({ id }) => id));
    const order = pairs(files).sort((a, b) => Number(goes.has(b.id)) - Number(goes.has(a.id)) || a.used - b.used);
    for (const { id, bytes: freed } of order) {
      if (total + bytes <= limit) break;
      log('info', `snapshots: removing ${id} to make room`);
      if (await this.#remove(id)) total -= freed;
    }
    return total + bytes <= limit;
  }

  async #diskHolds(bytes: number): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.options.folder);
    return bavail * bsize > bytes + reserve;
  }

  /** The sidecar goes first: a state without one is no snapshot. */
  async #remove(id: string): Promise<boolean> {
    this.#known.delete(id);
    this.#dropped.add(id);
    const gone: boolean[] = [];
    for (const end of ['json', 'json.tmp', 'state', 'state.tmp']) gone.push(await remove(this.options.folder, `${id}.${end}`));
    return gone.every(Boolean);
  }
}

/** Snapshots by their files, without a look inside. */
function pairs(files: readonly SnapshotFile[]): { readonly id: string; readonly bytes: number; readonly used: number }[] {
  const states = new Map(files.filter(({ kind, temporary }) => kind === 'state' && !temporary).map((file) => [file.id, file]));
  return files.flatMap(({ id, kind, temporary, bytes, modified }) => {
    const state = kind === 'json' && !temporary ? states.get(id) : undefined;
    return state ? [{ id, bytes: bytes + state.bytes, used: modified }] : [];
  });
}

/** What the snapshots of a folder take, with what is being written. */
export async function snapshotUsage(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const files = await listFiles(folder);
  return { files: pairs(files).length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Removes every snapshot of a folder, and what is being written: whoever writes it finds it gone and lets it be. */
export async function clearSnapshots(folder: string): Promise<void> {
  const files = await listFiles(folder);
  const sidecarsFirst = [...files].sort((a, b) => Number(a.kind === 'state') - Number(b.kind === 'state'));
  for (const { name } of sidecarsFirst) await remove(folder, name);
}
