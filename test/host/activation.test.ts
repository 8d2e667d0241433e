/** Runs first, by its name: what other tests use would wake the extension. */
import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

describe('activation', () => {
  it('comes by itself once VS Code has started, so that what is typed can be completed', async () => {
    // The listeners are all that it costs; an engine is started by the first use.
    await vscode.workspace.openTextDocument({ content: 'one', language: 'plaintext' });
    const active = (): boolean => vscode.extensions.getExtension<unknown>('ponder.ponder')?.isActive ?? false;
    for (let waited = 0; waited < 10_000 && !active(); waited += 50) await delay(50);
    assert.equal(active(), true);
  });
});
