/** The index's thread: serves the contract to whoever started it. */
import { parentPort } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { indexerContract } from '../../protocol/indexer.ts';
import { serve } from '../../protocol/rpc.ts';
import { Indexer } from './indexer.ts';

if (!parentPort) throw new Error('This is started as a worker thread.');

const indexer = new Indexer({ now: () => performance.now() });

serve(createMessageConnection(new PortMessageReader(parentPort), new PortMessageWriter(parentPort)), indexerContract, {
  configure: async ({ folders, ignoreCase }) => {
    await indexer.configure(folders, ignoreCase);
    return {};
  },
  list: async (_, { signal }) => {
    await indexer.list(signal);
    return {};
  },
  build: (_, { signal, emit }) => indexer.build(signal, emit),
  change: async ({ places }) => {
    await indexer.change(places);
    return {};
  },
  put: async ({ files }) => {
    await indexer.put(files);
    return {};
  },
  search: ({ question, ...options }, { signal }) => indexer.search(question, options, signal),
  paths: ({ query, limit }) => Promise.resolve(indexer.paths(query, limit)),
});
