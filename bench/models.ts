import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { promisify } from 'node:util';
import { root } from '../scripts/lib/paths.mjs';
import { silentLogger } from '../src/base/log.ts';
import { usualPatience } from '../src/models/download/download.ts';
import { DownloadManager } from '../src/models/download/manager.ts';
import type { Measurement, Suite } from './row.ts';
import { brief, interleave, median } from './stats.ts';

const ratioRow = 'models.download-vs-curl.ratio';
const lineRow = 'models.download-vs-curl.gigabit.ratio';
const refetchRow = 'models.resume-refetch.percent';

const size = 1e9;
const cuts = 10;
const rounds = 3;
/** Bytes a second of a fast line: 1 Gbit/s. */
const gigabit = 125e6;

interface BigFile {
  readonly path: string;
  readonly sha256: string;
  /** Where downloads go. */
  readonly folder: string;
}

/** Downloads of a file of 1 GB from this computer itself, all of it included: the list, the hash, the flush to the disk. */
export const models: Suite = {
  rows: [
    { name: ratioRow, unit: 'of curl', target: { relation: '>=', value: 0.9 } },
    { name: lineRow, unit: 'of curl', target: { relation: '>=', value: 0.9 } },
    { name: refetchRow, unit: '%', target: { relation: '<', value: 1 } },
  ],
  needs: [],
  async *measure(wanted) {
    const folder = mkdtempSync(path.join(tmpdir(), 'ponder-bench-models-'));
    try {
      const file = await bigFile(folder);
      if (wanted.has(ratioRow)) yield await againstCurl(ratioRow, file, 0);
      if (wanted.has(lineRow)) yield await againstCurl(lineRow, file, gigabit);
      if (wanted.has(refetchRow)) yield await refetch(file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function bigFile(folder: string): Promise<BigFile> {
  const file = path.join(folder, 'big.gguf');
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'bench/models/big-file.mjs'), file, String(size)]);
  return { path: file, sha256: stdout, folder };
}

interface Served {
  readonly url: string;
  readonly stop: () => void;
}

async function serve({ path: file, sha256 }: BigFile, rate: number, cutAfter = 0, howMany = 0): Promise<Served> {
  const child = spawn(process.execPath, [path.join(root, 'bench/models/server.mjs'), file, sha256, String(rate), String(cutAfter), String(howMany)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const [port] = (await once(lines, 'line')) as [string];
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

/** ms for the whole of it, from the command to the file under its name. */
async function ours({ folder }: BigFile, { url }: Served): Promise<number> {
  const models = path.join(folder, 'models');
  const manager = new DownloadManager({
    folder: () => models,
    endpoints: () => [{ kind: 'huggingface', url }],
    token: () => Promise.resolve(undefined),
    logger: silentLogger,
    patience: { ...usualPatience, first: 50 },
    beat: 1000,
  });
  const start = performance.now();
  const end = await manager.start({ id: 'big', name: 'Big', repositories: { huggingface: 'bench/big' }, path: 'model.gguf' });
  const ms = performance.now() - start;
  manager.dispose();
  rmSync(models, { recursive: true, force: true });
  if (end.phase !== 'done') throw new Error(`The download ended as ${end.phase}: ${end.error?.message ?? ''}`);
  return ms;
}

async function curl({ folder }: BigFile, { url }: Served): Promise<number> {
  const out = path.join(folder, 'curl.out');
  const start = performance.now();
  await promisify(execFile)('curl', ['-sS', '--noproxy', '*', '-o', out, `${url}/bench/big/resolve/main/model.gguf`]);
  const ms = performance.now() - start;
  rmSync(out);
  return ms;
}

async function againstCurl(row: string, file: BigFile, rate: number): Promise<Measurement> {
  const server = await serve(file, rate);
  try {
    const pairs = await interleave(rounds, () => ours(file, server), () => curl(file, server));
    const speed = (ms: readonly number[]): string => brief(size / 1e3 / median(ms));
    const each = pairs.map((pair) => brief(pair.bare / pair.ours)).join(', ');
    return {
      row,
      value: median(pairs.map((pair) => pair.bare / pair.ours)),
      note: `${speed(pairs.map((pair) => pair.ours))} against ${speed(pairs.map((pair) => pair.bare))} MB/s, ${String(rounds)} pairs (${each}); server on this computer, ${rate === 0 ? 'as fast as it can' : `${String(rate / 1e6)} MB/s`}; SHA-256 alone ${hashSpeed()} MB/s`,
    };
  } finally {
    server.stop();
  }
}

/** What one core can hash; curl does not. */
function hashSpeed(): string {
  const block = Buffer.alloc(100e6);
  const start = performance.now();
  createHash('sha256').update(block).digest();
  return brief(block.length / 1e3 / (performance.now() - start));
}

async function refetch(file: BigFile): Promise<Measurement> {
  const server = await serve(file, 0, Math.floor(size / (cuts + 1)), cuts);
  const sockets: Socket[] = [];
  const onSocket = (message: unknown): void => void sockets.push((message as { readonly socket: Socket }).socket);
  subscribe('net.client.socket', onSocket);
  try {
    await ours(file, server);
    const received = sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    const note = `${String(received - size)} bytes received beyond the ${String(size)} of the file, heads and the list of files among them; ${String(cuts)} cuts, ${String(sockets.length)} connections`;
    return { row: refetchRow, value: (received / size - 1) * 100, note };
  } finally {
    unsubscribe('net.client.socket', onSocket);
    server.stop();
  }
}
