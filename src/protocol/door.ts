/** How a window knocks at the engine's socket: it says the token, a line, before anything else is listened to. */
import { timingSafeEqual } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { EngineRecord } from './rendezvous.ts';

/** Errors of a connection to a socket that nobody listens to any more. */
const nobody: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

/**
 * @returns undefined where no engine listens there any more
 * @throws Error where the connection fails for another reason
 */
export function knock({ address }: Pick<EngineRecord, 'address'>): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const failed = (error: NodeJS.ErrnoException): void => {
      socket.destroy();
      if (nobody.has(error.code)) resolve(undefined);
      else reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      // What goes wrong later is told by its end.
      socket.off('error', failed).on('error', () => undefined);
      resolve(socket);
    });
  });
}

export function sayToken(socket: Socket, token: string): void {
  socket.write(`${token}\n`);
}

/**
 * Listens to the first line. What follows it stays to be read.
 * @param patienceMs a connection that has not said its line by then is of no interest
 */
export function saysToken(socket: Socket, token: string, patienceMs: number): Promise<boolean> {
  const expected = Buffer.from(`${token}\n`);
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const settle = (known: boolean): void => {
      clearTimeout(timer);
      socket.off('data', listen).off('close', leave).pause();
      resolve(known);
    };
    const leave = (): void => settle(false);
    const listen = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < expected.length) return;
      const rest = heard.subarray(expected.length);
      settle(timingSafeEqual(heard.subarray(0, expected.length), expected));
      if (rest.length > 0) socket.unshift(rest);
    };
    const timer = setTimeout(leave, patienceMs);
    socket.on('data', listen).once('close', leave);
  });
}
