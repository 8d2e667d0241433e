/** The CUDA backend, installed from a registry on this computer and removed again, with an engine that looks for it. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LocalBackend } from '../../src/backends/local.ts';
import { silentLogger } from '../../src/base/log.ts';
import { writeSetting } from '../../src/host/settings.ts';
import { cudaPackages, libraryVersion } from '../../src/models/backend-package/install.ts';
import { cudaSupported, installCuda, offerStaleCuda, removeCuda, type CudaOptions } from '../../src/models/vscode/cuda.ts';
import { chooseGpu } from '../../src/models/vscode/gpus.ts';
import { binaries, sendArchive, startRegistry, type Served, type TestRegistry } from '../unit/models/backend-package/registry.ts';
import { Messages, until } from './support/actions.ts';
import { distFile } from './support/engines.ts';
import { Stand } from './support/stand.ts';

const names = cudaPackages(process.platform, process.arch);
const shortNames = names.map((name) => name.split('/')[1] ?? '');
/** Whatever this computer lacks; what is asked then is another test's affair. */
const anyway = { 'No GPU of NVIDIA': 'Install anyway', 'The CUDA runtime was not found': 'Install anyway' };
const yes = { ...anyway, 'Install the CUDA backend?': 'Install' };
const fetching = 'Installing the CUDA backend';

