/** What computes, and with how many threads, as the commands ask and write it. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { FakeBackend, fakeHardware, fakeModel } from '../../src/backends/fake.ts';
import { LocalBackend } from '../../src/backends/local.ts';
import { silentLogger, type Logger } from '../../src/base/log.ts';
import { readSettings, writeSetting, type Settings } from '../../src/host/settings.ts';
import { backendName, backendsOf } from '../../src/models/gpu-choices.ts';
import { chooseGpu } from '../../src/models/vscode/gpus.ts';
import { loadParams } from '../../src/models/vscode/load-params.ts';
import { measureThreads } from '../../src/models/vscode/threads.ts';
import { Messages, until } from './support/actions.ts';
import { distFile } from './support/engines.ts';
import { Stand } from './support/stand.ts';

const written = ['engine.gpu', 'engine.gpuLayers', 'engine.devices', 'engine.threads'] as const;
/** What stands in the user's settings; undefined: nothing does. */
const ofUser = (key: keyof Settings): unknown => vscode.workspace.getConfiguration('ponder').inspect(key)?.globalValue;

let messages: Messages;
let stand: Stand;
beforeEach(() => {
  messages = new Messages();
  stand = new Stand();
});
afterEach(async () => {
  stand.restore();
  messages.restore();
  for (const key of written) await writeSetting(key, undefined);
});

