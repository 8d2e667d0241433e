/** Whatever happens to a download, it ends in the right files or in an error that says what to do, and nothing else lies about. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ggufBelow } from '../../../../src/models/found/found.ts';
import { slowly, type HubOptions } from './hub.ts';
import { answers, cut, good, ignoresRange, stalled, wrongByte, type Behaviour } from './server.ts';
import { bytes, expectRight, folder, hub, manage, model, split, splitFiles, target, until, wanted } from './support.ts';

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
