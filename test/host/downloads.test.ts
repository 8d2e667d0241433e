/** Downloads as the user meets them, from a hub on this computer. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { silentLogger } from '../../src/base/log.ts';
import { writeSetting, readSettings } from '../../src/host/settings.ts';
import type { Wanted } from '../../src/models/download/wanted.ts';
import { Downloads } from '../../src/models/vscode/downloads.ts';
import { HubTokens } from '../../src/models/vscode/hub-token.ts';
import { slowly, startHub, type TestHub } from '../unit/models/download/hub.ts';
import { good } from '../unit/models/download/server.ts';
import { Messages, until } from './support/actions.ts';

const bytes = Buffer.concat([Buffer.from('GGUF'), Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7) % 251))]);
const wanted: Wanted = { id: 'tiny', name: 'Tiny', repositories: { huggingface: 'Qwen/Tiny-GGUF' }, path: 'tiny-q4.gguf' };

/** As the system's key store, in memory. */
class Secrets implements vscode.SecretStorage {
  readonly #kept = new Map<string, string>();
  readonly onDidChange = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event;
  keys(): Thenable<string[]> {
    return Promise.resolve([...this.#kept.keys()]);
  }
  get(key: string): Thenable<string | undefined> {
    return Promise.resolve(this.#kept.get(key));
  }
  store(key: string, value: string): Thenable<void> {
    return Promise.resolve(void this.#kept.set(key, value));
  }
  delete(key: string): Thenable<void> {
    return Promise.resolve(void this.#kept.delete(key));
  }
}

describe('downloads', () => {
  let folder: string;
  let hub: TestHub;
  let downloads: Downloads;
  let secrets: Secrets;
  let messages: Messages;
  let typed: string | undefined;
  let gated: boolean;
  let model: string;
  const ownInput = Object.getOwnPropertyDescriptor(vscode.window, 'showInputBox');

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ponder-downloads-'));
    gated = false;
    model = readSettings()['model.path'];
    hub = await startHub({ 'tiny-q4.gguf': bytes }, {
      list: ({ headers }, response) => {
        if (!gated || headers.authorization === 'Bearer hf_right') return false;
        response.writeHead(401).end();
        return true;
      },
    });
    await writeSetting('models.endpoint', hub.endpoint.url);
    await writeSetting('models.endpointFallback', false);
    secrets = new Secrets();
    messages = new Messages();
    typed = undefined;
    Object.defineProperty(vscode.window, 'showInputBox', { value: () => Promise.resolve(typed), configurable: true });
    downloads = new Downloads({
      secrets,
      folder,
      logger: silentLogger,
      showLog: () => undefined,
      openSettings: () => Promise.resolve(),
      errorSentence: ({ code }) => code,
      choose: () => Promise.resolve(),
      onStates: () => undefined,
    });
  });

  afterEach(async () => {
    downloads.dispose();
    messages.restore();
    if (ownInput) Object.defineProperty(vscode.window, 'showInputBox', ownInput);
    await hub.close();
    await writeSetting('models.endpoint', undefined);
    await writeSetting('models.endpointFallback', undefined);
    await writeSetting('model.path', model);
    rmSync(folder, { recursive: true, force: true });
  });

  const target = (): string => path.join(folder, 'tiny', 'tiny-q4.gguf');

  it('bring the file, and it is used at a click', async () => {
    messages.answers = { 'is downloaded': 'Use it' };
    assert.equal((await downloads.download(wanted))?.phase, 'done');
    assert.ok(readFileSync(target()).equals(bytes));
    assert.deepEqual(readdirSync(path.dirname(target())), ['tiny-q4.gguf']);
    await until('the setting', () => readSettings()['model.path'] === target());
  });

  it('end with the reason and a way out where the bytes are not those of the hub, and leave no model', async () => {
    const wrong = Buffer.from(bytes);
    wrong[200_000] = 255;
    hub.behave((request, response, from) => good(request, response, from, wrong));
    const state = await downloads.download(wanted);
    assert.deepEqual([state?.phase, state?.error?.code], ['failed', 'download-damaged']);
    assert.equal(existsSync(target()), false);
    const said = await until('the message', () => messages.seen.find(({ text }) => text === 'Tiny: download-damaged'));
    assert.deepEqual(said.buttons, ['Retry', 'Open settings', 'Show log']);
  });

  it('ask for a token where the hub wants one, keep it for that hub alone, and go on with it', async () => {
    gated = true;
    typed = ' hf_right ';
    messages.answers = { 'Tiny: download-refused': 'Enter a token…' };
    assert.equal((await downloads.download(wanted))?.error?.code, 'download-refused');
    await until('the file', () => existsSync(target()));
    const host = new URL(hub.endpoint.url).host;
    assert.deepEqual(await secrets.keys(), [`hubToken:${host}`]);
    assert.equal(await new HubTokens(secrets).get('elsewhere.example'), undefined);
    assert.equal(hub.files.at(-1)?.authorization, 'Bearer hf_right');
    await downloads.forgetToken();
    assert.deepEqual(await secrets.keys(), []);
    assert.ok(messages.seen.some(({ text }) => text.includes(host)));
  });

  it('keep no token that could not stand in a header', async () => {
    typed = 'two words';
    await downloads.setToken();
    assert.deepEqual(await secrets.keys(), []);
  });

  it('that are paused are offered to go on, from where they stood', async () => {
    hub.behave(slowly(20_000), good);
    const running = downloads.download(wanted);
    const begun = await until('some of it', () => downloads.all.find(({ phase, done }) => phase === 'fetching' && done > 50_000));
    messages.answers = { 'is paused': 'Resume' };
    await downloads.pause(begun.target);
    assert.equal((await running)?.phase, 'paused');
    await until('the file', () => existsSync(target()));
    assert.ok((hub.files.at(-1)?.from ?? 0) >= 50_000, 'nothing was fetched twice');
  });

  it('of what is none are refused', async () => {
    await assert.rejects(downloads.download({ ...wanted, path: '../../evil.gguf' }), /cannot be downloaded/);
    assert.deepEqual([...hub.lists, ...hub.files], []);
  });
});
