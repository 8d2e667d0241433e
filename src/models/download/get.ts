/**
 * One HTTP request. It goes through Node's own `http` and `https`, which the extension host patches so that VS Code's proxy
 * settings and certificates apply. The patch sits on `request` and `get` of these two modules in the main thread of the
 * host, so nothing here may use `fetch`, an agent of its own, or a worker.
 */
import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Without a byte for so long, ms, the connection is given up. */
  readonly patience: number;
}

/** The server has been silent for too long. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
}

const mostRedirects = 8;

/** Resolves with the answer's head; the caller reads or destroys the body. Rejects where there is no connection, and with a Stalled. */
export async function get(address: string, options: GetOptions): Promise<IncomingMessage> {
  let url = new URL(address);
  let { headers } = options;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await request(url, { ...options, headers });
    const { location } = response.headers;
    if (location === undefined || response.statusCode === undefined || response.statusCode < 300 || response.statusCode >= 400) return response;
    response.destroy();
    const next = new URL(location, url);
    if (url.protocol === 'https:' && next.protocol !== 'https:') throw new Error(`${url.host} redirects to an address that is not encrypted.`);
    // A token is for the host that it was given for.
    if (next.host !== url.host) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
    url = next;
  }
  throw new Error(`${url.host} redirects in circles.`);
}

function request(url: URL, { headers, signal, patience }: GetOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { get: start } = url.protocol === 'https:' ? https : http;
    const sent = start(url, { headers: { 'user-agent': 'Ponder', ...headers }, signal });
    const stalled = (): Stalled => new Stalled(`nothing came from ${url.host} for ${String(Math.round(patience / 1000))} s`);
    // A socket's own timeout begins when it is connected, which may never be.
    const connecting = setTimeout(() => sent.destroy(stalled()), patience);
    sent.once('close', () => clearTimeout(connecting));
    sent.once('response', (response) => {
      clearTimeout(connecting);
      sent.setTimeout(patience, () => response.destroy(stalled()));
      resolve(response);
    });
    // Also when the body breaks off: whoever reads it hears of that there.
    sent.on('error', reject);
  });
}

/** Of an answer that is longer than it may be. */
const mostText = 32 * 1024 * 1024;

/** The body as JSON. @throws Error where it is none, too long or cut off */
export async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostText) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error('the connection ended early');
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
