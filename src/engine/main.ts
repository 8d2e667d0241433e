/** The engine process: serves the contract to whoever forked it, and leaves when they do. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { engineContract, protocolVersion } from '../protocol/engine.ts';
import { serve } from '../protocol/rpc.ts';
import { Engine } from './engine.ts';
import { clearSnapshots, snapshotUsage } from './kv-store.ts';
import { libraryVersion } from './library.ts';

process.once('disconnect', () => process.exit(0));

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const engine = new Engine((level, message) => log(level, message));

const log = serve(connection, engineContract, {
  initialize: () => Promise.resolve({ protocol: protocolVersion, library: libraryVersion() }),
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
  status: () => engine.status(),
});
