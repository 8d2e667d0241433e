import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LocalBackend } from '../../../src/backends/local.ts';
import { decodeSidecar, encodeSidecar, type Sidecar } from '../../../src/engine/kv-sidecar.ts';
import type { LoadParams } from '../../../src/protocol/engine.ts';
import { engineEntry, loadParams, until } from './backend.ts';

/** A folder for snapshots, and the engines that use it. */
export class SnapshotRig {
  readonly folder = path.join(mkdtempSync(path.join(tmpdir(), 'snapshots-')), 'states');
  /** What the engines said of snapshots, with the level in front. */
  readonly lines: string[] = [];
  readonly #backends: LocalBackend[] = [];

  /** A new engine process. */
  start(more: Partial<LoadParams> = {}): LocalBackend {
    const say = (level: string) => (message: string): void => {
      if (message.includes('snapshots:')) this.lines.push(`${level} ${message}`);
    };
    const backend = new LocalBackend({ entry: engineEntry, logger: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') } });
    backend.useModel(loadParams({ snapshots: { folder: this.folder, limit: 1 << 30 }, ...more }));
    this.#backends.push(backend);
    return backend;
  }

  /** Ends every engine that was started so far. */
  stop(): void {
    for (const backend of this.#backends.splice(0)) backend.dispose();
  }

  get files(): string[] {
    try {
      return readdirSync(this.folder).sort();
    } catch {
      return [];
    }
  }

  async saved(count = 1): Promise<void> {
    await until(`${String(count)} snapshots`, () => this.files.filter((name) => name.endsWith('.json')).length >= count);
  }

  /** Changes the one snapshot there is, so that it looks as sound as before. */
  forge(change: (sidecar: Sidecar, state: Buffer) => { readonly sidecar?: Partial<Sidecar>; readonly state?: Buffer }): void {
    const [sidecarFile, stateFile] = [this.path('.json'), this.path('.state')];
    const before = { sidecar: decodeSidecar(readFileSync(sidecarFile)), state: readFileSync(stateFile) };
    const { sidecar = {}, state = before.state } = change(before.sidecar, before.state);
    writeFileSync(stateFile, state);
    const facts = { bytes: state.length, sha256: createHash('sha256').update(state).digest('hex') };
    writeFileSync(sidecarFile, encodeSidecar({ ...before.sidecar, ...sidecar, state: facts }));
  }

  path(end: '.json' | '.state'): string {
    return path.join(this.folder, this.files.find((name) => name.endsWith(end)) ?? 'none');
  }
}
