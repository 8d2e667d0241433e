/** Runs first (.vscode-test.mjs): what other tests use would wake the extension. */
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { readSettings } from '../../src/host/settings.ts';
import { enginesRunning } from './support/engines.ts';

describe('activation', () => {
  it('comes by itself once VS Code has started, so that what is typed can be completed', async () => {
    // The listeners are all that it costs; an engine is started by the first use.
    await vscode.workspace.openTextDocument({ content: 'one', language: 'plaintext' });
    const active = (): boolean => vscode.extensions.getExtension<unknown>('ponder.ponder')?.isActive ?? false;
    for (let waited = 0; waited < 10_000 && !active(); waited += 50) await delay(50);
    assert.equal(active(), true);
  });

  it('loads nothing, nor does looking at a file: no engine runs', async function () {
    if (process.platform !== 'linux') this.skip();
    assert.notEqual(readSettings()['model.path'], '');
    assert.equal(enginesRunning(), 0);
    const document = await vscode.workspace.openTextDocument({ content: 'const one = 1;\nconst two = \n', language: 'typescript' });
    const editor = await vscode.window.showTextDocument(document);
    for (const line of [0, 1, 2]) {
      editor.selection = new vscode.Selection(line, 0, line, 0);
      await vscode.commands.executeCommand('cursorEnd');
      await delay(700);
    }
    await delay(2000);
    assert.equal(enginesRunning(), 0);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
