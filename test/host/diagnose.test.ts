/** The report, as it is opened. */
import { strict as assert } from 'node:assert';
import os from 'node:os';
import * as vscode from 'vscode';

describe('Ponder: Diagnose', function () {
  this.timeout(120_000);

  it('opens a report that can be read and copied, with a speed that was measured and no home folder in it', async () => {
    await vscode.commands.executeCommand('ponder.diagnose');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'markdown');
    assert.equal(document.isUntitled, true);
    const text = document.getText();
    assert.match(text, /^# Ponder: report\n/);
    assert.match(text, /^- node-llama-cpp: \d+\.\d+\.\d+$/m);
    assert.match(text, /^- Backend obtained: (cpu|vulkan|cuda|metal)$/m);
    assert.match(text, /^- Writing: [\d.]+ tokens\/s, over \d+ tokens$/m);
    assert.match(text, /^- Reading: [\d.]+ tokens\/s, over \d+ tokens$/m);
    assert.ok(!text.includes(os.homedir()), text);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
