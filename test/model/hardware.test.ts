/** Which backend is obtained, which GPUs an engine is told of, and binaries that were installed apart. There need be no GPU for it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalBackend } from '../../src/backends/local.ts';
import type { LoadParams } from '../../src/protocol/engine.ts';
import { cudaPackages, install, libraryVersion, planInstall, remove } from '../../src/models/backend-package/install.ts';
import { binaries, startRegistry, type TestRegistry } from '../unit/models/backend-package/registry.ts';
import { engineEntry, isAlive, loadParams, question, run, until } from './support/backend.ts';

const onLinux = process.platform === 'linux' && process.arch === 'x64';
const [cuda = '', cudaExt = ''] = cudaPackages('linux', 'x64');
const cpu = '@node-llama-cpp/linux-x64';

/** Leaves a mark when it is imported, and has binaries that are none. */
const marking = `
import { writeFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
writeFileSync(new URL('../imported', import.meta.url), '');
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
export const getBinsDir = () => ({ binsDir: fileURLToPath(new URL('../bins', import.meta.url)), packageVersion: version });
`;

let version: string;
let registry: TestRegistry;
let root: string;
let folder: string;
const windows: LocalBackend[] = [];

beforeAll(async () => {
  version = await libraryVersion(engineEntry);
  const served = [cuda, cudaExt].map((name) => ({ name, version, archive: binaries(name, version, marking) }));
  registry = await startRegistry(onLinux ? [...served, { name: cpu, version, archive: realPackage(cpu) }] : served);
});
afterAll(() => registry.close());
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-hardware-'));
  folder = path.join(root, 'backends');
});
afterEach(async () => {
  const pids = await Promise.all(windows.map((window) => window.status().then(({ pid }) => pid, () => 0)));
  for (const window of windows.splice(0)) window.dispose();
  for (const pid of pids) if (pid > 0) await until('the engine has left', () => !isAlive(pid), 10_000);
  rmSync(root, { recursive: true, force: true });
});

/** As npm would publish what is installed here. */
function realPackage(name: string): Buffer {
  const installed = path.dirname(path.dirname(createRequire(realpathSync(new URL('../../node_modules/node-llama-cpp/package.json', import.meta.url))).resolve(name)));
  return execFileSync('tar', ['-czf', '-', '--transform', 's,^\\.,package,', '--no-recursion', ...readdirSync(installed, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [`./${path.relative(installed, path.join(entry.parentPath, entry.name))}`] : []))], { cwd: installed, maxBuffer: 1e9 });
}

async function installed(...names: readonly string[]): Promise<void> {
  const options = { folder, signal: new AbortController().signal, patience: { stall: 10_000, first: 10, attempts: 2 }, log: () => undefined, onProgress: () => undefined };
  await install(await planInstall(registry.address, names, version, options), options);
}

interface Window {
  readonly backend: LocalBackend;
  readonly lines: string[];
}

function open(more: Partial<LoadParams> = {}, options: { readonly share?: readonly string[]; readonly binaries?: string } = {}): Window {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const backend = new LocalBackend({ entry: engineEntry, logger: { debug: say, info: say, warn: say, error: say }, ...options });
  backend.useModel(loadParams(more));
  windows.push(backend);
  return { backend, lines };
}

async function pidOf({ backend }: Window): Promise<number> {
  return (await backend.status()).pid;
}

describe.runIf(onLinux)('installed binaries', () => {
  it('are what node-llama-cpp imports, before those beside it', async () => {
    await installed(cuda, cudaExt);
    const { backend } = open({}, { binaries: folder });
    // They are none, so CUDA cannot be had; but it was they that were asked.
    await expect(backend.hardware('cuda')).rejects.toMatchObject({ code: 'gpu-unavailable', data: { gpu: 'cuda', installed: 1 } });
    for (const name of ['linux-x64-cuda', 'linux-x64-cuda-ext']) expect(existsSync(path.join(folder, version, name, 'imported'))).toBe(true);
  });

  it('are run: a model answers with libraries out of the folder, as it does with those that ship', async () => {
    const shipped = open();
    const expected = await run(shipped.backend, question('What can you do?'));
    expect(libraries(await pidOf(shipped)).some((file) => file.startsWith(folder))).toBe(false);
    await installed(cpu);
    const own = open({}, { binaries: folder });
    expect((await run(own.backend, question('What can you do?'))).answer).toBe(expected.answer);
    const loaded = libraries(await pidOf(own));
    expect(loaded.filter((file) => file.endsWith('llama-addon.node'))).toEqual([path.join(folder, version, 'linux-x64/bins/linux-x64/llama-addon.node')]);
    expect(loaded.filter((file) => /lib(llama|ggml)/.test(file)).every((file) => file.startsWith(folder))).toBe(true);
  });

  it('of another version are not used', async () => {
    await installed(cpu);
    renameSync(path.join(folder, version), path.join(folder, '3.0.0'));
    const own = open({}, { binaries: folder });
    await own.backend.ensureReady();
    expect(libraries(await pidOf(own)).some((file) => file.startsWith(folder))).toBe(false);
  });

  it('are found by a shared engine, and are no longer once removed and the engine is restarted', async () => {
    await installed(cpu);
    const share = [path.join(root, 'meet')];
    const first = open({}, { binaries: folder, share });
    await first.backend.ensureReady();
    expect(libraries(await pidOf(first)).some((file) => file.startsWith(folder))).toBe(true);
    expect(await remove(folder)).toBe(true);
    await first.backend.restart();
    expect(libraries(await pidOf(first)).some((file) => file.startsWith(folder))).toBe(false);
    await expect(run(first.backend, question('What can you do?'))).resolves.toMatchObject({ result: { reason: 'stop' } });
  });

  it('need not be there: a folder that is not, or is empty, changes nothing', async () => {
    mkdirSync(path.join(folder, version, 'linux-x64'), { recursive: true });
    for (const binaries of [folder, path.join(root, 'nowhere')]) await expect(open({}, { binaries }).backend.ensureReady()).resolves.toMatchObject({ gpu: 'cpu' });
  });
});

