import { GgmlType } from 'node-llama-cpp';
import type { LogLevel } from '../base/log.ts';
import type { LoadParams } from '../protocol/engine.ts';
import { fingerprint } from './fingerprint.ts';
import type { SnapshotKey } from './kv-sidecar.ts';
import { KvStore } from './kv-store.ts';
import { libraryVersion } from './library.ts';
import type { Loaded } from './llama.ts';
import { Snapshots } from './snapshots.ts';

/** Fewer are read again in the time that a save takes. */
const leastUnsaved = 1024;

/** The snapshots of a loaded model. What they must agree on is asked for at each use, because windows change. */
export async function openSnapshots(
  { folder, limit }: NonNullable<LoadParams['snapshots']>,
  loaded: Loaded,
  log: (level: LogLevel, message: string) => void,
): Promise<Snapshots> {
  const store = new KvStore({ folder, limit, log, now: () => Date.now() });
  await store.open();
  const model = fingerprint(loaded.info.path);
  // Where it is used, its failure is told.
  model.catch(() => undefined);
  return new Snapshots({ store, key: async () => keyOf(loaded, await model), log, leastUnsaved });
}

function keyOf({ info, machine }: Loaded, model: string): SnapshotKey {
  const { flashAttention, kvCacheKeyType, kvCacheValueType } = machine.sequence.context;
  return {
    model,
    library: libraryVersion(),
    yarnFactor: info.yarnFactor,
    kvType: `${GgmlType[kvCacheKeyType]}/${GgmlType[kvCacheValueType]}`,
    attention: String(flashAttention),
  };
}
