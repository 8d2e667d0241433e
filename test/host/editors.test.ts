/** What code blocks of an answer do to editors. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { insertAtCursor, openNewFile } from '../../src/host/editors.ts';

afterEach(async () => {
  await vscode.workspace.saveAll();
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

describe('insert at cursor', () => {
  // Files, because a new untitled editor may still find what one of the same name held before.
  const directory = mkdtempSync(path.join(tmpdir(), 'ponder-editors-'));
  after(() => rmSync(directory, { recursive: true, force: true }));

  async function show(name: string, content: string): Promise<vscode.TextEditor> {
    const file = path.join(directory, name);
    writeFileSync(file, content);
    return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
  }

  it('puts code at the caret; one undo takes it away', async () => {
    const editor = await show('caret.txt', 'ab');
    editor.selection = new vscode.Selection(0, 1, 0, 1);
    await insertAtCursor('X\nY');
    assert.equal(editor.document.getText(), 'aX\nYb');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'ab');
  });

  it('replaces a selection', async () => {
    const editor = await show('selection.txt', 'one two');
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    await insertAtCursor('1');
    assert.equal(editor.document.getText(), '1 two');
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
