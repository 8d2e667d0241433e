// @ts-check
/**
 * A hub with one file, in a process of its own. Arguments: the file, its SHA-256, bytes a second (0: as fast as it can), and
 * after how many bytes each of the first connections is cut (0: none), how many are. Prints its port.
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const [, , file = '', sha256 = '', rate = '0', cutAfter = '0', cuts = '0'] = process.argv;
const { size } = statSync(file);
let connections = 0;

const server = createServer((request, response) => {
  if (request.url?.startsWith('/api/')) return void response.setHeader('content-type', 'application/json').end(JSON.stringify([{ path: 'model.gguf', size, lfs: { oid: sha256, size } }]));
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': size - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {}),
  });
  send(response, from, ++connections <= Number(cuts) ? Number(cutAfter) : size).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
// It goes with whoever started it.
process.stdin.resume().once('end', () => process.exit());

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} from
 * @param {number} most
 */
async function send(response, from, most) {
  const begun = performance.now();
  let here = 0;
  for await (const chunk of createReadStream(file, { start: from, highWaterMark: 1024 * 1024 })) {
    const part = chunk.subarray(0, most - here);
    here += part.length;
    if (!response.write(part)) await drained(response);
    if (response.destroyed) return;
    // As a line goes dead: without a word, and with bytes under way.
    if (here >= most && from + here < size) return void response.socket?.resetAndDestroy();
    const early = Number(rate) > 0 ? (here / Number(rate)) * 1000 - (performance.now() - begun) : 0;
    if (early > 5) await delay(early);
  }
  response.end();
}

/** @param {import('node:http').ServerResponse} response */
function drained(response) {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve(undefined);
    };
    response.on('drain', go).on('close', go);
  });
}
