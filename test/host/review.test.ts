/** Proposed changes under review, in real documents. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { createReviews } from '../../src/actions/vscode/create-reviews.ts';
import type { OpenReview, Reviews } from '../../src/actions/vscode/reviews.ts';
import { silentLogger } from '../../src/base/log.ts';
import { proposalScheme, reviewScheme } from '../../src/host/manifest.ts';

const old = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', ''];
const fresh = ['one', 'TWO', 'three', 'four', 'five', 'six', 'SEVEN', 'eight', ''];

describe('review', () => {
  let folder = '';
  let reviews: Reviews;
  let review: OpenReview;

  const uri = (name: string): vscode.Uri => vscode.Uri.file(path.join(folder, name));
  const bytes = (name: string): string => readFileSync(uri(name).fsPath, 'utf8');
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await holds()) return;
      await pause(50);
    }
    assert.fail(`timed out waiting for ${what}`);
  };
  const open = async (name: string, text: string): Promise<vscode.TextEditor> => {
    writeFileSync(uri(name).fsPath, text);
    return vscode.window.showTextDocument(uri(name), { preview: false });
  };
  const shownUri = (name: string): vscode.Uri => uri(name).with({ scheme: reviewScheme, authority: '', query: uri(name).toString() });
  const shown = (name: string): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find((document) => document.uri.toString() === shownUri(name).toString() && !document.isClosed);
  const textOf = (name: string): string[] => shown(name)?.getText().split('\n') ?? [];
  const tabs = (scheme: string): vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === scheme);
  const lenses = async (name: string): Promise<vscode.CodeLens[]> => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', shownUri(name));
  const titles = async (name: string): Promise<string[]> => (await lenses(name)).map(({ command }) => command?.title ?? '');
  /** What a click on a lens does, here by our own commands: the extension has some of its own. */
  const click = async (name: string, title: string): Promise<void> => {
    const lens = (await lenses(name)).find(({ command }) => command?.title.includes(title));
    assert.ok(lens?.command, `no lens ${title} in ${(await titles(name)).join(' | ')}`);
    const run = reviews.commands[lens.command.command as keyof typeof reviews.commands];
    await run(...(lens.command.arguments as unknown[]));
  };
  const document = (name: string): Thenable<vscode.TextDocument> => vscode.workspace.openTextDocument(uri(name));
  const propose = async (name: string, proposal: readonly string[], original: readonly string[] = old): Promise<void> => {
    await review.propose({ uri: uri(name), original, proposal });
  };
  const finish = async (name: string): Promise<void> => {
    review.finish();
    await until('the end of the proposal', async () => !(await titles(name)).some((title) => title.includes('writing')));
  };
  const type = async (name: string, line: number, text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri(name), new vscode.Position(line, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  const undo = async (name: string): Promise<void> => {
    await vscode.window.showTextDocument(uri(name));
    await vscode.commands.executeCommand('undo');
  };

  beforeEach(() => {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace);
    folder = path.join(workspace.uri.fsPath, 'reviewed');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    reviews = createReviews(silentLogger);
    review = reviews.begin('Refactor: louder');
  });

  afterEach(async () => {
    await review.withdraw();
    reviews.dispose();
    for (const each of vscode.workspace.textDocuments) {
      if (!each.isDirty) continue;
      await vscode.window.showTextDocument(each);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('shows removed and added lines in a document of its own, with lenses, and leaves the file alone', async () => {
    const { document: real } = await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    assert.deepEqual(textOf('a.js'), ['one', 'two', 'TWO', 'three', 'four', 'five', 'six', 'seven', 'SEVEN', 'eight', '']);
    assert.equal(shown('a.js')?.languageId, 'javascript');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), shownUri('a.js').toString());
    assert.equal(vscode.window.activeTextEditor.selection.active.line, 1);
    const found = await lenses('a.js');
    assert.deepEqual(found.map(({ range, command }) => [range.start.line, command?.title]), [
      [0, '$(check-all) Accept all'],
      [0, '$(clear-all) Reject all'],
      [0, '$(diff) Open as diff editor'],
      [1, '$(check) Accept change 1 of 2'],
      [1, '$(discard) Reject'],
      [1, '$(arrow-down) Next'],
      [7, '$(check) Accept change 2 of 2'],
      [7, '$(discard) Reject'],
      [7, '$(arrow-down) Next'],
    ]);
    assert.equal(real.getText(), old.join('\n'));
    assert.equal(real.isDirty, false);
  });

  it('accepts one and rejects one; one undo brings back exactly the text from before', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    await click('a.js', 'Accept change 1');
    assert.equal((await document('a.js')).getText(), old.with(1, 'TWO').join('\n'));
    await until('the cursor at the next change', () => vscode.window.activeTextEditor?.selection.active.line === 6);
    await click('a.js', 'Reject');
    assert.deepEqual(tabs(reviewScheme), []);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri('a.js').toString());
    assert.equal(vscode.window.activeTextEditor.selection.active.line, 6);
    await undo('a.js');
    assert.equal((await document('a.js')).getText(), old.join('\n'));
    assert.equal((await document('a.js')).isDirty, false);
  });

  it('by keyboard is about the change at the cursor, and goes around', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    const cursor = (): number | undefined => vscode.window.activeTextEditor?.selection.active.line;
    await reviews.commands['ponder.nextHunk']();
    assert.equal(cursor(), 7);
    await reviews.commands['ponder.nextHunk']();
    assert.equal(cursor(), 1);
    await reviews.commands['ponder.previousHunk']();
    assert.equal(cursor(), 7);
    await reviews.commands['ponder.acceptHunk']();
    assert.equal((await document('a.js')).getText(), old.with(6, 'SEVEN').join('\n'));
  });

  it('keeps the line ends of a file, and its end without one', async () => {
    const crlf = old.slice(0, -1);
    await open('crlf.js', crlf.join('\r\n'));
    await propose('crlf.js', [...fresh.slice(0, -1), 'nine'], crlf);
    await finish('crlf.js');
    await reviews.commands['ponder.acceptAll']();
    await (await document('crlf.js')).save();
    assert.equal(bytes('crlf.js'), [...fresh.slice(0, -1), 'nine'].join('\r\n'));
  });

  it('rejected as a whole leaves bytes and editor as they were', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    const { version } = await document('a.js');
    await reviews.commands['ponder.rejectAll']();
    const real = await document('a.js');
    assert.equal(real.isDirty, false);
    assert.equal(real.version, version);
    assert.equal(bytes('a.js'), old.join('\n'));
    assert.deepEqual(tabs(reviewScheme), []);
  });

  it('follows what is typed elsewhere, and undo of accepting leaves that', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    await type('a.js', 0, 'zero\n');
    await until('the typed line', () => textOf('a.js')[0] === 'zero');
    await reviews.commands['ponder.acceptAll']();
    assert.equal((await document('a.js')).getText(), ['zero', ...fresh].join('\n'));
    await undo('a.js');
    assert.equal((await document('a.js')).getText(), ['zero', ...old].join('\n'));
  });

  it('never applies a change whose lines were edited meanwhile; what was typed stays', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    await type('a.js', 1, 'typed ');
    await until('the reason', async () => (await titles('a.js')).some((title) => title.includes('these lines have changed')));
    await click('a.js', 'Accept change 2');
    const wanted = old.with(1, 'typed two').with(6, 'SEVEN').join('\n');
    assert.equal((await document('a.js')).getText(), wanted);
    await reviews.commands['ponder.acceptAll']();
    assert.equal((await document('a.js')).getText(), wanted);
    await click('a.js', 'Discard');
    assert.equal((await document('a.js')).getText(), wanted);
    assert.deepEqual(tabs(reviewScheme), []);
  });

  it('goes on where the file is closed in the middle, and changed on disk', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    await vscode.window.tabGroups.close(tabs('file'));
    writeFileSync(uri('a.js').fsPath, ['zero', ...old].join('\n'));
    await until('the file as it is on disk', async () => (await document('a.js')).getText().startsWith('zero'));
    await reviews.commands['ponder.acceptAll']();
    assert.equal((await document('a.js')).getText(), ['zero', ...fresh].join('\n'));
  });

  it('marks the changes of a deleted file, and makes no file of them', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    rmSync(uri('a.js').fsPath);
    await reviews.commands['ponder.acceptAll']();
    assert.ok((await titles('a.js')).some((title) => title.includes('the file is gone')));
    assert.equal(existsSync(uri('a.js').fsPath), false);
  });

  it('creates a new file when it is accepted', async () => {
    await review.propose({ uri: uri('new.js'), original: undefined, proposal: ['export const a = 1;', ''] });
    await finish('new.js');
    assert.equal(existsSync(uri('new.js').fsPath), false);
    await reviews.commands['ponder.acceptHunk']();
    assert.equal(bytes('new.js'), 'export const a = 1;\n');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri('new.js').toString());
  });

  it('never writes over a file that has appeared meanwhile', async () => {
    await review.propose({ uri: uri('new.js'), original: undefined, proposal: ['mine', ''] });
    await finish('new.js');
    writeFileSync(uri('new.js').fsPath, 'theirs\n');
    await reviews.commands['ponder.acceptAll']();
    assert.equal(bytes('new.js'), 'theirs\n');
    assert.ok((await titles('new.js')).some((title) => title.includes('there is a file of this name now')));
  });

  it('of a read-only file changes nothing', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await open('locked.js', old.join('\n'));
    await files.update('readonlyInclude', { '**/locked.js': true }, vscode.ConfigurationTarget.Workspace);
    try {
      await propose('locked.js', fresh);
      await finish('locked.js');
      await reviews.commands['ponder.acceptAll']();
      assert.equal((await document('locked.js')).getText(), old.join('\n'));
      assert.equal((await lenses('locked.js')).filter(({ command }) => command?.command === 'ponder.acceptHunk').length, 2);
    } finally {
      await files.update('readonlyInclude', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('on a file system that cannot be written to changes nothing', async () => {
    const nothing = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
    const refuse = (): never => {
      throw vscode.FileSystemError.NoPermissions();
    };
    const provider = vscode.workspace.registerFileSystemProvider(
      'ponder-test',
      {
        onDidChangeFile: nothing.event,
        watch: () => new vscode.Disposable(() => undefined),
        stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: old.join('\n').length }),
        readFile: () => Buffer.from(old.join('\n')),
        readDirectory: () => [],
        createDirectory: refuse,
        writeFile: refuse,
        delete: refuse,
        rename: refuse,
      },
      { isReadonly: true },
    );
    try {
      const remote = vscode.Uri.parse('ponder-test:/a.js');
      await review.propose({ uri: remote, original: old, proposal: fresh });
      review.finish();
      await reviews.commands['ponder.acceptAll']();
      assert.equal((await vscode.workspace.openTextDocument(remote)).getText(), old.join('\n'));
    } finally {
      await review.withdraw();
      provider.dispose();
      nothing.dispose();
    }
  });

  it('of two files is accepted at once, each in one edit', async () => {
    await open('a.js', old.join('\n'));
    await open('b.js', old.join('\n'));
    await propose('a.js', fresh);
    await pause(120);
    await propose('b.js', fresh);
    await finish('a.js');
    const changed: string[] = [];
    const listener = vscode.workspace.onDidChangeTextDocument(({ document: { uri: { path: changedPath, scheme } }, contentChanges }) => {
      if (scheme === 'file' && contentChanges.length > 0) changed.push(path.basename(changedPath));
    });
    await reviews.commands['ponder.acceptAll']();
    listener.dispose();
    for (const name of ['a.js', 'b.js']) assert.equal((await document(name)).getText(), fresh.join('\n'));
    assert.deepEqual(changed.toSorted(), ['a.js', 'b.js']);
    assert.deepEqual(tabs(reviewScheme), []);
  });

  it('goes from the last change of a file to the next file', async () => {
    await open('a.js', old.join('\n'));
    await open('b.js', old.join('\n'));
    await propose('a.js', old.with(1, 'TWO'));
    await pause(120);
    await propose('b.js', old.with(2, 'THREE'));
    await finish('a.js');
    await reviews.commands['ponder.nextHunk']();
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), shownUri('b.js').toString());
    await reviews.commands['ponder.acceptHunk']();
    assert.equal(vscode.window.activeTextEditor.document.uri.toString(), shownUri('a.js').toString());
    assert.equal((await document('b.js')).getText(), old.with(2, 'THREE').join('\n'));
  });

  it('grows while changes in it are decided, which do not come back', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', old.with(1, 'TWO'));
    assert.ok((await titles('a.js')).some((title) => title.includes('is being written')));
    await pause(120);
    await propose('a.js', old.with(1, 'TWO').with(3, 'FOUR'));
    await click('a.js', 'Accept change 1');
    await pause(120);
    await propose('a.js', old.with(1, 'TWO').with(3, 'FOUR').with(6, 'SEVEN'));
    await until('both others', () => textOf('a.js').includes('SEVEN'));
    assert.deepEqual(textOf('a.js'), ['one', 'TWO', 'three', 'four', 'FOUR', 'five', 'six', 'seven', 'SEVEN', 'eight', '']);
    await finish('a.js');
    assert.equal((await document('a.js')).getText(), old.with(1, 'TWO').join('\n'));
  });

  it('gives way to another proposal for the same file', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    const second = reviews.begin('Fix');
    await second.propose({ uri: uri('a.js'), original: old, proposal: old.with(4, 'FIVE') });
    await until('the other text', () => textOf('a.js').includes('FIVE'));
    assert.ok(!textOf('a.js').includes('TWO'));
    assert.equal(tabs(reviewScheme).length, 1);
    await second.withdraw();
    assert.deepEqual(tabs(reviewScheme), []);
    assert.equal((await document('a.js')).isDirty, false);
  });

  it('opens as a diff editor with all its changes', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    await reviews.commands['ponder.openReviewDiff']();
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(tab instanceof vscode.TabInputTextDiff);
    assert.equal(tab.modified.scheme, proposalScheme);
    assert.equal((await vscode.workspace.openTextDocument(tab.modified)).getText(), fresh.join('\n'));
    assert.equal(tab.original.toString(), uri('a.js').toString());
  });

  it('stays when its tab is closed', async () => {
    await open('a.js', old.join('\n'));
    await propose('a.js', fresh);
    await finish('a.js');
    await vscode.window.tabGroups.close(tabs(reviewScheme));
    await reviews.commands['ponder.nextHunk']();
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), shownUri('a.js').toString());
    await click('a.js', 'Accept change 1');
    assert.equal((await document('a.js')).getText(), old.with(1, 'TWO').join('\n'));
  });
});
