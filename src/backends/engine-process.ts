/** One forked engine process: its connection, its handshake and its end. */
import { fork } from 'node:child_process';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { Logger } from '../base/log.ts';
import { PonderError } from '../base/errors.ts';
import { engineContract, protocolVersion, type EngineContract } from '../protocol/engine.ts';
import { RpcClient } from '../protocol/rpc.ts';

export interface EngineProcess {
  readonly rpc: RpcClient<EngineContract>;
  readonly pid: number;
  /** Resolves when the process is gone, with how it went. */
  readonly exited: Promise<string>;
  kill(): void;
}

/** @throws PonderError `engine-start-failed` when it does not answer or speaks another protocol. */
export async function startEngine(entry: string, logger: Logger): Promise<EngineProcess> {
  const child = fork(entry, [], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const forward = (chunk: Buffer): void => logger.info(`engine: ${chunk.toString().trimEnd()}`);
  child.stdout?.on('data', forward);
  child.stderr?.on('data', forward);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onError(([error]) => logger.warn(`engine connection: ${error.message}`));
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
  });
  // Rejects the calls under way, which would otherwise wait for ever.
  void exited.then(() => connection.dispose());
  const rpc = new RpcClient(connection, engineContract, (level, message) => logger[level](`engine: ${message}`));
  try {
    const { protocol, library } = await Promise.race([
      rpc.call('initialize', { protocol: protocolVersion }),
      exited.then((how): never => {
        throw new PonderError('engine-start-failed', `The engine ended at its start (${how}).`, { how });
      }),
    ]);
    if (protocol !== protocolVersion) {
      throw new PonderError('engine-start-failed', `The engine speaks protocol ${String(protocol)}, not ${String(protocolVersion)}.`);
    }
    logger.info(`engine ${String(child.pid)} is up, node-llama-cpp ${library}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw error instanceof PonderError && error.code === 'engine-start-failed'
      ? error
      : new PonderError('engine-start-failed', String(error));
  }
  return { rpc, pid: child.pid ?? 0, exited, kill: () => void child.kill('SIGKILL') };
}
