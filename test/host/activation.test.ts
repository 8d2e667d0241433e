/** Runs first, by its name: what other tests use would wake the extension. */
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

describe('activation', () => {
  it('comes with the first text, so that it can be completed', async () => {
    // VS Code's own fields and logs are texts too, so nothing may have to be opened for it.
    await vscode.workspace.openTextDocument({ content: 'one', language: 'plaintext' });
    const active = (): boolean => vscode.extensions.getExtension<unknown>('ponder.ponder')?.isActive ?? false;
    for (let waited = 0; waited < 10_000 && !active(); waited += 50) await delay(50);
    assert.equal(active(), true);
  });
});
