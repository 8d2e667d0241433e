/** Code of an answer, proposed as a change of real files. */
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { applyCode } from '../../src/actions/vscode/apply-code.ts';
import { createReviews } from '../../src/actions/vscode/create-reviews.ts';
import type { Reviews } from '../../src/actions/vscode/reviews.ts';
import { silentLogger } from '../../src/base/log.ts';
import { reviewScheme } from '../../src/host/manifest.ts';

describe('code of an answer', () => {
  let folder = '';
  let reviews: Reviews;

  const uri = (name: string): vscode.Uri => vscode.Uri.file(path.join(folder, name));
  const proposed = (): string[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ input }) => (input instanceof vscode.TabInputText && input.uri.scheme === reviewScheme ? [path.basename(input.uri.path)] : []));
  const acceptAll = (): Promise<unknown> | undefined => reviews.commands['ponder.acceptAll']();
  const writing = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

  beforeEach(() => {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace);
    folder = path.join(workspace.uri.fsPath, 'applied');
    mkdirSync(folder, { recursive: true });
    reviews = createReviews(silentLogger);
  });

  afterEach(async () => {
    await reviews.commands['ponder.rejectAll']();
    reviews.dispose();
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  it('changes the files that it names, and makes new ones', async () => {
    writeFileSync(uri('a.ts').fsPath, 'function a() {\n  return 1;\n}\n\nfunction b() {\n  return 2;\n}\n\nfunction c() {\n  return 3;\n}\n');
    await applyCode([{ code: 'function b() {\n  return 4;\n}', path: 'applied/a.ts' }, { code: 'new', path: './applied/new.txt' }], reviews);
    await writing();
    assert.deepEqual(proposed(), ['a.ts']);
    await acceptAll();
    assert.match((await vscode.workspace.openTextDocument(uri('a.ts'))).getText(), /return 1;[^]*return 4;[^]*return 3;/);
    assert.equal(readFileSync(uri('new.txt').fsPath, 'utf8'), 'new\n');
  });

  it('comes to the cursor of the file in front where it names none', async () => {
    writeFileSync(uri('a.txt').fsPath, 'one\n\ntwo\nthree\nfour\n');
    const editor = await vscode.window.showTextDocument(uri('a.txt'));
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    await applyCode([{ code: 'between' }], reviews);
    await writing();
    await acceptAll();
    assert.equal(editor.document.getText(), 'one\nbetween\ntwo\nthree\nfour\n');
  });

  it('is proposed for nothing outside of the workspace, and for no secret file', async () => {
    writeFileSync(path.join(folder, '.env'), 'KEY=1\n');
    symlinkSync(tmpdir(), uri('elsewhere').fsPath);
    for (const name of ['../a.ts', 'applied/../../a.ts', '/etc/hosts', 'C:\\a.ts', 'applied/.env', '.git/config', 'applied/elsewhere/a.ts']) await applyCode([{ code: 'x', path: name }], reviews);
    await writing();
    assert.deepEqual(proposed(), []);
  });
});
