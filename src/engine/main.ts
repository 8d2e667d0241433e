/**
 * The engine process. It serves whoever forked it, and leaves when they do; or, if it is given a place, whatever windows
 * of the user come there, and leaves when the last has gone.
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, SocketMessageReader, SocketMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { binariesVariable, leaving } from '../protocol/engine.ts';
import { useBinaries } from './binaries.ts';
import { meet, type Meeting } from './meet.ts';
import { serveWindow } from './serve-window.ts';
import { Shared } from './shared.ts';

/** From the start to the first window, and from the end of the last to the engine's: one that is reloaded comes back. Ms. */
const firstMs = 20_000;
const lingerMs = 2000;

const binaries = process.env[binariesVariable];
if (binaries !== undefined && binaries !== '') useBinaries(binaries);

const shared = new Shared();
const [folder, key] = process.argv.slice(2);

if (folder !== undefined && key !== undefined) await serveAll(folder, key);
else serveParent();

function serveParent(): void {
  process.once('disconnect', () => process.exit(0));
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  serveWindow(connection, shared, () => leave([]));
}

async function serveAll(meetingFolder: string, meetingKey: string): Promise<void> {
  const connections = new Set<MessageConnection>();
  let meeting = undefined as Meeting | undefined;
  let timer: NodeJS.Timeout | undefined;
  const leaveIfAlone = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (connections.size > 0) return;
      // Somebody is at the door.
      if (meeting && meeting.connections() > 0) return leaveIfAlone(lingerMs);
      meeting?.close();
      process.exit(0);
    }, ms);
  };
  const onWindow = (socket: Socket): void => {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connections.add(connection);
    connection.onClose(() => {
      connections.delete(connection);
      leaveIfAlone(lingerMs);
    });
    serveWindow(connection, shared, () => leave([...connections].filter((other) => other !== connection)));
  };
  leaveIfAlone(firstMs);
  meeting = await meet({ place: { folder: meetingFolder, key: meetingKey }, onWindow });
  // Another engine is there: whoever started this one finds it.
  if (!meeting) process.exit(0);
}

/** Ends the process, after the answer to whoever asked for it. */
async function leave(others: readonly MessageConnection[]): Promise<void> {
  await Promise.race([Promise.allSettled(others.map(async (other) => other.sendNotification(leaving))), delay(500)]);
  setTimeout(() => process.exit(0), 50);
}
