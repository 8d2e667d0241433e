/** Serves one window: what it has loaded is its own, and goes with its connection. */
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { engineContract, protocolVersion } from '../protocol/engine.ts';
import { serve } from '../protocol/rpc.ts';
import { Engine } from './engine.ts';
import { readHardware } from './hardware.ts';
import { clearSnapshots, snapshotUsage } from './kv-store.ts';
import { libraryVersion } from './library.ts';
import type { Shared } from './shared.ts';

/** @param shutdown ends the process; it returns when the other windows have been told */
export function serveWindow(connection: MessageConnection, shared: Shared, shutdown: () => Promise<void>): void {
  const engine = new Engine(shared, (level, message) => log(level, message));
  const log = serve(connection, engineContract, {
    initialize: () => Promise.resolve({ protocol: protocolVersion, library: libraryVersion(), pid: process.pid }),
    load: (params, context) => engine.load(params, context),
    unload: () => engine.unload(),
    chat: (params, context) => engine.chat(params, context),
    answerNow: () => engine.answerNow(),
    measure: (params) => engine.measure(params),
    preread: (params, context) => engine.preread(params, context),
    snapshots: ({ folder }) => snapshotUsage(folder),
    clearSnapshots: async ({ folder }) => {
      await clearSnapshots(folder);
      return {};
    },
    openInfill: (source, context) => engine.openInfill(source, context),
    closeInfill: () => engine.closeInfill(),
    infill: (params, context) => engine.infill(params, context),
    score: (params, context) => engine.score(params, context),
    countTokens: ({ texts }) => engine.countTokens(texts),
    hardware: ({ gpu }) => readHardware(shared.pool, gpu),
    tuneThreads: (_, context) => engine.tuneThreads(context),
    status: () => engine.status(),
    shutdown: async () => {
      await shutdown();
      return {};
    },
  });
  const leave = shared.enter(log);
  connection.onClose(() => {
    leave();
    engine.dispose().catch((error: unknown) => shared.log('error', `what a window had could not be freed: ${String(error)}`));
  });
}
