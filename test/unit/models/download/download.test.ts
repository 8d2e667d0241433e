/** Every server, however it behaves, leads to the right file or the right error, never to a wrong file. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download, type DownloadProgress, type Patience } from '../../../../src/models/download/download.ts';
import { answers, cut, good, ignoresRange, redirects, stalled, startServer, wrongByte, type BadServer, type Behaviour } from './server.ts';

const bytes = Buffer.concat([Buffer.from('GGUF'), Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251))]);
const file = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
const patience: Patience = { stall: 200, first: 1, longest: 5, attempts: 3 };

let folder = '';
let servers: BadServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ponder-download-'));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  rmSync(folder, { recursive: true, force: true });
});

async function serve(...behaviours: Behaviour[]): Promise<BadServer> {
  const server = await startServer(bytes, ...behaviours);
  servers.push(server);
  return server;
}

interface Run {
  readonly progress: DownloadProgress[];
  readonly target: string;
}

async function run(from: readonly BadServer[], { signal = new AbortController().signal, headers = {}, onProgress = (): void => undefined }: {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: DownloadProgress) => void;
} = {}): Promise<Run> {
  const progress: DownloadProgress[] = [];
  const target = path.join(folder, 'sub', 'model.gguf');
  await download(
    { file, target, addresses: from.map(({ url }) => ({ url, headers })) },
    {
      signal,
      log: () => undefined,
      patience,
      onProgress: (each) => {
        progress.push(each);
        onProgress(each);
      },
    },
  );
  return { progress, target };
}

/** The file is there, right, and nothing else is. */
function expectRight({ target }: Run): void {
  expect(readFileSync(target).equals(bytes)).toBe(true);
  expect(readdirSync(path.dirname(target))).toEqual(['model.gguf']);
}

function expectNothing(): void {
  expect(existsSync(path.join(folder, 'sub', 'model.gguf'))).toBe(false);
}

describe('a download ends in the right file', () => {
  it('from a good server, with progress up to the end', async () => {
    const done = await run([await serve(good)]);
    expectRight(done);
    expect(done.progress.findLast(({ stage }) => stage === 'fetching')).toEqual({ stage: 'fetching', done: file.size, fetched: file.size });
    expect(done.progress.at(-1)).toEqual({ stage: 'checking', done: file.size });
  });

  it('where the connection breaks again and again', async () => {
    const server = await serve(cut(30_000), cut(30_000), cut(30_000), cut(30_000), cut(30_000), good);
    const done = await run([server]);
    expectRight(done);
    // Nothing is fetched twice.
    expect(server.asked).toEqual([undefined, 30_000, 60_000, 90_000, 120_000, 150_000]);
    expect(done.progress).toContainEqual(expect.objectContaining({ stage: 'waiting', attempt: 1, done: 30_000 }));
  });

  it('where the server falls silent', async () => {
    const server = await serve(stalled(1000), good);
    expectRight(await run([server]));
    expect(server.asked[1]).toBe(1000);
  });

  it('where the server ignores what part was asked for', async () => {
    expectRight(await run([await serve(cut(50_000), ignoresRange)]));
  });

  it('where the server is busy, and says for how long', async () => {
    expectRight(await run([await serve(answers(503), answers(429, { 'retry-after': '0' }), answers(500), good)]));
  });

  it('behind redirects; a token goes to no other host', async () => {
    const target = await serve(good);
    const elsewhere = target.url.replace('127.0.0.1', 'localhost');
    const first = await serve(redirects(elsewhere));
    expectRight(await run([first], { headers: { authorization: 'Bearer secret' } }));
    expect(first.headers[0]?.authorization).toBe('Bearer secret');
    expect(target.headers[0]?.authorization).toBeUndefined();
  });

  it('from the next mirror, where one will not do', async () => {
    for (const status of [401, 403, 404, 410, 400, 302]) {
      expectRight(await run([await serve(answers(status)), await serve(good)]));
      rmSync(path.join(folder, 'sub'), { recursive: true });
    }
    expectRight(await run([await serve(answers(200, { 'content-type': 'text/html' })), await serve(good)]));
  });

  it('goes on at the next mirror where one has broken off', async () => {
    const second = await serve(good);
    expectRight(await run([await serve(cut(70_000), answers(500)), second]));
    expect(second.asked).toEqual([70_000]);
  });

  it('where one server has a wrong byte, and another has not', async () => {
    expectRight(await run([await serve(wrongByte), await serve(good)]));
  });

  it('after an interruption, from where it stood', async () => {
    const aborter = new AbortController();
    const stop = run([await serve(stalled(80_000))], { signal: aborter.signal, onProgress: ({ done }) => done >= 80_000 && aborter.abort() });
    await expect(stop).rejects.toMatchObject({ name: 'AbortError' });
    expectNothing();
    const server = await serve(good);
    expectRight(await run([server]));
    expect(server.asked).toEqual([80_000]);
  });

  it('where what is left belongs to another file, or is too long', async () => {
    const target = path.join(folder, 'sub', 'model.gguf');
    await run([await serve(good)]);
    rmSync(target);
    writeFileSync(`${target}.part`, 'GGUF of another');
    writeFileSync(`${target}.part.json`, JSON.stringify({ size: 9, sha256: 'f'.repeat(64) }));
    expectRight(await run([await serve(good)]));
    rmSync(target);
    writeFileSync(`${target}.part`, Buffer.concat([bytes, Buffer.from('more')]));
    writeFileSync(`${target}.part.json`, JSON.stringify(file));
    expectRight(await run([await serve(good)]));
  });
});

