/** Whatever happens to a download, it ends in the right files or in an error that says what to do, and nothing else lies about. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/base/log.ts';
import { DownloadManager, type ManagerOptions } from '../../../../src/models/download/manager.ts';
import { writeRecord } from '../../../../src/models/download/record.ts';
import type { DownloadState } from '../../../../src/models/download/state.ts';
import type { Wanted } from '../../../../src/models/download/wanted.ts';
import { ggufBelow } from '../../../../src/models/found/found.ts';
import { sha256, slowly, startHub, type HubOptions, type TestHub } from './hub.ts';
import { answers, cut, good, ignoresRange, stalled, wrongByte, type Behaviour } from './server.ts';

const model = (seed: number, length = 400_000): Buffer => Buffer.concat([Buffer.from('GGUF'), Buffer.from(Array.from({ length }, (_, index) => (index * seed) % 251))]);
const bytes = model(7);
const wanted: Wanted = { id: 'tiny', name: 'Tiny', repositories: { huggingface: 'Qwen/Tiny-GGUF', modelscope: 'qwen/Tiny-GGUF' }, path: 'tiny-q4.gguf' };
const split: Wanted = { ...wanted, id: 'split', name: 'Split', path: 'Q8/split-00001-of-00003.gguf' };
const splitFiles = { 'Q8/split-00001-of-00003.gguf': model(3), 'Q8/split-00002-of-00003.gguf': model(5), 'Q8/split-00003-of-00003.gguf': model(11) };

let folder = '';
let hubs: TestHub[] = [];
let managers: DownloadManager[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ponder-manager-'));
});
afterEach(async () => {
  for (const manager of managers.splice(0)) manager.dispose();
  await Promise.all(hubs.map((hub) => hub.close()));
  hubs = [];
  await sleep(20);
  rmSync(folder, { recursive: true, force: true });
});

async function hub(content: Readonly<Record<string, Buffer>> = { 'tiny-q4.gguf': bytes }, options?: HubOptions): Promise<TestHub> {
  const started = await startHub(content, options);
  hubs.push(started);
  return started;
}

function manage(from: readonly TestHub[], options: Partial<ManagerOptions> = {}): { readonly manager: DownloadManager; readonly seen: DownloadState[] } {
  const manager = new DownloadManager({
    folder: () => folder,
    endpoints: () => from.map(({ endpoint }) => endpoint),
    token: () => Promise.resolve(undefined),
    patience: { stall: 300, first: 1, longest: 5, attempts: 3 },
    logger: silentLogger,
    beat: 20,
    spare: 0,
    ...options,
  });
  managers.push(manager);
  const seen: DownloadState[] = [];
  manager.onDidChange((state) => seen.push(state));
  return { manager, seen };
}

/** Until so many bytes are there. */
async function until(manager: DownloadManager, done: number): Promise<DownloadState> {
  return awaited(manager, (state) => state.done >= done);
}

async function awaited(manager: DownloadManager, right: (state: DownloadState) => boolean): Promise<DownloadState> {
  for (let waited = 0; waited < 10_000; waited += 5) {
    const found = manager.all.find(right);
    if (found) return found;
    await sleep(5);
  }
  throw new Error(`It never came: ${JSON.stringify(manager.all)}`);
}

const target = (name = 'tiny/tiny-q4.gguf'): string => path.join(folder, name);

/** The file is there, right, and nothing else is. */
function expectRight(): void {
  expect(readFileSync(target()).equals(bytes)).toBe(true);
  expect(readdirSync(path.dirname(target()))).toEqual(['tiny-q4.gguf']);
}

