/** The engine's socket, with real sockets in a folder of the test's own. */
import { chmodSync, linkSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meet, type Meeting } from '../../../src/engine/meet.ts';
import { knock, sayToken } from '../../../src/protocol/door.ts';
import { fileOf, latest, publish, type EngineRecord, type Place } from '../../../src/protocol/rendezvous.ts';

let root: string;
let place: Place;
const open: Meeting[] = [];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-meet-'));
  place = { folder: path.join(root, 'meet'), key: 'a1b2' };
});
afterEach(() => {
  for (const meeting of open.splice(0)) meeting.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(onWindow: (socket: Socket) => void = (socket) => socket.destroy()): Promise<Meeting | undefined> {
  const meeting = await meet({ place, onWindow, patienceMs: 150 });
  if (meeting) open.push(meeting);
  return meeting;
}

async function current(): Promise<EngineRecord> {
  const record = (await latest(place))?.record;
  if (!record) throw new Error('There is no record.');
  return record;
}

async function knocked(record: EngineRecord): Promise<Socket> {
  const socket = await knock(record);
  if (!socket) throw new Error('Nobody listens.');
  return socket;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()).resume());
const heard = (socket: Socket): Promise<string> => new Promise((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())));

describe('engines that start', () => {
  it('at once: one is left, however many there were', async () => {
    const started = await Promise.all(Array.from({ length: 12 }, () => start()));
    expect(started.filter((meeting) => meeting)).toHaveLength(1);
    // The sockets of the others are gone again.
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.sock'))).toHaveLength(1);
    (await knocked(await current())).destroy();
  });

  it('later find the one that is there', async () => {
    await start();
    const before = await current();
    expect(await start()).toBeUndefined();
    expect(await current()).toEqual(before);
  });

  it('take the place of one that has gone and left its files, and only one of them does', async () => {
    const address = path.join(place.folder, 'gone.sock');
    await start();
    open.pop()?.close();
    await publish(place, 7, { address, token: '0'.repeat(64) });
    // As a process that was killed leaves it: a socket that nobody listens to.
    const dead = createServer();
    const listeningAt = path.join(root, 'x.sock');
    await new Promise<void>((resolve) => dead.listen(listeningAt, resolve));
    linkSync(listeningAt, address);
    dead.close();
    const started = await Promise.all(Array.from({ length: 8 }, () => start()));
    expect(started.filter((meeting) => meeting)).toHaveLength(1);
    expect((await latest(place))?.number).toBe(8);
    (await knocked(await current())).destroy();
  });

  it('take the place of a record that is damaged', async () => {
    await start();
    open.pop()?.close();
    writeFileSync(fileOf(place, 2), 'no JSON', { mode: 0o600 });
    expect(await start()).toBeDefined();
    expect((await latest(place))?.number).toBe(3);
  });

  it('have a socket that is their owner’s alone', async () => {
    await start();
    expect(statSync((await current()).address).mode & 0o777).toBe(0o600);
  });

  it('refuse a folder that others may look into', async () => {
    await start();
    open.pop()?.close();
    chmodSync(place.folder, 0o755);
    await expect(start()).rejects.toMatchObject({ code: 'folder-unwritable' });
  });
});

describe('a connection', () => {
  it('with the token is let in, and what it says next is heard', async () => {
    const said: string[] = [];
    await start((socket) => void heard(socket).then((text) => said.push(text)));
    const record = await current();
    const socket = await knocked(record);
    sayToken(socket, record.token);
    socket.write('hello');
    await expect.poll(() => said).toEqual(['hello']);
    socket.destroy();
  });

  it('whose token comes in pieces, with the rest on its heels, is let in all the same', async () => {
    const said: string[] = [];
    await start((socket) => void heard(socket).then((text) => said.push(text)));
    const record = await current();
    const socket = await knocked(record);
    socket.setNoDelay(true);
    socket.write(record.token.slice(0, 10));
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.write(`${record.token.slice(10)}\nhello`);
    await expect.poll(() => said).toEqual(['hello']);
    socket.destroy();
  });

  it.each([
    ['another token', `${'f'.repeat(64)}\n`],
    ['something much longer', 'GET / HTTP/1.1\r\n'.repeat(20)],
  ])('with %s is closed', async (_, text) => {
    let windows = 0;
    await start(() => windows++);
    const socket = await knocked(await current());
    const end = closed(socket);
    socket.write(text);
    await end;
    expect(windows).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['a part of the token', undefined],
  ])('that says %s is closed in time', async (_, text) => {
    let windows = 0;
    const meeting = await start(() => windows++);
    const record = await current();
    const socket = await knocked(record);
    socket.write(text ?? record.token);
    await closed(socket);
    expect(windows).toBe(0);
    await expect.poll(() => meeting?.connections()).toBe(0);
  });
});