describe('a download ends in the right error', () => {
  it.each([
    [401, 'download-refused'],
    [403, 'download-refused'],
    [404, 'download-missing'],
    [400, 'download-failed'],
  ])('where the only server answers %i', async (status, code) => {
    await expect(run([await serve(answers(status))])).rejects.toMatchObject({ code });
    expectNothing();
  });

  it('where the server sends a web page', async () => {
    await expect(run([await serve(answers(200, { 'content-type': 'text/html; charset=utf-8' }))])).rejects.toMatchObject({ code: 'download-failed' });
    expectNothing();
  });

  it('where a byte is wrong, twice', async () => {
    await expect(run([await serve(wrongByte)])).rejects.toMatchObject({ code: 'download-damaged' });
    expectNothing();
    expect(readdirSync(path.join(folder, 'sub'))).toEqual([]);
  });

  it('where the server has a file of another length', async () => {
    const longer: Behaviour = (request, response, from, all) => good(request, response, from, Buffer.concat([all, Buffer.from('more')]));
    await expect(run([await serve(longer)])).rejects.toMatchObject({ code: 'download-damaged' });
    expectNothing();
  });

  it('where the server lies about the length and sends more', async () => {
    const lies: Behaviour = (_request, response, _from, all) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' });
      response.end(Buffer.concat([Buffer.from('XXXX'), all]));
    };
    await expect(run([await serve(lies)])).rejects.toMatchObject({ code: 'download-damaged' });
    expectNothing();
  });

  it('where nothing ever comes', async () => {
    const server = await serve(answers(500));
    await expect(run([server])).rejects.toMatchObject({ code: 'download-failed' });
    expect(server.asked).toHaveLength(4);
  });

  it('where it redirects in circles', async () => {
    const server = await serve((request, response) => redirects(request.url ?? '/')(request, response, 0, bytes));
    await expect(run([server])).rejects.toMatchObject({ code: 'download-failed' });
  });

  it('where the folder is a file', async () => {
    writeFileSync(path.join(folder, 'sub'), '');
    await expect(run([await serve(good)])).rejects.toMatchObject({ code: 'folder-unwritable' });
  });

  it('where there can be no room', async () => {
    const target = path.join(folder, 'model.gguf');
    const request = { file: { ...file, size: 2 ** 52 }, target, addresses: [{ url: 'http://127.0.0.1:9/', headers: {} }] };
    const asked = download(request, { signal: new AbortController().signal, log: () => undefined, patience, onProgress: () => undefined });
    await expect(asked).rejects.toMatchObject({ code: 'disk-full', data: { needed: 2 ** 52 } });
  });

  it('where it is no model that the hub describes', async () => {
    const page = Buffer.from('<html>');
    const server = await startServer(page, good);
    servers.push(server);
    const target = path.join(folder, 'model.gguf');
    const asked = download(
      { file: { size: page.length, sha256: createHash('sha256').update(page).digest('hex') }, target, addresses: [{ url: server.url, headers: {} }] },
      { signal: new AbortController().signal, log: () => undefined, patience, onProgress: () => undefined },
    );
    await expect(asked).rejects.toMatchObject({ code: 'download-damaged' });
    expect(existsSync(target)).toBe(false);
  });
});
