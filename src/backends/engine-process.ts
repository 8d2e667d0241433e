/** An engine and the connection to it: one forked for this window alone, or one that the user's windows share. */
import { fork, type ChildProcess } from 'node:child_process';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { inTime } from '../base/async.ts';
import type { Logger } from '../base/log.ts';
import { PonderError, toPonderError } from '../base/errors.ts';
import { binariesVariable, engineContract, leaving, protocolVersion, type EngineContract } from '../protocol/engine.ts';
import { RpcClient } from '../protocol/rpc.ts';
import { deviceVariables } from './devices.ts';

export interface Ending {
  /** In words, for the log: a signal, an exit code. */
  readonly how: string;
  /** Another window has asked for it. */
  readonly asked: boolean;
}

export interface EngineProcess {
  readonly rpc: RpcClient<EngineContract>;
  readonly pid: number;
  /** Resolves when the engine is gone. */
  readonly exited: Promise<Ending>;
  /** This window has no more use for it. */
  release(): void;
  /** Ends it, for every window; resolves when it is gone. */
  end(): Promise<void>;
}

export interface EngineOptions {
  /** Absolute path of the bundled engine. */
  readonly entry: string;
  readonly logger: Logger;
  /** Folders, the best first, in which windows of this user may meet to share an engine. Absent: this window has its own. */
  readonly share?: readonly string[];
  /** Absolute path of the folder with binaries that did not ship (`models/backend-package/install.ts`), there or not. */
  readonly binaries?: string;
  /** GPUs to use, by their number in the backend's order; absent: all. */
  readonly devices?: readonly number[];
  /** In place of what would be told to the engine of the GPUs. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The environment that an engine runs in. */
export function engineEnvironment({ binaries, devices, variables }: EngineOptions): NodeJS.ProcessEnv {
  return { ...process.env, ...(variables ?? deviceVariables(devices, process.env)), ...(binaries === undefined ? {} : { [binariesVariable]: binaries }) };
}

/** @throws PonderError `engine-start-failed` when it does not answer or speaks another protocol; `engine-crashed` */
export async function startEngine(options: EngineOptions): Promise<EngineProcess> {
  const { logger } = options;
  if (options.share) {
    try {
      const { joinEngine } = await import('./shared-engine.ts');
      return await joinEngine(options, options.share);
    } catch (error) {
      // That has nothing to do with sharing, and would happen to one of its own as well.
      if (toPonderError(error).code === 'engine-crashed') throw error;
      logger.warn(`no engine can be shared, this window starts its own: ${toPonderError(error).message}`);
    }
  }
  return forkEngine(options);
}

async function forkEngine(options: EngineOptions): Promise<EngineProcess> {
  const { entry, logger } = options;
  const child = fork(entry, [], { execArgv: [], env: engineEnvironment(options), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const forward = (chunk: Buffer): void => logger.info(`engine: ${chunk.toString().trimEnd()}`);
  child.stdout?.on('data', forward);
  child.stderr?.on('data', forward);
  const exited = endOf(child).then((how) => ({ how, asked: false }));
  const kill = (): void => void child.kill('SIGKILL');
  try {
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const { rpc } = await shakeHands(connection, exited, logger);
    const end = async (): Promise<void> => {
      kill();
      await exited;
    };
    return { rpc, pid: child.pid ?? 0, exited, release: kill, end };
  } catch (error) {
    kill();
    throw error;
  }
}

/** How a process ended. */
export function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
  });
}

/** How long an engine may take to say what it is, ms: on a machine that is busy, or while it loads. */
const greetingMs = 30_000;

/** @throws PonderError `engine-start-failed` */
export async function shakeHands(
  connection: MessageConnection,
  exited: Promise<Ending>,
  logger: Logger,
): Promise<{ readonly rpc: RpcClient<EngineContract>; readonly pid: number; readonly wasAsked: () => boolean }> {
  connection.onError(([error]) => logger.warn(`engine connection: ${error.message}`));
  let asked = false;
  connection.onNotification(leaving, () => {
    asked = true;
  });
  // Rejects the calls under way, which would otherwise wait for ever.
  void exited.then(() => connection.dispose());
  const rpc = new RpcClient(connection, engineContract, (level, message) => logger[level](`engine: ${message}`));
  try {
    const greeting = await Promise.race([
      inTime(rpc.call('initialize', { protocol: protocolVersion }), greetingMs, undefined),
      exited.then(({ how }): never => {
        throw new PonderError('engine-start-failed', `The engine ended at its start (${how}).`, { how });
      }),
    ]);
    if (!greeting) throw new PonderError('engine-start-failed', 'The engine does not answer.');
    const { protocol, library, pid } = greeting;
    if (protocol !== protocolVersion) {
      throw new PonderError('engine-start-failed', `The engine speaks protocol ${String(protocol)}, not ${String(protocolVersion)}.`);
    }
    logger.info(`engine ${String(pid)} is up, node-llama-cpp ${library}`);
    return { rpc, pid, wasAsked: () => asked };
  } catch (error) {
    throw error instanceof PonderError && error.code === 'engine-start-failed' ? error : new PonderError('engine-start-failed', String(error));
  }
}
