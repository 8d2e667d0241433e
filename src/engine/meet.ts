/** The engine's socket: one engine for a place, which any window of the user may join. */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, utimes } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { knock, saysToken } from '../protocol/door.ts';
import { fileOf, isPrivate, latest, publish, securePlace, type EngineRecord, type Place } from '../protocol/rendezvous.ts';

export interface MeetingOptions {
  readonly place: Place;
  /** Hears of each connection that has said the token, and must listen to it at once. */
  readonly onWindow: (socket: Socket) => void;
  /** Time for the token, ms. */
  readonly patienceMs?: number;
}

export interface Meeting {
  readonly server: Server;
  /** Connections that are there, whether or not they have said the token. */
  connections(): number;
  close(): void;
}

/** Systems empty their temporary folders of what looks forgotten, some after six hours. */
const touchMs = 3_600_000;

/** @returns undefined where another engine has been faster */
export async function meet({ place, onWindow, patienceMs = 3000 }: MeetingOptions): Promise<Meeting | undefined> {
  await securePlace(place);
  const record: EngineRecord = { address: newAddress(place), token: randomBytes(32).toString('hex') };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // What it means is told by its end.
    socket.on('error', () => undefined);
    void saysToken(socket, record.token, patienceMs).then((known) => {
      if (!known) return socket.destroy();
      onWindow(socket);
      return socket.resume();
    });
  });
  await listening(server, record.address);
  const number = await takeOver(place, record);
  if (number === undefined) {
    server.close();
    return undefined;
  }
  const touch = setInterval(() => void keep([fileOf(place, number), record.address]), touchMs).unref();
  return {
    server,
    connections: () => sockets.size,
    close: () => {
      clearInterval(touch);
      server.close();
    },
  };
}

/** @returns the number taken; undefined where an engine is there already */
async function takeOver(place: Place, record: EngineRecord): Promise<number | undefined> {
  for (;;) {
    const last = await latest(place);
    const other = last?.record && (await knock(last.record));
    if (other) {
      other.destroy();
      return undefined;
    }
    const number = (last?.number ?? 0) + 1;
    if (await publish(place, number, record)) return number;
  }
}

async function listening(server: Server, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (process.platform === 'win32') return;
  await chmod(address, 0o600);
  if (!isPrivate(await lstat(address))) throw new Error(`The socket ${address} is not its owner's alone.`);
}

/** Never used twice. A pipe lies in no folder, so nobody must be able to guess its name. */
function newAddress({ folder, key }: Place): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\ponder-${key}-${randomBytes(16).toString('hex')}`;
  return path.join(folder, `${key}-${randomBytes(4).toString('hex')}.sock`);
}

async function keep(files: readonly string[]): Promise<void> {
  const now = new Date();
  // Without its file a second engine would be started one day; that is no reason for this one to end.
  for (const file of files) await utimes(file, now, now).catch(() => undefined);
}
