import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cudaPackages, install, libraryVersion, planInstall, remove, standing, type InstallOptions, type InstallPlan, type InstallProgress } from '../../../../src/models/backend-package/install.ts';
import { binaries, sendArchive, startRegistry, tarball, type Served, type TestRegistry } from './registry.ts';

const names = ['@node-llama-cpp/linux-x64-cuda', '@node-llama-cpp/linux-x64-cuda-ext'];
const version = '3.22.1';
const good: Served[] = names.map((name) => ({ name, version, archive: binaries(name, version) }));

let root: string;
let folder: string;
let registry: TestRegistry;
const open: TestRegistry[] = [];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-install-'));
  folder = path.join(root, 'backends');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  rmSync(root, { recursive: true, force: true });
});

async function serve(packages: readonly Served[] = good): Promise<void> {
  registry = await startRegistry(packages);
  open.push(registry);
}

const seen: InstallProgress[] = [];
const lines: string[] = [];
function options(more: Partial<InstallOptions> = {}): InstallOptions {
  return { folder, signal: new AbortController().signal, patience: { stall: 300, first: 1, attempts: 3 }, log: (line) => void lines.push(line), onProgress: (progress) => void seen.push(progress), spare: 0, ...more };
}

const plan = (): Promise<InstallPlan> => planInstall(registry.address, names, version, options());

async function installed(more: Partial<InstallOptions> = {}): Promise<boolean> {
  return install(await plan(), options(more));
}

/** What is in the folder, if it is there. */
const left = (at = folder): string[] => (existsSync(at) ? readdirSync(at) : []);

