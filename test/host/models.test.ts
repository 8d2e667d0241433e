/** Choosing, loading, unloading and turning off, as the commands do it. */
import { strict as assert } from 'node:assert';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { readSettings, writeSetting } from '../../src/host/settings.ts';
import { Messages, pause, until } from './support/actions.ts';
import { enginesRunning } from './support/engines.ts';
import { Stand } from './support/stand.ts';

const before = readSettings()['model.path'];

describe('models', () => {
  let folder = '';
  let messages: Messages;
  const stand = new Stand();
  const copy = (name: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    copyFileSync(before, file);
    return file;
  };
  const used = (): string => readSettings()['model.path'];
  const said = (part: string): Promise<string> => until(part, () => messages.texts.find((text) => text.includes(part)));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ponder-models-'));
    messages = new Messages();
  });
  afterEach(async () => {
    messages.restore();
    stand.restore();
    await writeSetting('models.folder', undefined);
    await writeSetting('completion.modelPath', undefined);
    await writeSetting('enabled', undefined);
    await writeSetting('model.path', before);
    rmSync(folder, { recursive: true, force: true });
  });

  describe('a file that the user shows', () => {
    const show = async (file: string): Promise<unknown> => {
      stand.openDialog(file);
      return vscode.commands.executeCommand('ponder.useModelFile');
    };

    it('is used where it lies if it is a model', async () => {
      const file = copy('Mine.gguf');
      assert.equal(await show(file), true);
      assert.equal(used(), file);
    });

    it('is refused with the reason if it is a page of HTML, or not there, and what was used stays', async () => {
      const page = path.join(folder, 'page.gguf');
      writeFileSync(page, '<!doctype html><title>Sign in</title>');
      assert.equal(await show(page), false);
      await said('page.gguf is not a GGUF model.');
      assert.equal(await show(path.join(folder, 'gone.gguf')), false);
      await said('gone.gguf is not there, or cannot be read.');
      assert.equal(used(), before);
    });
  });

  describe('the picker', () => {
    it('opens at once, fills in what this computer has, and takes a found file into use', async () => {
      const file = copy('deep/Found.gguf');
      await writeSetting('models.folder', folder);
      const picker = stand.quickPick();
      const chosen = vscode.commands.executeCommand('ponder.chooseModel');
      await until('the picker', () => picker.items.length > 0);
      assert.ok(picker.labels.includes('$(file) Use a file…'));
      const found = await until('the found file', () => picker.items.find(({ label }) => label === 'Found'));
      assert.match(found.detail ?? '', /window up to .+ of memory/);
      assert.ok(picker.labels.includes('To download'));
      assert.ok(picker.labels.some((label) => label.startsWith('$(star-full)')), picker.labels.join('\n'));
      picker.accept(found);
      assert.equal(await chosen, true);
      assert.equal(used(), file);
    });

    it('shows a model in its other quantisations, each with what it would do', async () => {
      const picker = stand.quickPick();
      const chosen = vscode.commands.executeCommand('ponder.chooseModel');
      const model = await until('a model to download', () => picker.items.find(({ buttons, detail }) => (buttons?.length ?? 0) > 0 && detail !== ''));
      picker.press(model);
      assert.ok(picker.labels.length > 1);
      for (const { label, detail } of picker.items) {
        assert.match(label, /^(Q\d|BF16|F16)/);
        assert.match(detail ?? '', /of memory/);
      }
      picker.hide();
      assert.equal(await chosen, false);
      assert.equal(used(), before);
    });

    it('of completions can leave them to the model of the chat', async () => {
      await writeSetting('completion.modelPath', copy('Other.gguf'));
      const picker = stand.quickPick();
      const chosen = vscode.commands.executeCommand('ponder.chooseCompletionModel');
      const same = await until('the model of the chat', () => picker.items.find(({ label }) => label === 'The model of the chat'));
      picker.accept(same);
      assert.equal(await chosen, true);
      assert.equal(readSettings()['completion.modelPath'], '');
    });
  });

  it('load and unload by command, and say so', async () => {
    await vscode.commands.executeCommand('ponder.unloadModel');
    await vscode.commands.executeCommand('ponder.loadModel');
    await said('is loaded.');
    await vscode.commands.executeCommand('ponder.loadModel');
    await said('is loaded already.');
    await vscode.commands.executeCommand('ponder.unloadModel');
    await said('is unloaded.');
    await vscode.commands.executeCommand('ponder.unloadModel');
    await said('No model is loaded.');
  });

  it('unloaded stay so while an editor is only looked at, and come back with the first key', async () => {
    const isLoaded = async (): Promise<boolean> => {
      messages.seen.splice(0);
      await vscode.commands.executeCommand('ponder.unloadModel');
      return messages.texts.some((text) => text.includes('is unloaded'));
    };
    const document = await vscode.workspace.openTextDocument({ content: 'function add(a, b) {\n  \n}\n', language: 'javascript' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 2, 1, 2);
    await vscode.commands.executeCommand('type', { text: 'r' });
    // Typing loads; the first completion also makes the extension read ahead when a cursor rests.
    await pause(6000);
    await vscode.commands.executeCommand('ponder.unloadModel');
    await pause(3500);
    assert.equal(await isLoaded(), false);
    for (const line of [0, 2, 1]) {
      editor.selection = new vscode.Selection(line, 0, line, 0);
      await vscode.commands.executeCommand('cursorEnd');
      await pause(2000);
    }
    assert.equal(await isLoaded(), false);
    await vscode.commands.executeCommand('type', { text: 'e' });
    await pause(6000);
    assert.equal(await isLoaded(), true);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('turned off leave no process, load nothing, download nothing, and come back by a button', async function () {
    if (process.platform !== 'linux') this.skip();
    await vscode.commands.executeCommand('ponder.loadModel');
    await until('an engine', () => enginesRunning() > 0);
    await vscode.commands.executeCommand('ponder.togglePonder');
    assert.equal(vscode.workspace.getConfiguration('ponder').get('enabled'), false);
    await until('no engine', () => enginesRunning() === 0);
    messages.seen.splice(0);
    await vscode.commands.executeCommand('ponder.loadModel');
    await said('Ponder is off');
    assert.deepEqual(messages.seen[0]?.buttons, ['Turn on']);
    messages.seen.splice(0);
    await vscode.commands.executeCommand('ponder.downloadModel', { id: 'x', name: 'x', repositories: {}, path: 'x.gguf' });
    await said('Ponder is off');
    assert.equal(enginesRunning(), 0);
    messages.answers = { 'Ponder is off': 'Turn on' };
    await vscode.commands.executeCommand('ponder.loadModel');
    await until('on', () => vscode.workspace.getConfiguration('ponder').get<boolean>('enabled'));
    assert.equal(enginesRunning(), 0);
    await vscode.commands.executeCommand('ponder.loadModel');
    await said('is loaded.');
  });
});
