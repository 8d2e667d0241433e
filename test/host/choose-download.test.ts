/** The picker of models where what is chosen is not here yet: it comes from a hub on this computer. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { readSettings, writeSetting } from '../../src/host/settings.ts';
import { catalogue } from '../../src/models/catalogue/catalogue.ts';
import type { Entry } from '../../src/models/entries.ts';
import { targetOf } from '../../src/models/download/wanted.ts';
import { slowly, startHub, type TestHub } from '../unit/models/download/hub.ts';
import { good, wrongByte } from '../unit/models/download/server.ts';
import { Messages, until } from './support/actions.ts';
import { Stand } from './support/stand.ts';

type Offer = Extract<Entry, { kind: 'download' }>;

const before = readSettings()['model.path'];
const files = catalogue().models.flatMap((model) => model.files.flatMap(({ parts }) => parts.map((part) => part.path)));
/** Every file of the catalogue is this one: the sizes that count are the hub's. */
const serving = (bytes: Buffer): Promise<TestHub> => startHub(Object.fromEntries(files.map((file) => [file, bytes])));

describe('the picker, with a model that is not here', () => {
  let folder: string;
  let hub: TestHub;
  let messages: Messages;
  const stand = new Stand();
  const tiny = readFileSync(before);

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ponder-picker-'));
    messages = new Messages();
    await serve(tiny);
    await writeSetting('models.endpointFallback', false);
    await writeSetting('models.folder', folder);
  });
  afterEach(async () => {
    messages.restore();
    stand.restore();
    await hub.close();
    for (const key of ['models.endpoint', 'models.endpointFallback', 'models.folder', 'completion.modelPath'] as const) await writeSetting(key, undefined);
    await writeSetting('model.path', before);
    rmSync(folder, { recursive: true, force: true });
  });

  async function serve(bytes: Buffer): Promise<void> {
    hub = await serving(bytes);
    await writeSetting('models.endpoint', hub.endpoint.url);
  }

  /** Chooses the model that is offered first. @returns what it is, and what the command will come to */
  async function chooseFirst(command = 'ponder.chooseModel'): Promise<{ readonly offer: Offer; readonly target: string; readonly chosen: Thenable<unknown> }> {
    const picker = stand.quickPick();
    const chosen = vscode.commands.executeCommand(command);
    const item = await until('a model to download', () => picker.items.find((each) => 'entry' in each && (each.entry as Entry).kind === 'download'));
    const offer = (item as typeof item & { readonly entry: Offer }).entry;
    picker.accept(item);
    return { offer, target: targetOf(folder, offer.file.wanted), chosen };
  }

  const used = (): string => readSettings()['model.path'];
  const said = (text: string): Promise<unknown> => until(text, () => messages.texts.includes(text));

  it('fetches it, uses it when it is there without asking, and then has it among what is here', async () => {
    const progress = stand.progress();
    const { offer, target, chosen } = await chooseFirst();
    assert.equal(await chosen, true);
    // A question that waits for it is asked at once.
    assert.equal(used(), target);
    const { name, path: file } = offer.file.wanted;
    assert.equal(progress.find(({ title }) => title === `Downloading ${name}`)?.reports.reduce((sum, { increment = 0 }) => sum + increment, 0), 100);
    await said(`${name} is downloaded and in use.`);
    assert.ok(readFileSync(target).equals(tiny));
    assert.ok(hub.files.every((asked) => decodeURIComponent(asked.path).endsWith(file)));
    assert.deepEqual(messages.seen.filter(({ buttons }) => buttons.length > 0), []);
    const picker = stand.quickPick();
    const again = vscode.commands.executeCommand('ponder.chooseModel');
    await until('what is here', () => picker.labels.includes('To download'));
    const entries = picker.items.map((item) => (item as typeof item & { readonly entry: Entry }).entry);
    assert.ok(entries.some((entry) => entry.kind === 'use' && entry.path === target && entry.inUse));
    assert.ok(!entries.some((entry) => entry.kind === 'download' && entry.offered.model.id === offer.offered.model.id && entry.file.quantisation === offer.file.quantisation));
    picker.hide();
    assert.equal(await again, false);
  });

  it('fetches one for completions, and leaves the chat’s alone', async () => {
    const { target, chosen } = await chooseFirst('ponder.chooseCompletionModel');
    assert.equal(await chosen, true);
    assert.deepEqual([readSettings()['completion.modelPath'], used()], [target, before]);
  });

  it('keeps the model of before where the bytes are wrong, and uses the new one after another try', async () => {
    // A file that is wrong is fetched once more by itself.
    hub.behave(wrongByte, wrongByte, good);
    messages.answers = { 'What arrived': 'Retry' };
    const { offer, target, chosen } = await chooseFirst();
    const model = used();
    assert.equal(await chosen, false);
    assert.equal(model, before);
    await said(`${offer.file.wanted.name} is downloaded and in use.`);
    assert.equal(messages.seen.filter(({ buttons }) => buttons.includes('Retry')).length, 1);
    assert.equal(used(), target);
  });

  it('uses it too where its download was paused in between', async () => {
    hub.behave(slowly(4000), good);
    messages.answers = { 'is paused': 'Resume' };
    const progress = stand.progress((title, reports) => title.startsWith('Downloading') && reports === 3);
    const { offer, target, chosen } = await chooseFirst();
    assert.equal(await chosen, false, JSON.stringify(progress));
    await said(`${offer.file.wanted.name} is downloaded and in use.`);
    assert.equal(used(), target);
  });

  it('does not use a file that turns out to be no model, says why, and not that it is in use', async () => {
    await hub.close();
    await serve(Buffer.concat([Buffer.from('GGUF\x03\0\0\0'), Buffer.alloc(200_000, 255)]));
    const { target, chosen } = await chooseFirst();
    assert.equal(await chosen, false);
    assert.equal(messages.texts.length, 1, messages.texts.join('\n'));
    assert.ok(messages.texts[0]?.startsWith(`${path.basename(target)} is `), messages.texts[0]);
    assert.equal(used(), before);
    assert.ok(existsSync(target));
  });

  it('changes nothing where the hub does not have it', async () => {
    await hub.close();
    hub = await startHub({});
    await writeSetting('models.endpoint', hub.endpoint.url);
    const { offer, target, chosen } = await chooseFirst();
    assert.equal(await chosen, false);
    const message = await until('the reason', () => messages.seen.find(({ text }) => text.startsWith(`${offer.file.wanted.name}: `)));
    assert.deepEqual(message.buttons, ['Open settings', 'Retry', 'Show log']);
    assert.deepEqual([used(), existsSync(target)], [before, false]);
  });
});