describe('the CUDA packages', () => {
  it('are those of the platform, where there are any', () => {
    expect(cudaPackages('linux', 'x64')).toEqual(names);
    expect(cudaPackages('win32', 'x64')).toEqual(['@node-llama-cpp/win-x64-cuda', '@node-llama-cpp/win-x64-cuda-ext']);
    for (const [platform, arch] of [['linux', 'arm64'], ['win32', 'arm64'], ['darwin', 'arm64'], ['darwin', 'x64']] as const) expect(cudaPackages(platform, arch)).toEqual([]);
  });

  it('have the version of node-llama-cpp that the engine loads', async () => {
    const engine = fileURLToPath(new URL('../../../../dist/engine.mjs', import.meta.url));
    const { version: own } = JSON.parse(readFileSync(new URL('../../../../node_modules/node-llama-cpp/package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await libraryVersion(engine)).toBe(own);
  });
});

describe('installing', () => {
  it('says before what is fetched and what it takes', async () => {
    await serve();
    const { download, size } = await plan();
    expect(download).toBe(good.reduce((sum, { archive }) => sum + archive.length, 0));
    expect(size).toBeGreaterThan(download);
  });

  it('fetches both packages, and leaves nothing but them', async () => {
    await serve();
    seen.length = 0;
    expect(await installed()).toBe(true);
    expect(left()).toEqual([version]);
    expect(left(path.join(folder, version)).sort()).toEqual(['linux-x64-cuda', 'linux-x64-cuda-ext']);
    expect(readFileSync(path.join(folder, version, 'linux-x64-cuda/bins', 'x'.repeat(110), 'libggml-cuda.so')).length).toBe(300_000);
    expect(await standing(folder, version, names)).toEqual({ installed: true, stale: [] });
    const last = seen.filter(({ stage }) => stage === 'fetching').at(-1);
    expect(last?.done).toBe(last?.total);
    expect(seen.every(({ done, total }) => done <= total)).toBe(true);
  });

  it('again replaces what is there, and what an earlier version has left', async () => {
    await serve();
    mkdirSync(path.join(folder, '3.21.0', 'linux-x64-cuda', 'dist'), { recursive: true });
    mkdirSync(path.join(folder, '.part-crashed'));
    expect(await standing(folder, version, names)).toEqual({ installed: false, stale: ['3.21.0'] });
    await installed();
    writeFileSync(path.join(folder, version, 'linux-x64-cuda', 'dist', 'index.js'), 'tampered');
    await installed();
    expect(left()).toEqual([version]);
    expect(readFileSync(path.join(folder, version, 'linux-x64-cuda', 'dist', 'index.js'), 'utf8')).toBe('export {};\n');
  });

  it('goes on where a connection broke', async () => {
    await serve();
    let cuts = 2;
    registry.meddle = (request, response) => {
      const archive = good.find(({ name }) => request.url === `/${name}/-/it.tgz`)?.archive;
      if (!archive || request.headers.range === 'bytes=0-0' || cuts-- <= 0) return false;
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': archive.length - from, ...(from > 0 ? { 'content-range': `bytes ${String(from)}-${String(archive.length - 1)}/${String(archive.length)}` } : {}) });
      response.write(archive.subarray(from, from + 300), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect(await installed()).toBe(true);
    expect(registry.fetches).toContain('bytes=300-');
    expect(registry.fetches).toContain('bytes=600-');
  });

  it('begins again where the server sends all of it', async () => {
    await serve();
    let cuts = 1;
    registry.meddle = (request, response) => {
      const archive = good.find(({ name }) => request.url === `/${name}/-/it.tgz`)?.archive;
      if (!archive || request.headers.range === 'bytes=0-0') return false;
      if (cuts-- <= 0) {
        delete request.headers.range;
        sendArchive(archive, request, response);
        return true;
      }
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, 300), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect(await installed()).toBe(true);
    expect(await standing(folder, version, names)).toEqual({ installed: true, stale: [] });
  });

  it('outlasts a server that is down for a moment', async () => {
    await serve();
    let answers = 2;
    registry.meddle = (_, response) => {
      if (answers-- <= 0) return false;
      response.writeHead(503).end();
      return true;
    };
    expect(await installed()).toBe(true);
  });

  it.each<[string, string, () => Promise<void>]>([
    ['the wrong hash', 'download-damaged', () => serve(good.map((each) => ({ ...each, integrity: `sha512-${'A'.repeat(86)}==` })))],
    ['only a weak hash', 'download-damaged', () => serve(good.map((each) => ({ ...each, integrity: 'sha1-qUqP5cyxm6YcTAhz05Hph5gvu9M=' })))],
    ['an archive that leads elsewhere', 'download-damaged', () => serve(good.map((each) => ({ ...each, archive: tarball([{ path: 'package/../../../escaped', content: 'x' }]) })))],
    ['an archive with a link', 'download-damaged', () => serve(good.map((each) => ({ ...each, archive: tarball([{ path: 'package/dist', type: '2', linkTo: '/etc' }]) })))],
    ['another package in the archive', 'download-damaged', () => serve(good.map((each) => ({ ...each, archive: binaries('@node-llama-cpp/other', version) })))],
    ['another version in the archive', 'download-damaged', () => serve(good.map((each) => ({ ...each, archive: binaries(each.name, '3.0.0') })))],
    ['no such version', 'download-missing', () => serve(good.map((each) => ({ ...each, version: '9.9.9' })))],
    ['only one of the packages', 'download-missing', () => serve(good.slice(0, 1))],
    [
      'a wrong byte',
      'download-damaged',
      async () => {
        await serve();
        registry.meddle = (request, response) => {
          const archive = Buffer.from(good.find(({ name }) => request.url === `/${name}/-/it.tgz`)?.archive ?? '');
          if (archive.length === 0) return false;
          archive[archive.length - 20] = 255 - (archive[archive.length - 20] ?? 0);
          sendArchive(archive, request, response);
          return true;
        };
      },
    ],
    [
      'archives that always break off',
      'download-failed',
      async () => {
        await serve();
        registry.meddle = (request, response) => {
          if (request.url?.endsWith('.tgz') !== true || request.headers.range === 'bytes=0-0') return false;
          response.writeHead(200, { 'content-length': 5000 });
          response.write('half', () => setTimeout(() => response.destroy(), 10));
          return true;
        };
      },
    ],
    ...([404, 410] as const).map((status): [string, string, () => Promise<void>] => [`${String(status)} for the archive`, 'download-missing', () => answering(status)]),
    ...([401, 403] as const).map((status): [string, string, () => Promise<void>] => [`${String(status)} for the archive`, 'download-refused', () => answering(status)]),
    ...([500, 503] as const).map((status): [string, string, () => Promise<void>] => [`${String(status)} for the archive`, 'download-failed', () => answering(status)]),
    [
      'a server that falls silent',
      'download-failed',
      async () => {
        await serve();
        registry.meddle = (request) => request.url?.endsWith('.tgz') === true;
      },
    ],
    [
      'a web page',
      'download-failed',
      async () => {
        await serve();
        registry.meddle = (_, response) => {
          response.end('<html>Sign in</html>');
          return true;
        };
      },
    ],
    [
      'a description of something else',
      'download-damaged',
      async () => {
        await serve();
        registry.meddle = (_, response) => {
          response.end('{"name":"left-pad"}');
          return true;
        };
      },
    ],
  ])('from a registry with %s ends in %s, and leaves nothing', async (_, code, begin) => {
    await begin();
    await expect(installed()).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
    expect(readdirSync(root).filter((name) => name !== 'backends')).toEqual([]);
  });

  async function answering(status: number): Promise<void> {
    await serve();
    registry.meddle = (request, response) => {
      if (request.url?.endsWith('.tgz') !== true) return false;
      response.writeHead(status).end();
      return true;
    };
  }

  it('that is cancelled while it fetches or unpacks leaves nothing', async () => {
    await serve();
    for (const stage of ['fetching', 'unpacking'] as const) {
      const aborter = new AbortController();
      const stop = (progress: InstallProgress): void => {
        if (progress.stage === stage) aborter.abort();
      };
      await expect(installed({ signal: aborter.signal, onProgress: stop })).rejects.toMatchObject({ name: 'AbortError' });
      expect(left()).toEqual([]);
    }
  });

  it('that fails leaves what was installed before', async () => {
    await serve();
    await installed();
    await serve(good.map((each) => ({ ...each, integrity: `sha512-${'A'.repeat(86)}==` })));
    await expect(installed()).rejects.toMatchObject({ code: 'download-damaged' });
    expect(await standing(folder, version, names)).toEqual({ installed: true, stale: [] });
  });

  it('is refused where the disk has no room for it, before anything is fetched', async () => {
    await serve();
    const before = await plan();
    registry.fetches.length = 0;
    await expect(install({ ...before, size: 1e15 }, options())).rejects.toMatchObject({ code: 'disk-full', data: { needed: 1e15 + before.download } });
    expect(registry.fetches).toEqual([]);
    expect(left()).toEqual([]);
  });

  it('is done by one window at a time', async () => {
    await serve();
    const ready = await plan();
    const both = await Promise.all([install(ready, options()), install(ready, options())]);
    expect(both.sort()).toEqual([false, true]);
    expect(left()).toEqual([version]);
  });

  it('says where the folder may not be written to', async () => {
    await serve();
    writeFileSync(folder, 'a file in its place');
    await expect(installed()).rejects.toMatchObject({ code: 'folder-unwritable', data: { path: folder } });
  });
});

describe('removing', () => {
  it('takes all versions, and what is unfinished', async () => {
    await serve();
    await installed();
    mkdirSync(path.join(folder, '3.21.0'));
    mkdirSync(path.join(folder, '.part-crashed'));
    expect(await remove(folder)).toBe(true);
    expect(existsSync(folder)).toBe(false);
    expect(await standing(folder, version, names)).toEqual({ installed: false, stale: [] });
    expect(await remove(folder)).toBe(true);
  });

  it('leaves what is not ours', async () => {
    await serve();
    await installed();
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    expect(await remove(folder)).toBe(true);
    expect(left()).toEqual(['notes.txt']);
  });

  it('of what cannot go yet makes something that counts as not installed', async () => {
    await serve();
    await installed();
    rmSync(path.join(folder, version, 'linux-x64-cuda', 'dist', 'index.js'));
    expect(await standing(folder, version, names)).toEqual({ installed: false, stale: [version] });
    expect(await remove(folder)).toBe(true);
  });
});

/** Only root on Linux may mount; elsewhere this says that it was skipped. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(mayMount)('a disk', () => {
  it('that fills up in the middle is told, and nothing stays', async ({ skip }) => {
    await serve();
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'ponder', folder], { stdio: 'ignore' });
    } catch {
      skip();
    }
    try {
      const ready = await plan();
      // As if the room had been taken by somebody else meanwhile.
      await expect(install({ ...ready, download: 0, size: 0 }, options())).rejects.toMatchObject({ code: 'disk-full' });
      expect(left()).toEqual([]);
      expect(statSync(folder).isDirectory()).toBe(true);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});