function libraries(pid: number): string[] {
  const maps = readFileSync(`/proc/${String(pid)}/maps`, 'utf8');
  return [...new Set(maps.split('\n').flatMap((line) => /(\/.+\.(?:so|node)[\w.]*)$/.exec(line)?.[1] ?? []))];
}

describe('a backend', () => {
  it('that is not to be had is refused, and what auto obtained is told', async () => {
    const { backend, lines } = open({ gpu: 'metal' });
    if (process.platform !== 'darwin') await expect(backend.ensureReady()).rejects.toMatchObject({ code: 'gpu-unavailable', data: { gpu: 'metal' } });
    backend.useModel(loadParams({ gpu: 'auto' }));
    const { gpu } = await backend.ensureReady();
    expect((await backend.hardware('auto')).backend).toBe(gpu);
    expect(lines.some((line) => line.includes(`asked for auto, got ${gpu}`))).toBe(true);
  });
});

describe.runIf(process.platform === 'linux')('chosen GPUs', () => {
  const visible = (pid: number): string | undefined =>
    readFileSync(`/proc/${String(pid)}/environ`, 'utf8').split('\0').find((line) => line.startsWith('CUDA_VISIBLE_DEVICES='))?.split('=')[1];

  it('are told to the engine as it starts', async () => {
    const window = open({ devices: [1, 0] });
    await window.backend.ensureReady();
    expect(visible(await pidOf(window))).toBe('1,0');
  });

  it('that change take another engine with the next load, and leave the other windows theirs', async () => {
    const share = [path.join(root, 'meet')];
    const [first, second] = [open({ devices: [0] }, { share }), open({ devices: [0] }, { share })];
    await first.backend.ensureReady();
    await second.backend.ensureReady();
    const before = await pidOf(first);
    expect(await pidOf(second)).toBe(before);
    first.backend.useModel(loadParams({ devices: [1] }));
    await first.backend.ensureReady();
    expect(visible(await pidOf(first))).toBe('1');
    expect(await pidOf(first)).not.toBe(before);
    expect(await pidOf(second)).toBe(before);
    await expect(run(second.backend, question('What can you do?'))).resolves.toMatchObject({ result: { reason: 'stop' } });
    second.backend.useModel(loadParams({ devices: [1] }));
    await second.backend.ensureReady();
    expect(await pidOf(second)).toBe(await pidOf(first));
    await until('the old engine has left', () => !isAlive(before), 10_000);
  });

  it('that change during an answer let it come to its end', async () => {
    const window = open({ devices: [0] });
    let changed = false;
    const { result } = await run(window.backend, question('Count from 1 to 20.'), {
      onEvent: () => {
        if (changed) return;
        changed = true;
        window.backend.useModel(loadParams({ devices: [1] }));
        void window.backend.ensureReady();
      },
    });
    expect(result.reason).toBe('stop');
    await window.backend.ensureReady();
    expect(visible(await pidOf(window))).toBe('1');
  });

  it('of which none is there are refused, where auto alone would fall back to the CPU', async () => {
    const window = open({ gpu: 'auto', devices: [97] });
    await expect(window.backend.ensureReady()).rejects.toMatchObject({ code: 'gpu-unavailable', data: { gpu: 'auto', devices: '97' } });
    expect((await window.backend.hardware('auto')).gpus.some(({ used }) => used === true)).toBe(false);
  });
});