describe('the CUDA backend', () => {
  let root: string;
  let folder: string;
  let version: string;
  let packages: Served[];
  let registry: TestRegistry;
  let backend: LocalBackend;
  let messages: Messages;
  let stand: Stand;
  let logs: number;
  const entry = distFile('engine.mjs');
  const options = (): CudaOptions => ({ backend, logger: silentLogger, showLog: () => logs++, entry, binaries: folder, registry: registry.address });
  const last = (): string | undefined => messages.texts.at(-1);
  const has = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);

  before(async function () {
    if (!cudaSupported()) this.skip();
    version = await libraryVersion(entry);
    packages = names.map((name) => ({ name, version, archive: binaries(name, version) }));
  });
  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'ponder-cuda-'));
    folder = path.join(root, 'backends');
    registry = await startRegistry(packages);
    backend = new LocalBackend({ entry, logger: silentLogger, binaries: folder });
    messages = new Messages();
    stand = new Stand();
    logs = 0;
  });
  afterEach(async () => {
    backend.dispose();
    stand.restore();
    messages.restore();
    await registry.close();
    await writeSetting('engine.gpu', undefined);
    rmSync(root, { recursive: true, force: true });
  });

  const serve = async (served: readonly Served[]): Promise<void> => {
    await registry.close();
    registry = await startRegistry(served);
  };

  it('is fetched where the user agrees, with progress, and an engine that starts afresh looks for it', async () => {
    messages.answers = { ...yes, 'is installed': 'Restart engine' };
    const progress = stand.progress();
    await installCuda(options());
    assert.deepEqual(has(), [version]);
    assert.deepEqual(readdirSync(path.join(folder, version)).sort(), shortNames.toSorted());
    for (const name of shortNames) assert.ok(existsSync(path.join(folder, version, name, 'bins', 'x'.repeat(110), 'libggml-cuda.so')));
    assert.deepEqual(progress.map(({ title }) => title), ['Asks for the packages of the CUDA backend', fetching]);
    const { reports } = progress[1] ?? { reports: [] };
    assert.equal(reports.reduce((sum, { increment = 0 }) => sum + increment, 0), 100);
    assert.match(reports[0]?.message ?? '', /^\d+ KB of \d+ KB$/);
    assert.match(reports.at(-1)?.message ?? '', /^Unpacks /);
    // It has no library in it that could be loaded, and this is what an engine that tries says.
    assert.match(last() ?? '', /^The CUDA backend is installed, but it does not start here/);
    assert.equal((await backend.hardware('cpu')).backend, 'cpu');
  });

  it('is not fetched where the user does not agree, and nothing is left', async () => {
    messages.answers = anyway;
    await installCuda(options());
    assert.equal(last(), 'Install the CUDA backend?');
    // How much there is to fetch was asked, and no more.
    assert.deepEqual([...new Set(registry.fetches)], ['bytes=0-0']);
    assert.deepEqual(has(), []);
  });

  it('is not asked for where it would be of no use, but by the user’s own word', async function () {
    if ((await backend.hardware('auto')).nvidia === true) this.skip();
    await installCuda(options());
    assert.deepEqual(messages.seen, [{ text: 'No GPU of NVIDIA with its driver was found here. CUDA works with those alone.', buttons: ['Install anyway'] }]);
    assert.deepEqual(registry.fetches, []);
  });

  for (const [what, served] of [
    ['with another hash', (all: readonly Served[]) => all.map((each) => ({ ...each, integrity: `sha512-${'A'.repeat(86)}==` }))],
    ['that are not what they are called', (all: readonly Served[]) => all.map((each) => ({ ...each, archive: binaries('@node-llama-cpp/other', each.version) }))],
    ['of which one is wrong', ([first, second]: readonly Served[]) => (first && second ? [first, { ...second, integrity: `sha512-${'A'.repeat(86)}==` }] : [])],
  ] as const) {
    it(`of packages ${what} leaves nothing behind, and says so`, async () => {
      await serve(served(packages));
      messages.answers = { ...yes, 'What arrived': 'Show log' };
      await installCuda(options());
      await until('the log', () => logs === 1);
      assert.deepEqual(messages.seen.at(-1), { text: 'What arrived is not what the npm registry publishes. Nothing of it was kept.', buttons: ['Retry', 'Show log'] });
      assert.deepEqual([has(), readdirSync(root)], [[], []]);
    });
  }

  it('that the registry does not have in this version is said to be missing', async () => {
    await serve([]);
    messages.answers = yes;
    await installCuda(options());
    await until('the message', () => last() === 'The npm registry has no CUDA backend for this version of Ponder.');
    assert.deepEqual(has(), []);
  });

  it('is there after another try, where the first one met a wrong byte', async () => {
    let wrong = true;
    registry.meddle = (request, response) => {
      const archive = Buffer.from(packages.find(({ name }) => request.url === `/${name}/-/it.tgz`)?.archive ?? '');
      if (!wrong || archive.length === 0 || request.headers.range === 'bytes=0-0') return false;
      wrong = false;
      archive[archive.length - 20] = 255 - (archive[archive.length - 20] ?? 0);
      sendArchive(archive, request, response);
      return true;
    };
    messages.answers = { ...yes, 'What arrived': 'Retry' };
    await installCuda(options());
    await until('the message', () => last()?.startsWith('The CUDA backend is installed.'));
    assert.deepEqual(has(), [version]);
  });

  for (const [when, title, reports] of [
    ['before anything was asked', 'Asks for the packages of the CUDA backend', 0],
    ['before anything was fetched', fetching, 0],
    ['while it is fetched', fetching, 1],
  ] as const) {
    it(`cancelled ${when} leaves nothing behind, and says nothing`, async () => {
      messages.answers = yes;
      const progress = stand.progress((shown, count) => shown === title && count === reports);
      await installCuda(options());
      assert.equal(progress.at(-1)?.title, title);
      assert.ok(messages.texts.every((text) => Object.keys(yes).some((part) => text.includes(part))), messages.texts.join('\n'));
      assert.deepEqual([has(), readdirSync(root)], [[], []]);
    });
  }

  it('cancelled while it is unpacked leaves nothing behind', async () => {
    messages.answers = yes;
    let unpacking = false;
    const progress = stand.progress(() => (unpacking ||= progress.at(-1)?.reports.at(-1)?.message?.startsWith('Unpacks') ?? false));
    await installCuda(options());
    assert.ok(unpacking);
    assert.deepEqual([has(), readdirSync(root)], [[], []]);
  });

  it('is not fetched twice', async () => {
    messages.answers = yes;
    await installCuda(options());
    registry.fetches.splice(0);
    messages.seen.splice(0);
    await installCuda(options());
    assert.deepEqual([messages.texts, registry.fetches], [['The CUDA backend is installed. The engine uses it once it has been restarted, for all windows.'], []]);
  });

  it('is removed, and whoever removes it again hears that there is none', async () => {
    messages.answers = { ...yes, 'is removed': 'Restart engine' };
    await installCuda(options());
    await removeCuda(options());
    assert.deepEqual(messages.seen.at(-1), { text: 'The CUDA backend is removed.', buttons: ['Restart engine'] });
    assert.deepEqual(readdirSync(root), []);
    await removeCuda(options());
    assert.equal(last(), 'The CUDA backend is not installed.');
  });

  it('of another version of Ponder is offered to be renewed, or to be removed', async () => {
    const old = path.join(folder, '1.0.0', shortNames[0] ?? '', 'dist');
    mkdirSync(old, { recursive: true });
    messages.answers = { ...yes, 'belongs to another version': 'Update' };
    await offerStaleCuda(options());
    assert.deepEqual(has(), [version]);
    rmSync(folder, { recursive: true });
    mkdirSync(old, { recursive: true });
    messages.answers = { 'belongs to another version': 'Remove' };
    await offerStaleCuda(options());
    assert.deepEqual(readdirSync(root), []);
    messages.seen.splice(0);
    await offerStaleCuda(options());
    assert.deepEqual(messages.texts, []);
  });

  it('is installed from the menu of what computes, and removed from there', async function () {
    if ((await backend.hardware('cuda').catch(() => undefined)) !== undefined) this.skip();
    messages.answers = yes;
    const menus = stand.menus('CUDA', 'Remove the CUDA backend', undefined);
    await chooseGpu(options());
    assert.equal(menus[0]?.items.find(({ label }) => label === '$(circle-slash) CUDA')?.description, 'not installed');
    assert.deepEqual(has(), [version]);
    await chooseGpu(options());
    assert.match(menus[1]?.items.find(({ label }) => label.endsWith(' CUDA'))?.description ?? '', /^installed, but it does not start/);
    assert.deepEqual(readdirSync(root), []);
    await chooseGpu(options());
    assert.ok(menus[2]?.items.every(({ label }) => !label.includes('Remove')));
  });
});
