/** Downloads that outlive a window, and those that several windows want. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeRecord } from '../../../../src/models/download/record.ts';
import { sha256, slowly } from './hub.ts';
import { answers, good, stalled } from './server.ts';
import { awaited, bytes, expectRight, folder, hub, manage, model, split, splitFiles, target, until, wanted } from './support.ts';

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
    from.behave(slowly(4_000, 10));
    const [one, two] = [manage([from]), manage([from])];
    const first = one.manager.start(wanted);
    await until(one.manager, 50_000);
    for (let looks = 0; looks < 50 && two.manager.all[0]?.phase !== 'fetching'; looks++) {
      await sleep(10);
      await two.manager.restore();
    }
    expect(two.manager.all).toMatchObject([{ elsewhere: true, phase: 'fetching', total: bytes.length }]);
    await two.manager.pause(target());
    expect((await first).phase).toBe('paused');
  });
});