describe('a model is downloaded', () => {
  it('with its size and hash from the hub, and its phases told', async () => {
    const { manager, seen } = manage([await hub()]);
    const end = await manager.start(wanted);
    expect(end).toMatchObject({ phase: 'done', done: bytes.length, total: bytes.length, target: target() });
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['queued', 'listing', 'fetching', 'checking', 'done']);
    expectRight();
  });

  it('in all its parts, one after another, with bytes over all of them', async () => {
    const from = await hub(splitFiles);
    from.behave(cut(100_000), good);
    const { manager, seen } = manage([from]);
    expect(await manager.start(split)).toMatchObject({ phase: 'done', total: 1_200_012, done: 1_200_012 });
    expect(readdirSync(path.join(folder, 'split'))).toEqual(Object.keys(splitFiles).map((file) => path.basename(file)));
    for (const [file, content] of Object.entries(splitFiles)) expect(readFileSync(path.join(folder, 'split', path.basename(file))).equals(content)).toBe(true);
    const dones = seen.filter(({ phase }) => phase === 'fetching').map(({ done }) => done);
    expect(dones).toEqual(dones.toSorted((a, b) => a - b));
    expect(from.files.map(({ from: at }) => at)).toEqual([undefined, 100_000, undefined, undefined]);
  });

  it('from ModelScope, in its own terms', async () => {
    const from = await hub(undefined, { kind: 'modelscope' });
    expect(await manage([from]).manager.start(wanted)).toMatchObject({ phase: 'done' });
    expect(from.files[0]?.path).toBe('/models/qwen/Tiny-GGUF/resolve/master/tiny-q4.gguf');
    expectRight();
  });

  it('once only: what is there already is compared with its hash', async () => {
    const from = await hub();
    const { manager } = manage([from]);
    await manager.start(wanted);
    expect(await manager.start(wanted)).toMatchObject({ phase: 'done', done: bytes.length });
    expect(from.files).toHaveLength(1);
    writeFileSync(target(), Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])]));
    await manager.start(wanted);
    expect(from.files).toHaveLength(2);
    expectRight();
  });

  it('from the next hub where the first one has no list, or one that cannot be read', async () => {
    const refusals: HubOptions[] = [
      ...[401, 404, 500].map((status) => ({ list: (_request: unknown, response: { writeHead(status: number): { end(): void } }) => (response.writeHead(status).end(), true) })),
      { list: (_request, response) => (response.end('<html>'), true) },
      { list: (_request, response) => (response.end('{"error": "no"}'), true) },
      { list: (_request, response) => (response.end('[]'), true) },
    ];
    for (const refusal of refusals) {
      expect(await manage([await hub({}, refusal), await hub()]).manager.start(wanted)).toMatchObject({ phase: 'done' });
      expectRight();
      rmSync(path.join(folder, 'tiny'), { recursive: true });
    }
  });

  it('and a second hub is not even asked where the first one is good', async () => {
    const second = await hub();
    await manage([await hub(), second]).manager.start(wanted);
    expect([...second.lists, ...second.files]).toEqual([]);
  });

  it('never of bytes of two versions: a mirror is asked for its hash first', async () => {
    const [first, other, third] = [await hub(), await hub({ 'tiny-q4.gguf': model(13) }), await hub()];
    first.behave(cut(100_000), answers(404));
    const { manager } = manage([first, other, third]);
    expect(await manager.start(wanted)).toMatchObject({ phase: 'done' });
    expect(other.files).toEqual([]);
    expect(third.files.map(({ from }) => from)).toEqual([100_000]);
    expectRight();
  });

  it('one at a time, the others in their order', async () => {
    const from = await hub({ 'tiny-q4.gguf': bytes, ...splitFiles });
    from.behave(slowly(50_000));
    const { manager } = manage([from]);
    const all = Promise.all([manager.start(wanted), manager.start(split)]);
    await until(manager, 1);
    expect(manager.all.map(({ phase }) => phase)).toEqual(['fetching', 'queued']);
    expect((await all).map(({ phase }) => phase)).toEqual(['done', 'done']);
  });
});