describe('what computes', () => {
  const choose = (): Thenable<unknown> => vscode.commands.executeCommand('ponder.chooseGpu');
  const nothingWritten = (): void => assert.deepEqual(written.map(ofUser), [undefined, undefined, undefined, undefined]);

  it('is shown with what is here, and closing the menu changes nothing', async () => {
    const progress = stand.progress();
    const menus = stand.menus();
    await choose();
    const [menu] = menus;
    assert.ok(menu);
    const backends = backendsOf(process.platform, process.arch);
    assert.deepEqual(menu.items.slice(0, backends.length).map(({ label }) => label.replace(/^\$\([a-z-]+\) /, '')), backends.map(backendName));
    assert.equal(menu.items[0]?.label, '$(check) Automatic');
    assert.match(menu.items[0].description ?? '', /^takes (CPU|Vulkan|CUDA|Metal) here/);
    assert.equal(menu.items[backends.length - 1]?.description, 'always available');
    assert.equal(menu.items.find(({ label }) => label.includes('Layers'))?.description, 'as many as fit');
    assert.deepEqual(progress.map(({ title }) => title), ['Looks at the hardware…']);
    nothingWritten();
    assert.deepEqual(messages.texts, []);
  });

  it('is the CPU where that is chosen; the numbers of GPUs were those of another backend and go', async () => {
    await writeSetting('engine.devices', [0]);
    stand.menus('CPU');
    await choose();
    assert.deepEqual([ofUser('engine.gpu'), ofUser('engine.devices')], ['cpu', undefined]);
    assert.ok(messages.texts.some((text) => text.startsWith('This takes effect when')), messages.texts.join('\n'));
  });

  it('chosen again is no change, and Automatic takes the setting away', async () => {
    await writeSetting('engine.gpu', 'cpu');
    const menus = stand.menus('CPU', 'Automatic');
    await choose();
    assert.ok(menus[0]?.items.some(({ label }) => label === '$(check) CPU'));
    assert.deepEqual([ofUser('engine.gpu'), messages.texts], ['cpu', []]);
    await choose();
    assert.equal(ofUser('engine.gpu'), undefined);
    assert.equal(messages.texts.length, 1);
  });

  it('takes effect at once where the user wants that', async () => {
    await vscode.commands.executeCommand('ponder.unloadModel');
    messages.seen.splice(0);
    messages.answers = { 'This takes effect': 'Load now' };
    stand.menus('CPU');
    await choose();
    await vscode.commands.executeCommand('ponder.loadModel');
    assert.equal(messages.texts.length, 2);
    assert.match(messages.texts[1] ?? '', /is loaded already\.$/);
  });

  it('is nothing that is not here, but by the user’s own word', async function () {
    const menus = stand.menus();
    await choose();
    const missing = menus[0]?.items.find(({ label }) => label.startsWith('$(circle-slash)') && !label.includes('CUDA'));
    if (!missing) this.skip();
    const name = missing.label.slice('$(circle-slash) '.length);
    assert.match(missing.description ?? '', /^not available/);
    stand.menus(name, name);
    await choose();
    assert.deepEqual(messages.seen, [{ text: `${name} is not available here. Nothing can be loaded with it.`, buttons: ['Choose it anyway'] }]);
    nothingWritten();
    messages.seen.splice(0);
    messages.answers = { 'is not available here': 'Choose it anyway', 'This takes effect': 'Load now' };
    await choose();
    assert.equal(ofUser('engine.gpu'), name.toLowerCase());
    // Nothing else answers in its place.
    assert.match(messages.texts.at(-1) ?? '', new RegExp(`^The ${name} backend is not available on this computer`));
    assert.equal(messages.texts.length, 3);
  });

  describe('layers on the GPU', () => {
    beforeEach(() => vscode.commands.executeCommand('ponder.unloadModel'));

    it('are a number, or as many as fit', async () => {
      const menus = stand.menus('Layers', 'Layers', undefined);
      const inputs = stand.inputs(' 12 ', '');
      await choose();
      assert.equal(ofUser('engine.gpuLayers'), 12);
      await choose();
      assert.equal(menus[1]?.items.find(({ label }) => label.includes('Layers'))?.description, '12');
      assert.deepEqual(inputs.map(({ value }) => value), ['', '12']);
      assert.equal(ofUser('engine.gpuLayers'), undefined);
    });

    for (const text of ['many', '1.5', '1025']) {
      it(`are not "${text}"`, async () => {
        await writeSetting('engine.gpuLayers', 3);
        stand.menus('Layers');
        const inputs = stand.inputs(text);
        await choose();
        assert.equal(inputs[0]?.refused, 'A whole number from 0 to 1024, or nothing.');
        assert.equal(ofUser('engine.gpuLayers'), 3);
      });
    }

    it('stay what they are where nothing is typed', async () => {
      await writeSetting('engine.gpuLayers', 3);
      messages.seen.splice(0);
      stand.menus('Layers', 'Layers');
      const inputs = stand.inputs(undefined, '3');
      await choose();
      await choose();
      assert.equal(inputs.length, 2);
      assert.deepEqual([ofUser('engine.gpuLayers'), messages.texts], [3, []]);
    });

    it('are no more than the loaded model has', async () => {
      await vscode.commands.executeCommand('ponder.loadModel');
      stand.menus('Layers');
      const inputs = stand.inputs('1000');
      await choose();
      const layers = /The model has (\d+)\.$/.exec(inputs[0]?.prompt ?? '')?.[1];
      assert.ok(layers, inputs[0]?.prompt);
      assert.equal(inputs[0]?.refused, `The model has ${layers} layers.`);
      assert.equal(ofUser('engine.gpuLayers'), undefined);
    });
  });

  describe('on a machine with two GPUs', () => {
    const gpus = ['One', 'Two'].map((name) => ({ name }));
    const backend = new FakeBackend([], fakeModel);
    backend.machine = { ...fakeHardware, backend: 'vulkan', gpus, vram: { total: 16e9, free: 16e9 } };
    const options = { backend, logger: silentLogger, showLog: () => undefined, entry: distFile('engine.mjs'), binaries: path.join(tmpdir(), 'none') };

    it('is one of them, until both are chosen or another backend is', async () => {
      const menus = stand.menus('GPUs', ['1: Two'], 'GPUs', ['0: One', '1: Two'], 'GPUs', ['0: One'], 'CPU');
      await chooseGpu(options);
      assert.deepEqual(ofUser('engine.devices'), [1]);
      await chooseGpu(options);
      assert.equal(ofUser('engine.devices'), undefined);
      assert.deepEqual(menus[1]?.items.map((item) => [item.label, item.picked]), [['0: One', true], ['1: Two', true]]);
      assert.deepEqual(menus[3]?.items.map(({ picked }) => picked), [false, true]);
      await chooseGpu(options);
      assert.deepEqual(ofUser('engine.devices'), [0]);
      await chooseGpu(options);
      assert.deepEqual([ofUser('engine.gpu'), ofUser('engine.devices')], ['cpu', undefined]);
    });

    it('stays all of them where the choice is given up', async () => {
      stand.menus('GPUs', undefined);
      await chooseGpu(options);
      nothingWritten();
      assert.deepEqual(messages.texts, []);
    });
  });
});

