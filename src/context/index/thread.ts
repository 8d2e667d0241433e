/** The host's side of the index's thread: starts it when it is needed, and anew when it has ended. */
import { Worker } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { Logger } from '../../base/log.ts';
import { indexerContract, type IndexerContract } from '../../protocol/indexer.ts';
import { RpcClient } from '../../protocol/rpc.ts';

/** What the thread may take, MB. At the end of it the thread dies, and not the extension host. */
const limits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 };

export interface IndexThread {
  readonly rpc: RpcClient<IndexerContract>;
  /** Aborts when the thread has ended. */
  readonly ended: AbortSignal;
  /** Resolves when the thread is gone. */
  stop(): Promise<void>;
}

/**
 * Calls under way fail when the thread ends.
 * @param entry absolute path of the bundle
 */
export function startIndexThread(entry: string, logger: Logger): IndexThread {
  const worker = new Worker(entry, { name: 'ponder-index', resourceLimits: limits, execArgv: [], stdout: true, stderr: true });
  const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
  const ended = new AbortController();
  const rpc = new RpcClient(connection, indexerContract, (level, message) => logger[level](`index: ${message}`));
  let stopped = false;
  worker.stderr.on('data', (chunk: Buffer) => logger.warn(`index: ${chunk.toString().trimEnd()}`));
  worker.on('error', (error) => logger.error(`The index's thread failed: ${error instanceof Error ? error.message : String(error)}`));
  worker.once('exit', (code) => {
    if (!stopped) logger.error(`The index's thread ended (exit code ${String(code)}); it is started again when it is needed.`);
    connection.dispose();
    ended.abort();
  });
  return {
    rpc,
    ended: ended.signal,
    stop: async () => {
      stopped = true;
      await worker.terminate();
    },
  };
}
