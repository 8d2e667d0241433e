/** The menu of the status bar item: what it offers as things stand, and that its entries do what they say. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { readSettings, writeSetting } from '../../src/host/settings.ts';
import { Messages, until } from './support/actions.ts';
import { enginesRunning } from './support/engines.ts';
import { Stand } from './support/stand.ts';

const model = readSettings()['model.path'];
const help = ['$(rocket) Get started', '$(pulse) Diagnose…', '$(output) Show log', '$(settings-gear) Open settings'];
const always = ['$(list-selection) Completions…', '$(chip) Choose GPU…', ...help, '$(circle-slash) Turn Ponder off'];

describe('the menu of the status bar item', () => {
  let messages: Messages;
  const stand = new Stand();

  beforeEach(async () => {
    // An editor with a cursor in it would have the model loaded at a key.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('ponder.unloadModel');
    messages = new Messages();
  });
  afterEach(async () => {
    stand.restore();
    messages.restore();
    await writeSetting('enabled', undefined);
    await writeSetting('model.path', model);
  });

  /** Opens it and chooses, or closes it. @returns what it offered, without headings */
  async function open(choice?: string): Promise<readonly vscode.QuickPickItem[]> {
    const menus = stand.menus(choice);
    await vscode.commands.executeCommand('ponder.showMenu');
    const [menu] = menus;
    assert.equal(menu?.title, 'Ponder');
    return menu.items.filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
  }
  const labels = async (): Promise<string[]> => (await open()).map(({ label }) => label);
  const said = (part: string): Promise<string> => until(part, () => messages.texts.find((text) => text.includes(part)));

  it('begins with choosing a model where none is chosen', async () => {
    await writeSetting('model.path', '');
    assert.deepEqual(await labels(), ['$(comment-discussion) Choose a model to begin…', ...always]);
  });

  it('loads the model that is chosen, and unloads it again', async () => {
    const idle = await open('Load the model');
    assert.deepEqual(idle.map(({ label }) => label), ['$(file-binary) tiny-qwen3', '$(play) Load the model', '$(arrow-swap) Choose another model…', ...always]);
    assert.equal(idle[0]?.description, 'not loaded');
    await said('is loaded.');

    const ready = await open('Unload the model');
    assert.equal(ready[1]?.label, '$(stop-circle) Unload the model');
    assert.deepEqual(ready.slice(2).map(({ label }) => label), ['$(arrow-swap) Choose another model…', ...always]);
    const [first] = ready;
    assert.match(first?.label ?? '', /^\$\(file-binary\) .*tiny/i);
    // The speed is there where another suite has asked something before.
    assert.match(first?.description ?? '', /^(CPU, \d+ threads?|\d+\/\d+ layers on the GPU)( · .+ tokens\/s in the last answer)?$/);
    assert.match(first?.detail ?? '', /^Window of [\d.]+k? tokens · no YaRN · KV cache in \d+ bits$/);
    assert.match(ready[1].detail ?? '', /^Weights .+ · context .+ · the engine holds .+ of RAM$/);
    await said('is unloaded.');
    assert.equal((await open())[0]?.description, 'not loaded');
    messages.seen.splice(0);
    await vscode.commands.executeCommand('ponder.unloadModel');
    assert.deepEqual(messages.texts, ['No model is loaded.']);
  });

  it('turns Ponder off, and then has nothing but help and the way back', async () => {
    await open('Load the model');
    await said('is loaded.');
    await open('Turn Ponder off');
    await said('Ponder is off.');
    assert.equal(readSettings().enabled, false);
    if (process.platform === 'linux') await until('no engine', () => enginesRunning() === 0);
    assert.deepEqual((await open('Turn Ponder on')).map(({ label }) => label), ['$(sparkle) Turn Ponder on', ...help]);
    await said('Ponder is on.');
    assert.equal(readSettings().enabled, true);
    // Nothing is loaded unasked.
    assert.equal((await open())[0]?.description, 'not loaded');
    if (process.platform === 'linux') assert.equal(enginesRunning(), 0);
  });

  it('says how completions stand, and leads to their menu', async () => {
    const entries = await open();
    assert.notEqual(entries.find(({ label }) => label.endsWith('Completions…'))?.description ?? '', '');
    const menus = stand.menus('Completions…');
    await vscode.commands.executeCommand('ponder.showMenu');
    await until('their menu', () => menus[1]?.title === 'Ponder completions');
  });

  it('changes nothing where it is closed', async () => {
    await open();
    assert.deepEqual(messages.texts, []);
    assert.equal((await open())[0]?.description, 'not loaded');
  });
});