describe('the number of threads', function () {
  this.timeout(120_000);
  let folder: string;
  let backend: LocalBackend;
  let lines: string[];
  const open = (): LocalBackend => {
    const info = (line: string): void => void lines.push(line);
    const logger: Logger = { ...silentLogger, info };
    backend = new LocalBackend({ entry: distFile('engine.mjs'), logger });
    backend.useModel(loadParams(readSettings(), { snapshots: path.join(folder, 'snapshots'), tuning: path.join(folder, 'threads') }, []));
    return backend;
  };
  const kept = (): string[] => readdirSync(path.join(folder, 'threads')).map((name) => readFileSync(path.join(folder, 'threads', name), 'utf8'));
  const numbers = (text: string): number[] => [...text.matchAll(/(\d+): [\d.]+ tokens\/s/g)].map(([, threads]) => Number(threads));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ponder-threads-'));
    lines = [];
  });
  afterEach(() => {
    backend.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is measured by command, with progress, and none above the physical cores', async () => {
    const progress = stand.progress();
    await vscode.commands.executeCommand('ponder.measureThreads');
    const said = await until('the outcome', () => messages.texts.find((text) => text.startsWith('Threads: ')));
    const { physical } = (await open().hardware('cpu')).cores;
    const [, best] = /\. (\d+) is best and in use\./.exec(said) ?? [];
    assert.ok(numbers(said).length > 0 && numbers(said).includes(Number(best)), said);
    for (const threads of numbers(said)) assert.ok(threads >= 1 && threads <= physical, `${said} with ${String(physical)} cores`);
    const bar = progress.find(({ title }) => title === 'Measuring the best number of threads…');
    assert.ok(bar && bar.reports.length > 3);
    const sum = bar.reports.reduce((all, { increment = 0 }) => all + increment, 0);
    assert.ok(sum > 0 && sum <= 100.001 && bar.reports.every(({ increment = -1 }) => increment >= 0), String(sum));
  });

  it('that was measured is kept, and used by the next engine', async () => {
    await measureThreads(open());
    const [said = ''] = messages.texts;
    const [text = ''] = kept();
    const { threads, speeds } = JSON.parse(text) as { readonly threads: number; readonly speeds: readonly { readonly threads: number }[] };
    assert.match(said, new RegExp(`\\. ${String(threads)} is best and in use\\.`));
    assert.deepEqual(numbers(said), speeds.map((each) => each.threads));
    backend.dispose();
    lines = [];
    assert.equal((await open().ensureReady()).threads, threads);
    assert.ok(lines.some((line) => line.includes('threads: from an earlier measuring')), lines.join('\n'));
  });

  it('that is the user’s own keeps the last word', async function () {
    await measureThreads(open());
    const [first = ''] = messages.texts;
    const best = /\. (\d+) is best/.exec(first)?.[1];
    const own = numbers(first).find((threads) => String(threads) !== best);
    // There is but one core.
    if (own === undefined) this.skip();
    backend.dispose();
    messages.seen.splice(0);
    await writeSetting('engine.threads', own);
    await measureThreads(open());
    const [said = ''] = messages.texts;
    assert.match(said, new RegExp(`\\. (${String(own)} is best and in use|\\d+ is best\\. The model runs with ${String(own)}, because the settings or the hardware say so)\\.`));
    assert.equal((await backend.status()).threads, own);
  });

  it('cancelled while it is measured, says nothing, and what was known stays', async () => {
    await measureThreads(open());
    const before = kept();
    assert.equal(before.length, 1);
    messages.seen.splice(0);
    const progress = stand.progress((_, reports) => reports === 2);
    await measureThreads(backend);
    assert.ok((progress[0]?.reports.length ?? 0) >= 2);
    assert.deepEqual(messages.texts, []);
    assert.deepEqual(kept(), before);
  });
});
