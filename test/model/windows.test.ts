/** Several windows on one engine: each a backend of its own, as in an extension host of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalBackend } from '../../src/backends/local.ts';
import type { LoadParams } from '../../src/protocol/engine.ts';
import { engineEntry, fixturePath, isAlive, loadParams, modelPath, question, run, until } from './support/backend.ts';
import { fill, hole } from './support/infill.ts';

let root: string;
let windows: LocalBackend[];
let lines: string[];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-windows-'));
  windows = [];
  lines = [];
});
afterEach(async () => {
  const pids = await Promise.all(windows.map((window) => (window.state.kind === 'ready' ? window.status().then(({ pid }) => pid, () => 0) : Promise.resolve(0))));
  for (const window of windows) window.dispose();
  for (const pid of pids) if (pid > 0) await until('the engine has left', () => !isAlive(pid), 10_000);
  rmSync(root, { recursive: true, force: true });
});

function open(more: Partial<LoadParams> = {}, share: readonly string[] | undefined = [path.join(root, 'meet')]): LocalBackend {
  const say = (message: string): void => void lines.push(message);
  const window = new LocalBackend({ entry: engineEntry, logger: { debug: () => undefined, info: say, warn: say, error: say }, share });
  window.useModel(loadParams(more));
  windows.push(window);
  return window;
}

const hello = question('What can you do?');
const about = (name: string): typeof hello => question(`Explain the function ${name}.`);

describe('a second window', () => {
  it('uses the engine of the first, and the weights that are loaded', async () => {
    const [first, second] = [open(), open()];
    await first.ensureReady();
    const before = await first.status();
    expect(before).toMatchObject({ windows: 1, models: 1, modelLoads: 1 });
    await second.ensureReady();
    expect(await second.status()).toMatchObject({ pid: before.pid, windows: 2, models: 1, modelLoads: 1 });
  });

  it('that opens at the same moment starts no second engine and loads nothing twice', async () => {
    const all = Array.from({ length: 4 }, () => open());
    await Promise.all(all.map((window) => window.ensureReady()));
    const states = await Promise.all(all.map((window) => window.status()));
    expect(new Set(states.map(({ pid }) => pid)).size).toBe(1);
    expect(states[0]).toMatchObject({ windows: 4, models: 1, modelLoads: 1 });
  });

  it('gets the answers that it would get alone, at the same time as the first', async () => {
    const alone = open({}, undefined);
    const [expected, other] = [await run(alone, about('clamp')), await run(alone, about('add'))];
    const [first, second] = [open(), open()];
    const [one, two] = await Promise.all([run(first, about('clamp')), run(second, about('add'))]);
    expect(one.answer).toBe(expected.answer);
    expect(two.answer).toBe(other.answer);
    expect((await first.status()).pid).toBe((await second.status()).pid);
  });

  it('leaves the first one’s KV cache alone', async () => {
    const [alone, first, second] = [open({}, undefined), open(), open()];
    const one = await run(alone, about('clamp'));
    const next = [...about('clamp').messages, { role: 'assistant' as const, content: one.answer }, { role: 'user' as const, content: 'And now?' }];
    const expected = await run(alone, { ...hello, messages: next });
    await run(first, about('clamp'));
    await run(second, about('add'));
    await run(second, hello);
    const { result, answer } = await run(first, { ...hello, messages: next });
    expect(result.cachedTokens).toBe(expected.result.cachedTokens);
    expect(result.cachedTokens).toBeGreaterThan(50);
    expect(answer).toBe(expected.answer);
  });

  it('completes in a context of its own', async () => {
    const [first, second] = [open(), open()];
    const prompt = { form: 'file', prefix: 'export function add(a: number, b: number): number {\n  return ', suffix: ';\n}\n' } as const;
    const one = await fill(first, hole(prompt));
    await fill(second, hole({ ...prompt, prefix: `const other = 1;\n${prompt.prefix}` }));
    const again = await fill(first, hole(prompt));
    expect(again.text).toBe(one.text);
    expect(again.result.cachedTokens).toBeGreaterThanOrEqual(one.result.promptTokens - 1);
  });

  it('with another model has that loaded beside, and takes it along when it goes', async () => {
    const [first, second] = [open(), open({ modelPath: fixturePath('tiny-qwen3-instruct-2507') })];
    await first.ensureReady();
    await second.ensureReady();
    expect(await first.status()).toMatchObject({ windows: 2, models: 2, modelLoads: 2 });
    second.dispose();
    await until('it is gone', async () => (await first.status()).models === 1);
    await expect(run(first, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
  });

  it('that unloads keeps nothing, and the first keeps all', async () => {
    const [first, second] = [open(), open()];
    await first.ensureReady();
    await second.ensureReady();
    await second.unload();
    expect(await second.status()).toMatchObject({ loaded: false, models: 1 });
    expect(await first.status()).toMatchObject({ loaded: true, models: 1 });
    await first.unload();
    expect(await first.status()).toMatchObject({ loaded: false, models: 0 });
    await expect(run(second, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
    expect((await second.status()).modelLoads).toBe(2);
  });

  it('that goes in mid-answer gives its context back, and does not hold up the first', async () => {
    const [first, second] = [open(), open()];
    await run(first, hello);
    const going = run(second, question('Count from 1 to 100.'), { onEvent: () => second.dispose() });
    await expect(going).rejects.toThrow();
    await until('it has left', async () => (await first.status()).windows === 1);
    await expect(run(first, about('add'))).resolves.toMatchObject({ result: { reason: 'stop' } });
    expect(lines.filter((line) => line.includes('could not be freed'))).toEqual([]);
  });

  it('that stretches the model by YaRN has a copy of its own, which goes with it', async () => {
    const [first, second] = [open({ modelPath: fixturePath(), contextSize: 512 }), open({ modelPath: fixturePath(), contextSize: 1024 })];
    await first.ensureReady();
    await expect(second.ensureReady()).resolves.toMatchObject({ yarnFactor: 2 });
    expect((await first.status()).models).toBe(2);
    await second.unload();
    expect((await first.status()).models).toBe(1);
  });
});

describe('an engine that is shared', () => {
  it('leaves when the last window has gone', async () => {
    const [first, second] = [open(), open()];
    await first.ensureReady();
    await second.ensureReady();
    const { pid } = await first.status();
    first.dispose();
    await until('one window is left', async () => (await second.status()).windows === 1);
    await expect(run(second, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
    second.dispose();
    await until('the engine has left', () => !isAlive(pid), 10_000);
    expect(readdirSync(path.join(root, 'meet')).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  it('goes on when the window that started it is killed', async () => {
    const owner = await ownerProcess(path.join(root, 'meet'));
    const second = open();
    await second.ensureReady();
    expect(await second.status()).toMatchObject({ pid: owner.engine, windows: 2 });
    owner.child.kill('SIGKILL');
    await until('it has left', async () => (await second.status()).windows === 1);
    await expect(run(second, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
    expect(await second.status()).toMatchObject({ pid: owner.engine, modelLoads: 1 });
  });

  it('that is killed comes back as one, for all windows, and each was told', async () => {
    const [first, second] = [open(), open()];
    await first.ensureReady();
    await second.ensureReady();
    const { pid } = await first.status();
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'answer' && isAlive(pid)) process.kill(pid, 'SIGKILL');
    };
    const answering = [first, second].map((window) => run(window, question('Count from 1 to 100.'), { onEvent }));
    const outcomes = await Promise.allSettled(answering);
    expect(outcomes).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'engine-crashed' } })));
    await until('both are back', () => first.state.kind === 'ready' && second.state.kind === 'ready');
    const [one, two] = [await first.status(), await second.status()];
    expect(one.pid).not.toBe(pid);
    expect(two).toMatchObject({ pid: one.pid, windows: 2, models: 1, modelLoads: 1 });
    await expect(run(second, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
  });

  it('that one window restarts comes back for the other too, as often as one likes: nothing has crashed', async () => {
    const [first, second] = [open(), open()];
    await first.ensureReady();
    await second.ensureReady();
    for (let times = 1; times <= 4; times++) {
      const { pid } = await second.status();
      await first.restart();
      await until('the other is back', async () => second.state.kind === 'ready' && (await second.status()).pid !== pid);
      expect((await second.status()).pid).toBe((await first.status()).pid);
      expect(isAlive(pid)).toBe(false);
    }
    expect(lines.some((line) => line.includes('in a row'))).toBe(false);
  });

  it('that one window restarts ends what the other is being told with a word of its own, and the next answer comes', async () => {
    const [first, second] = [open(), open()];
    await first.ensureReady();
    await second.ensureReady();
    let restarting: Promise<void> | undefined;
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'answer') restarting ??= first.restart();
    };
    const answering = [second, first].map((window) => run(window, question('Count from 1 to 100.', { grammar: 'root ::= [a-z ]{2000}' }), { onEvent }));
    const outcomes = await Promise.allSettled(answering);
    expect(outcomes).toMatchObject(['another', 'this'].map((by) => ({ status: 'rejected', reason: { code: 'engine-restarted', data: { by } } })));
    await restarting;
    await expect(run(second, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
    expect((await second.status()).pid).toBe((await first.status()).pid);
    expect(lines.some((line) => line.includes('in a row'))).toBe(false);
  });

  it('that hangs is restarted all the same', async () => {
    const first = open();
    await first.ensureReady();
    const { pid } = await first.status();
    process.kill(pid, 'SIGSTOP');
    await first.restart();
    expect((await first.status()).pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
  });
});

describe('the way in', () => {
  it.skipIf(process.platform === 'win32')('is the user’s alone: the folder, the socket, and the token in its file', async () => {
    await open().ensureReady();
    const folder = path.join(root, 'meet');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const names = readdirSync(folder);
    expect(names.some((name) => name.endsWith('.sock')) && names.some((name) => name.endsWith('.json'))).toBe(true);
    for (const name of names) expect([name, statSync(path.join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  });

  it('is shut to whoever says another token, and stays open to the windows', async () => {
    const first = open();
    await first.ensureReady();
    const name = readdirSync(path.join(root, 'meet')).find((each) => each.endsWith('.json')) ?? '';
    const record = JSON.parse(readFileSync(path.join(root, 'meet', name), 'utf8')) as { readonly address: string; readonly token: string };
    const heard = async (token: string): Promise<string> => {
      const socket = connect(record.address);
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'status', params: {} });
      socket.write(`${token}\nContent-Length: ${String(call.length)}\r\n\r\n${call}`);
      // Being shown the door may come as a reset.
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('close', resolve).once('data', resolve));
      socket.destroy();
      return text;
    };
    expect(await heard(record.token)).toContain('Content-Length');
    expect(await heard(record.token.replace(/./g, '0'))).toBe('');
    await expect(run(first, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
  });
});

describe('where windows cannot meet', () => {
  it.each([
    ['the folder is another’s to look into', (folder: string) => (mkdirSync(folder), chmodSync(folder, 0o755))],
    ['there is none', (folder: string) => rmSync(path.dirname(folder), { recursive: true })],
  ])('because %s, each has an engine of its own, and the log says why', async (_, spoil) => {
    const folder = path.join(root, 'spoilt', 'meet');
    mkdirSync(path.dirname(folder));
    spoil(folder);
    const [first, second] = [open({}, [folder]), open({}, [folder])];
    await expect(run(first, hello)).resolves.toMatchObject({ result: { reason: 'stop' } });
    await second.ensureReady();
    expect((await second.status()).pid).not.toBe((await first.status()).pid);
    expect(lines.some((line) => line.startsWith('no engine can be shared'))).toBe(true);
  });
});

/** Another process that has the engine started, as the first window does. */
async function ownerProcess(folder: string): Promise<{ readonly child: ChildProcess; readonly engine: number }> {
  const script = fileURLToPath(new URL('./support/owner.mjs', import.meta.url));
  const child = fork(script, [JSON.stringify({ entry: engineEntry, folder, params: loadParams({ modelPath: modelPath() }) })], { execArgv: ['--no-warnings'] });
  const engine = await new Promise<number>((resolve, reject) => {
    child.once('message', (pid) => resolve(Number(pid)));
    child.once('exit', (code) => reject(new Error(`The first window ended: ${String(code)}`)));
  });
  return { child, engine };
}
