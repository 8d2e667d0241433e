/** What code blocks of an answer do to editors. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { insertAtCursor, openNewFile } from '../../src/host/editors.ts';

afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

describe('insert at cursor', () => {
  it('puts code at the caret; one undo takes it away', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'ab' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 1, 0, 1);
    await insertAtCursor('X\nY');
    assert.equal(document.getText(), 'aX\nYb');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'ab');
  });

  it('replaces a selection', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'one two' });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    await insertAtCursor('1');
    assert.equal(document.getText(), '1 two');
  });
});

describe('new file', () => {
  it('opens an untitled editor in the fence\'s language', async () => {
    await openNewFile('print(1)\n', 'py');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'python');
    assert.equal(document.isUntitled, true);
    assert.equal(document.getText(), 'print(1)\n');
  });

  it('takes an unknown language for plain text', async () => {
    await openNewFile('x', 'no-such-language');
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'plaintext');
  });
});
