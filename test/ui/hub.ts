import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tinyModel } from '../../scripts/lib/paths.mjs';
import { catalogue } from '../../src/models/catalogue/catalogue.ts';

export interface Hub {
  readonly url: string;
  /** Addresses of the files that were asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A hub on this computer whose every model of the catalogue is the tiny one, given out slowly enough to be watched. */
export async function startHub(port: number, seconds: number): Promise<Hub> {
  const bytes = readFileSync(tinyModel);
  const oid = createHash('sha256').update(bytes).digest('hex');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const address = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
    const list = /^\/api\/models\/(.+)\/tree\/main$/.exec(address);
    if (list) {
      const files = catalogue().models.filter(({ repositories }) => repositories.huggingface === list[1]).flatMap((model) => model.files.flatMap(({ parts }) => parts));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(files.map(({ path }) => ({ type: 'file', path, size: bytes.length, lfs: { oid, size: bytes.length } }))));
      return;
    }
    if (!/\/resolve\/main\/.+\.gguf$/.test(address)) {
      response.writeHead(404).end();
      return;
    }
    asked.push(address);
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'accept-ranges': 'bytes', 'content-length': bytes.length - from, 'etag': `"${oid}"`, ...(from > 0 ? { 'content-range': `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}` } : {}) });
    void give(response, bytes, from, seconds);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function give(response: ServerResponse, bytes: Buffer, from: number, seconds: number): Promise<void> {
  const pieces = 50;
  const piece = Math.ceil(bytes.length / pieces);
  for (let at = from; at < bytes.length && !response.destroyed; at += piece) {
    response.write(bytes.subarray(at, at + piece));
    await sleep((seconds * 1000) / pieces);
  }
  response.end();
}
