/** Joins the engine that the user's windows share, or starts it. */
import { fork } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { inTime } from '../base/async.ts';
import { PonderError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { knock, sayToken } from '../protocol/door.ts';
import { latest, type Place } from '../protocol/rendezvous.ts';
import { endOf, engineEnvironment, shakeHands, type Ending, type EngineOptions, type EngineProcess } from './engine-process.ts';
import { meetingPlace } from './meeting-place.ts';

/** For an engine to be there, ms. */
const patienceMs = 20_000;
/** For an engine to end by itself when it is asked to, ms. */
const farewellMs = 2000;

interface Started {
  readonly exited: Promise<string>;
  /** How it ended, if it has. */
  readonly ended: () => string | undefined;
}

/**
 * Two windows may both start an engine; the slower one finds that there is one, and leaves.
 * @param folders to meet in, the best first
 * @throws PonderError `folder-unwritable`, `engine-start-failed`; `engine-crashed` where a signal has ended it at its start
 */
export async function joinEngine(options: EngineOptions, folders: readonly string[]): Promise<EngineProcess> {
  const { entry, logger, devices } = options;
  const place = await meetingPlace(entry, folders, devices);
  const deadline = Date.now() + patienceMs;
  let started: Started | undefined;
  let reason = 'nobody listens';
  while (Date.now() < deadline) {
    const record = (await latest(place))?.record;
    const socket = record && (await knock(record));
    if (socket) {
      sayToken(socket, record.token);
      try {
        return await greet(socket, started, place, logger);
      } catch (error) {
        // It may have been leaving; the next one is to be had.
        reason = String(error);
      }
    } else if (!started || started.ended() === 'exit code 0') {
      started = await start(options, place);
    }
    const how = started?.ended();
    if (how !== undefined && how !== 'exit code 0') {
      const code = how.startsWith('SIG') ? 'engine-crashed' : 'engine-start-failed';
      throw new PonderError(code, `The engine ended at its start (${how}). ${await lastWords(place)}`, { how });
    }
    await delay(25);
  }
  throw new PonderError('engine-start-failed', `No engine could be joined: ${reason}.`);
}

/** It outlives this window, and leaves by itself when the last window has gone. */
async function start(options: EngineOptions, { folder, key }: Place): Promise<Started> {
  const { entry } = options;
  const output = await open(logOf({ folder, key }), 'a', 0o600);
  try {
    await output.truncate();
    const child = fork(entry, [folder, key], {
      cwd: path.dirname(entry),
      execArgv: [],
      env: engineEnvironment(options),
      detached: true,
      // Forking opens a channel, which nobody needs.
      stdio: ['ignore', output.fd, output.fd, 'ipc'],
    });
    const exited = endOf(child);
    let how: string | undefined;
    void exited.then((ending) => (how = ending));
    if (child.connected) child.disconnect();
    child.unref();
    return { exited, ended: () => how };
  } finally {
    await output.close();
  }
}

async function greet(socket: Socket, started: Started | undefined, place: Place, logger: Logger): Promise<EngineProcess> {
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  let isAsked = (): boolean => false;
  let pid = 0;
  const exited = new Promise<void>((resolve) => socket.once('close', () => resolve())).then(async (): Promise<Ending> => {
    if (isAsked()) return { how: 'restarted by another window', asked: true };
    // Whoever started it is told how it ended.
    const how = (started && (await inTime(started.exited, 200, undefined))) ?? 'the connection closed';
    const words = await lastWords(place);
    if (words !== '') logger.error(`engine: ${words}`);
    return { how, asked: false };
  });
  try {
    const { rpc, wasAsked, pid: answering } = await shakeHands(connection, exited, logger);
    isAsked = wasAsked;
    pid = answering;
    const end = async (): Promise<void> => {
      rpc.call('shutdown', {}).catch(() => undefined);
      if ((await inTime(exited, farewellMs, undefined)) !== undefined) return;
      kill(pid);
      await exited;
    };
    return { rpc, pid, exited, release: () => socket.destroy(), end };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** What it wrote before it ended: llama.cpp's reason for an abort. */
async function lastWords(place: Place): Promise<string> {
  const text = await readFile(logOf(place), 'utf8').catch(() => '');
  return text.slice(-4000).trim();
}

function logOf({ folder, key }: Place): string {
  return path.join(folder, `${key}.log`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
