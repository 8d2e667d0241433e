import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/base/log.ts';
import { startIndexThread, type IndexThread } from '../../../../src/context/index/thread.ts';
import { folder, shop, Workspace } from './workspace.ts';

/** The thread's real entry, bundled as it ships. */
describe('the thread of the index', () => {
  const out = mkdtempSync(path.join(tmpdir(), 'ponder-indexer-'));
  const entry = path.join(out, 'indexer.cjs');
  const workspace = new Workspace(shop);
  const threads: IndexThread[] = [];
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const start = (bundle = entry): IndexThread => {
    const thread = startIndexThread(bundle, logger);
    threads.push(thread);
    return thread;
  };
  const configure = async (thread: IndexThread): Promise<void> => {
    await thread.rpc.call('configure', { folders: [{ id: folder, name: '', root: workspace.root, exclude: [] }], ignoreCase: false });
  };

  beforeAll(async () => {
    const worker = fileURLToPath(new URL('../../../../src/context/index/worker.ts', import.meta.url));
    await build({ entryPoints: [worker], outfile: entry, bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' });
  });
  afterEach(async () => {
    await Promise.all(threads.splice(0).map((thread) => thread.stop()));
    lines.length = 0;
  });
  afterAll(() => {
    workspace.dispose();
    rmSync(out, { recursive: true, force: true });
  });

  it('builds with progress, answers, and follows changes', async () => {
    const thread = start();
    const { rpc } = thread;
    await configure(thread);
    const reports: { done: number; total: number }[] = [];
    const summary = await rpc.call('build', {}, { onEvent: (progress) => reports.push(progress) });
    expect(summary).toMatchObject({ files: Object.keys(shop).length, listed: Object.keys(shop).length, limited: false });
    expect(summary.peakBytes).toBeGreaterThan(1e6);
    expect(reports.at(-1)).toEqual({ done: summary.files, total: summary.files });
    const [first] = await rpc.call('search', { question: 'What does LruCache do?', limit: 1, open: [], recent: [] });
    expect(first).toMatchObject({ folder, path: 'src/cache/lru.ts', shown: 'src/cache/lru.ts', bytes: Buffer.byteLength(shop['src/cache/lru.ts'] ?? '') });
    workspace.write('src/cache/new.ts', 'export class Wormhole {}\n');
    await rpc.call('change', { places: [{ folder, path: 'src/cache/new.ts' }] });
    expect((await rpc.call('search', { question: 'Wormhole', limit: 5, open: [], recent: [] })).map((file) => file.path)).toEqual(['src/cache/new.ts']);
    expect((await rpc.call('paths', { query: 'newts', limit: 5 })).map((file) => file.path)).toEqual(['src/cache/new.ts']);
    workspace.remove('src/cache/new.ts');
  });

  it('ends a build that is cancelled', async () => {
    const thread = start();
    const { rpc } = thread;
    await configure(thread);
    const aborter = new AbortController();
    const building = rpc.call('build', {}, { signal: aborter.signal, onEvent: () => aborter.abort() });
    await expect(building).rejects.toMatchObject({ name: 'AbortError' });
    expect((await rpc.call('build', {})).files).toBe(Object.keys(shop).length);
  });

  it('fails the calls under way when it ends, and says so in the log', async () => {
    const broken = path.join(out, 'broken.cjs');
    await build({ stdin: { contents: "setTimeout(() => { throw new Error('out of luck'); }, 50); setInterval(() => {}, 1000);" }, outfile: broken, platform: 'node', format: 'cjs' });
    const thread = start(broken);
    await expect(thread.rpc.call('build', {})).rejects.toMatchObject({ name: 'PonderError' });
    expect(thread.ended.aborted).toBe(true);
    expect(lines.join('\n')).toContain('out of luck');
    expect((await startAnew()).files).toBe(Object.keys(shop).length);
  });

  it('says nothing when it is stopped', async () => {
    const thread = start();
    await configure(thread);
    await thread.stop();
    expect(thread.ended.aborted).toBe(true);
    expect(lines).toEqual([]);
  });

  async function startAnew(): Promise<{ files: number }> {
    const thread = start();
    await configure(thread);
    return thread.rpc.call('build', {});
  }
});
