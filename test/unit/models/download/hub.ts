/** A hub: lists its files and serves them, as badly as a test wants. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Endpoint } from '../../../../src/models/download/hub.ts';
import { good, type Behaviour } from './server.ts';

export interface Asked {
  readonly path: string;
  /** Where the range asked for begins. */
  readonly from: number | undefined;
  readonly authorization: string | undefined;
}

export interface TestHub {
  readonly endpoint: Endpoint;
  /** Of files, in their order. */
  readonly files: readonly Asked[];
  /** Of lists. */
  readonly lists: readonly Asked[];
  /** How the next files are sent; the last one stays. */
  behave(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

export interface HubOptions {
  readonly kind?: Endpoint['kind'];
  /** Answers in place of the list. */
  readonly list?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export async function startHub(content: Readonly<Record<string, Buffer>>, { kind = 'huggingface', list = () => false }: HubOptions = {}): Promise<TestHub> {
  const [files, lists]: [Asked[], Asked[]] = [[], []];
  let behaviours: Behaviour[] = [good];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const asked = { path: url, from: start === undefined ? undefined : Number(start), authorization: request.headers.authorization };
    if (url.startsWith('/api/')) {
      lists.push(asked);
      if (!list(request, response)) response.setHeader('content-type', 'application/json').end(JSON.stringify(listOf(kind, content)));
      return;
    }
    files.push(asked);
    const [, path = ''] = /\/resolve\/\w+\/(.*)$/.exec(url) ?? [];
    const bytes = content[decodeURIComponent(path)];
    if (!bytes) return void response.writeHead(404).end();
    const behave = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    behave?.(request, response, Number(start ?? 0), bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: { kind, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` },
    files,
    lists,
    behave: (...list) => void (behaviours = list),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function listOf(kind: Endpoint['kind'], content: Readonly<Record<string, Buffer>>): unknown {
  const entries = Object.entries(content);
  return kind === 'huggingface'
    ? entries.map(([path, bytes]) => ({ type: 'file', path, size: bytes.length, lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 135 } }))
    : { Code: 200, Data: { Files: entries.map(([path, bytes]) => ({ Path: path, Size: bytes.length, Sha256: sha256(bytes), Type: 'blob' })) } };
}

/** Sends so many bytes every few ms, until somebody goes away. */
export const slowly =
  (bytesAtOnce: number, ms = 5): Behaviour =>
  (request, response, from, bytes) => {
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length - from,
      ...(request.headers.range === undefined ? {} : { 'content-range': `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}` }),
    });
    let at = from;
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, (at += bytesAtOnce)));
      if (at < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, ms);
    response.once('close', () => clearInterval(timer));
  };
