/** A registry of the tests' own, and the archives it serves. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface Entry {
  readonly path: string;
  readonly content?: Buffer | string;
  /** As tar numbers them; a file by default. */
  readonly type?: string;
  readonly linkTo?: string;
  /** In place of the length of the content. */
  readonly size?: number;
}

/** An archive as tar writes it, for better or worse. */
export function tarball(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ path, content = '', type = '0', linkTo = '', size }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(linkTo, 157, 100);
    header.write('ustar\x0000', 257);
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

/** A header that gives the next entry another path. */
export function longPath(path: string): Entry {
  const rest = ` path=${path}\n`;
  const length = [2, 3].map((digits) => digits + rest.length).find((sum, at) => String(sum).length === at + 2) ?? 0;
  return { path: 'PaxHeader/x', type: 'x', content: `${String(length)}${rest}` };
}

/** Laid out like those of llama.cpp's binaries. */
export function binaries(name: string, version: string, index = 'export {};\n', library: Buffer | string = Buffer.alloc(300_000, 'llama')): Buffer {
  return tarball([
    { path: 'package/package.json', content: JSON.stringify({ name, version, type: 'module' }) },
    { path: 'package/dist/index.js', content: index },
    longPath(`package/bins/${'x'.repeat(110)}/libggml-cuda.so`),
    { path: 'package/bins/cut-short', content: library },
  ]);
}

export interface Served {
  readonly name: string;
  readonly version: string;
  readonly archive: Buffer;
  readonly integrity?: string;
}

export interface TestRegistry {
  readonly address: string;
  /** Requests for archives, the range that each asked for. */
  readonly fetches: (string | undefined)[];
  /** Answers requests before the registry does. True: it has. */
  meddle: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

export async function startRegistry(packages: readonly Served[]): Promise<TestRegistry> {
  const fetches: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const url = decodeURIComponent(request.url ?? '');
    if (url.endsWith('.tgz')) fetches.push(request.headers.range);
    if (registry.meddle(request, response)) return;
    const archived = packages.find(({ name }) => url === `/${name}/-/it.tgz`);
    const described = packages.find(({ name, version }) => url === `/${name}/${version}`);
    if (described) {
      const { name, version, archive } = described;
      const integrity = described.integrity ?? `sha512-${createHash('sha512').update(archive).digest('base64')}`;
      response.end(JSON.stringify({ name, version, dist: { tarball: `${registry.address}/${name}/-/it.tgz`, integrity } }));
    } else if (archived) {
      sendArchive(archived.archive, request, response);
    } else {
      response.writeHead(404).end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry: TestRegistry = {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    fetches,
    meddle: () => false,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return registry;
}

export function sendArchive(archive: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (request.headers.range === undefined) response.writeHead(200, { 'content-length': archive.length });
  else response.writeHead(206, { 'content-length': archive.length - from, 'content-range': `bytes ${String(from)}-${String(archive.length - 1)}/${String(archive.length)}` });
  response.end(archive.subarray(from));
}