describe('a bad server', () => {
  it.each<[string, ...Behaviour[]]>([
    ['cuts', cut(90_000)],
    ['falls silent', stalled(90_000)],
    ['ignores what part was asked for, after a cut', cut(90_000), ignoresRange],
    ['is busy', answers(429, { 'retry-after': '0' }), answers(503)],
    ['has a wrong byte once', wrongByte],
    ['sends a web page, and another hub does not', answers(200, { 'content-type': 'text/html' })],
  ])('that %s ends in the right file', async (_what, ...behaviours) => {
    const [first, second] = [await hub(), await hub()];
    first.behave(...behaviours, good);
    expect(await manage([first, second]).manager.start(wanted)).toMatchObject({ phase: 'done' });
    expectRight();
  });

  it.each([
    ['download-refused', answers(403)],
    ['download-missing', answers(404)],
    ['download-damaged', wrongByte],
    ['download-failed', answers(500)],
    ['download-failed', answers(200, { 'content-type': 'text/html' })],
  ])('ends in %s, and in no model', async (code, behaviour) => {
    const from = await hub();
    from.behave(behaviour);
    const { manager } = manage([from]);
    expect(await manager.start(wanted)).toMatchObject({ phase: 'failed', error: { code } });
    expect(await ggufBelow(folder, 'ponder')).toEqual([]);
    // It can be gone on with.
    from.behave(good);
    expect(await manager.resume(target())).toMatchObject({ phase: 'done' });
    expectRight();
  });

  it('is told of as it is waited for, with its attempts', async () => {
    const from = await hub();
    from.behave(answers(503), answers(503), good);
    const { manager, seen } = manage([from], { patience: { stall: 300, first: 150, longest: 150, attempts: 3 } });
    await manager.start(wanted);
    expect(seen.find(({ phase }) => phase === 'waiting')).toMatchObject({ attempt: 1, why: 'answered 503', done: 0, total: bytes.length });
  });

  it('that wants a token is told apart, and gets it only under its own host', async () => {
    const gated = await hub(undefined, { list: (request, response) => request.headers.authorization === undefined && (response.writeHead(401).end(), true) });
    const { host } = new URL(gated.endpoint.url);
    const other = await hub({});
    const failed = await manage([gated, other]).manager.start(wanted);
    expect(failed).toMatchObject({ phase: 'failed', error: { code: 'download-refused', data: { host } } });
    gated.behave(cut(100_000), answers(404));
    const third = await hub();
    const { manager } = manage([gated, third], { token: (asked) => Promise.resolve(asked === host ? 'secret' : undefined) });
    expect(await manager.start(wanted)).toMatchObject({ phase: 'done' });
    expect(gated.files[0]?.authorization).toBe('Bearer secret');
    expect([...third.lists, ...third.files].map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });
});

describe('a download can be', () => {
  it('paused and gone on with; nothing is fetched twice and nothing looks like a model', async () => {
    const from = await hub();
    from.behave(slowly(20_000));
    const { manager } = manage([from]);
    const first = manager.start(wanted);
    await until(manager, 60_000);
    await manager.pause(target());
    const paused = await first;
    expect(paused).toMatchObject({ phase: 'paused', total: bytes.length });
    expect(await ggufBelow(folder, 'ponder')).toEqual([]);
    from.behave(good);
    expect(await manager.resume(target())).toMatchObject({ phase: 'done' });
    expect(from.files[1]?.from).toBeGreaterThanOrEqual(60_000);
    expectRight();
  });

  it('paused while it waits for its turn, at once', async () => {
    const from = await hub({ 'tiny-q4.gguf': bytes, ...splitFiles });
    from.behave(stalled(50_000));
    const { manager } = manage([from], { patience: { stall: 60_000, first: 1, longest: 5, attempts: 3 } });
    void manager.start(wanted);
    const second = manager.start(split);
    await until(manager, 50_000);
    await manager.pause(path.join(folder, 'split/split-00001-of-00003.gguf'));
    expect(await second).toMatchObject({ phase: 'paused' });
    expect(manager.all.map(({ phase }) => phase)).toEqual(['fetching', 'paused']);
  });

  it('cancelled, and nothing of it stays', async () => {
    const from = await hub(splitFiles);
    from.behave(good, slowly(20_000));
    const { manager } = manage([from]);
    const asked = manager.start(split);
    const { target: first } = await until(manager, 450_000);
    expect(existsSync(first)).toBe(true);
    expect(await ggufBelow(folder, 'ponder')).toEqual([]);
    await manager.cancel(first);
    expect(await asked).toMatchObject({ phase: 'cancelled' });
    expect(manager.all).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cancelled while it is paused', async () => {
    const from = await hub();
    from.behave(slowly(20_000));
    const { manager } = manage([from]);
    void manager.start(wanted);
    await until(manager, 60_000);
    await manager.pause(target());
    await manager.cancel(target());
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cancelled without harm to the model of the same name that is there', async () => {
    const from = await hub();
    await manage([from]).manager.start(wanted);
    const newer = await hub({ 'tiny-q4.gguf': model(17) });
    newer.behave(slowly(20_000));
    const { manager } = manage([newer]);
    void manager.start(wanted);
    await until(manager, 60_000);
    await manager.cancel(target());
    expectRight();
  });
});

describe('after a restart', () => {
  async function interrupted(): Promise<void> {
    const from = await hub();
    from.behave(slowly(20_000));
    const { manager } = manage([from]);
    const asked = manager.start(wanted);
    await until(manager, 100_000);
    manager.dispose();
    expect(await asked).toMatchObject({ phase: 'paused' });
  }

  it('it is offered as paused, with what is there, and nothing is begun', async () => {
    await interrupted();
    const from = await hub();
    const { manager } = manage([from]);
    const [state] = await manager.restore();
    expect(state).toMatchObject({ phase: 'paused', total: bytes.length, wanted, elsewhere: false });
    expect(state?.done).toBeGreaterThanOrEqual(100_000);
    expect([...from.lists, ...from.files]).toEqual([]);
  });

  it('it goes on from there at another mirror', async () => {
    await interrupted();
    const mirror = await hub(undefined, { kind: 'modelscope' });
    const { manager } = manage([mirror]);
    const [state] = await manager.restore();
    expect(await manager.resume(state?.target ?? '')).toMatchObject({ phase: 'done' });
    expect(mirror.files.map(({ from }) => from)).toEqual([state?.done]);
    expectRight();
  });

  it('it goes on with the version that was begun where a hub still has it, else with the new one', async () => {
    await interrupted();
    const [newer, older] = [await hub({ 'tiny-q4.gguf': model(19) }), await hub()];
    expect(await manage([newer, older]).manager.start(wanted)).toMatchObject({ phase: 'done' });
    expect(newer.files).toEqual([]);
    expectRight();
    rmSync(path.dirname(target()), { recursive: true });
    await interrupted();
    expect(await manage([newer]).manager.start(wanted)).toMatchObject({ phase: 'done' });
    expect(sha256(readFileSync(target()))).toBe(sha256(model(19)));
  });

  it('a split model goes on in the part where it stood', async () => {
    const from = await hub(splitFiles);
    from.behave(good, slowly(20_000));
    const first = manage([from]).manager;
    void first.start(split);
    await until(first, 500_000);
    first.dispose();
    await sleep(50);
    from.behave(good);
    const { manager } = manage([from]);
    const [state] = await manager.restore();
    expect(await manager.resume(state?.target ?? '')).toMatchObject({ phase: 'done' });
    expect(from.files.map(({ path: asked }) => asked.slice(-19, -5))).toEqual(['00001-of-00003', '00002-of-00003', '00002-of-00003', '00003-of-00003']);
    expect(readdirSync(path.join(folder, 'split'))).toHaveLength(3);
  });

  it('a record that is damaged, or of a file elsewhere, is not taken up; the parts are, when it is asked for again', async () => {
    await interrupted();
    writeFileSync(`${target()}.download.json`, '{"version":1,"wanted":');
    mkdirSync(path.join(folder, 'evil'));
    const evil = JSON.stringify({ version: 1, wish: 'run', wanted: { ...wanted, path: '../../evil.gguf' } });
    writeFileSync(path.join(folder, 'evil/evil.gguf.download.json'), evil);
    writeFileSync(path.join(folder, 'evil/other.gguf.download.json'), JSON.stringify({ version: 1, wish: 'run', wanted }));
    const from = await hub();
    const { manager } = manage([from]);
    expect(await manager.restore()).toEqual([]);
    expect(await manager.start(wanted)).toMatchObject({ phase: 'done' });
    expect(from.files[0]?.from).toBeGreaterThanOrEqual(100_000);
  });
});

describe('two windows', () => {
  it('share one download: the second looks on, and both come to its end', async () => {
    const from = await hub();
    from.behave(slowly(20_000));
    const [one, two] = [manage([from]), manage([from])];
    const first = one.manager.start(wanted);
    await until(one.manager, 1);
    const second = two.manager.start(wanted);
    await awaited(two.manager, ({ elsewhere, done }) => elsewhere && done > 0);
    expect((await first).phase).toBe('done');
    expect(await second).toMatchObject({ phase: 'done' });
    expect(from.files).toHaveLength(1);
    expectRight();
  });

  it('the second goes on when the first is closed', async () => {
    const from = await hub();
    from.behave(slowly(20_000), good);
    const [one, two] = [manage([from]), manage([from])];
    void one.manager.start(wanted);
    await until(one.manager, 60_000);
    const second = two.manager.start(wanted);
    await awaited(two.manager, ({ elsewhere }) => elsewhere);
    one.manager.dispose();
    expect(await second).toMatchObject({ phase: 'done', elsewhere: false });
    expect(from.files[1]?.from).toBeGreaterThanOrEqual(60_000);
    expectRight();
  });

  it('the second goes on when the first has crashed', async () => {
    await writeRecord(target(), wanted, 'run');
    const lock = `${target()}.download.json.lock`;
    mkdirSync(lock);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    expect(await manage([await hub()]).manager.start(wanted)).toMatchObject({ phase: 'done' });
    expectRight();
  });

  it.each(['pause', 'cancel'] as const)('a %s in the second reaches the first', async (what) => {
    const from = await hub();
    from.behave(slowly(10_000));
    const [one, two] = [manage([from]), manage([from])];
    const first = one.manager.start(wanted);
    await until(one.manager, 30_000);
    const second = two.manager.start(wanted);
    await awaited(two.manager, ({ elsewhere }) => elsewhere);
    await two.manager[what](target());
    const phase = what === 'pause' ? 'paused' : 'cancelled';
    expect((await first).phase).toBe(phase);
    expect((await second).phase).toBe(phase);
    expect(existsSync(`${target()}.part`)).toBe(what === 'pause');
    expect(readdirSync(folder)).toEqual(what === 'pause' ? ['tiny'] : []);
  });

  it('a failure in the first is seen in the second', async () => {
    const from = await hub();
    from.behave(stalled(30_000), answers(404));
    const [one, two] = [manage([from]), manage([from])];
    const first = one.manager.start(wanted);
    await until(one.manager, 30_000);
    const second = two.manager.start(wanted);
    await awaited(two.manager, ({ elsewhere }) => elsewhere);
    expect(await first).toMatchObject({ phase: 'failed' });
    expect(await second).toMatchObject({ phase: 'failed', error: { code: 'download-missing' } });
  });

  it('what runs in another one is listed as such, with how far it is', async () => {
    const from = await hub();
    from.behave(slowly(10_000));
    const [one, two] = [manage([from]), manage([from])];
    const first = one.manager.start(wanted);
    await until(one.manager, 50_000);
    await awaited(one.manager, () => existsSync(`${target()}.download.state.json`));
    expect(await two.manager.restore()).toMatchObject([{ elsewhere: true, phase: 'fetching', total: bytes.length }]);
    await two.manager.pause(target());
    expect((await first).phase).toBe('paused');
  });
});
