/** A server that behaves as badly as a test wants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request; `from` is where the range asked for begins. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, from: number, bytes: Buffer) => void;

export interface BadServer {
  readonly url: string;
  /** Bytes asked from, request by request; undefined without a range. */
  readonly asked: readonly (number | undefined)[];
  readonly headers: readonly IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** Behaves as the list says, one entry a request; the last one stays. */
export async function startServer(bytes: Buffer, ...behaviours: Behaviour[]): Promise<BadServer> {
  const asked: (number | undefined)[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const behave = behaviours[Math.min(asked.length, behaviours.length - 1)] ?? good;
    asked.push(start === undefined ? undefined : Number(start));
    headers.push(request.headers);
    behave(request, response, Number(start ?? 0), bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/model.gguf`,
    asked,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function head(response: ServerResponse, from: number, bytes: Buffer, partial: boolean): void {
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', bytes.length - from);
  if (partial) response.setHeader('content-range', `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}`);
  response.statusCode = partial ? 206 : 200;
}

export const good: Behaviour = (request, response, from, bytes) => {
  if (from >= bytes.length) return void response.writeHead(416).end();
  head(response, from, bytes, request.headers.range !== undefined);
  response.end(bytes.subarray(from));
};

/** Sends some bytes and breaks off. */
export const cut =
  (after: number): Behaviour =>
  (request, response, from, bytes) => {
    head(response, from, bytes, request.headers.range !== undefined);
    response.write(bytes.subarray(from, from + after), () => setTimeout(() => response.destroy(), 5));
  };

/** Sends some bytes and then nothing more. */
export const stalled =
  (after: number): Behaviour =>
  (request, response, from, bytes) => {
    head(response, from, bytes, request.headers.range !== undefined);
    response.write(bytes.subarray(from, from + after));
  };

export const ignoresRange: Behaviour = (_request, response, _from, bytes) => {
  head(response, 0, bytes, false);
  response.end(bytes);
};

export const answers =
  (status: number, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_request, response) =>
    void response.writeHead(status, headers).end('<html>no</html>');

export const redirects =
  (to: string): Behaviour =>
  (_request, response) =>
    void response.writeHead(302, { location: to }).end();

/** As the rest, with another byte in it. */
export const wrongByte: Behaviour = (request, response, from, bytes) => {
  const changed = Buffer.from(bytes);
  const at = changed.length - 1;
  changed[at] = (changed[at] ?? 0) ^ 1;
  good(request, response, from, changed);
};
