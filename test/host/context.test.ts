/** What attachments say, through VS Code's own API. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { FakeBackend } from '../../src/backends/fake.ts';
import { silentLogger } from '../../src/base/log.ts';
import { attachmentId, type Attachment } from '../../src/context/attachment.ts';
import { TokenCounts } from '../../src/context/token-counts.ts';
import { AttachmentReader } from '../../src/context/vscode/attachment-reader.ts';
import { ComposerContext } from '../../src/context/vscode/composer-context.ts';
import { currentFile, currentSelection } from '../../src/context/vscode/offers.ts';
import { ReadableFiles } from '../../src/context/vscode/readable-files.ts';
import { createWorkspaceIndex } from '../../src/context/vscode/workspace-index.ts';

describe('attachments', () => {
  const outside = mkdtempSync(path.join(tmpdir(), 'ponder-context-'));
  let folder = '';
  let files: ReadableFiles;
  let reader: AttachmentReader;

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const uri = (name: string): vscode.Uri => vscode.Uri.file(path.resolve(folder, name));
  const write = (name: string, text: string | Buffer): void => {
    mkdirSync(path.dirname(uri(name).fsPath), { recursive: true });
    writeFileSync(uri(name).fsPath, text);
  };
  const file = (name: string): Attachment => ({ kind: 'file', uri: uri(name).toString() });
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await holds()) return;
      await pause(50);
    }
    assert.fail(`timed out waiting for ${what}`);
  };

  before(() => {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace);
    folder = path.join(workspace.uri.fsPath, 'attached');
    write('.gitignore', 'ignored.ts\n');
    write('a.ts', 'export const a = 1;\n');
    write('b/b.ts', 'export const b = 2;\n');
    write('ignored.ts', 'export const ignored = true;\n');
    write('.env', 'KEY=1\n');
    write('picture.png', Buffer.from([0x89, 0x50, 0, 1, 2]));
    write('package-lock.json', '{}\n');
    write('large.txt', 'x'.repeat(300 * 1024));
    write('gbk.txt', Buffer.from([0xc4, 0xe3, 0xba, 0xc3]));
    writeFileSync(path.join(outside, 'outside.ts'), 'export const outside = 1;\n');
    symlinkSync(path.join(outside, 'outside.ts'), uri('link.ts').fsPath);
  });

  beforeEach(() => {
    files = new ReadableFiles();
    reader = new AttachmentReader(files);
  });

  afterEach(async () => {
    files.dispose();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(outside, { recursive: true, force: true });
  });

  it('of a file are what the editor shows, saved or not', async () => {
    assert.deepEqual(await reader.read(file('a.ts')), { items: [{ path: 'attached/a.ts', content: 'export const a = 1;\n' }], leftOut: [] });
    const editor = await vscode.window.showTextDocument(uri('a.ts'));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// unsaved\n'));
    assert.equal((await reader.read(file('a.ts'))).items[0]?.content, '// unsaved\nexport const a = 1;\n');
  });

  it('of a file chosen by itself are read although it is ignored or secret', async () => {
    assert.equal((await reader.read(file('ignored.ts'))).items[0]?.content, 'export const ignored = true;\n');
    assert.equal((await reader.read(file('.env'))).items[0]?.content, 'KEY=1\n');
  });

  it('say why there is nothing', async () => {
    assert.equal((await reader.read(file('picture.png'))).problem, 'binary');
    assert.equal((await reader.read(file('gone.ts'))).problem, 'missing');
    assert.equal((await reader.read({ kind: 'file', uri: vscode.Uri.file(path.join(outside, 'outside.ts')).toString() })).problem, 'outside');
    assert.equal((await reader.read({ kind: 'folder', uri: vscode.Uri.file(outside).toString() })).problem, 'outside');
  });

  it('are decoded as an editor would', async () => {
    await vscode.workspace.getConfiguration('files', uri('gbk.txt')).update('encoding', 'gb18030', vscode.ConfigurationTarget.Workspace);
    try {
      assert.equal((await reader.read(file('gbk.txt'))).items[0]?.content, '你好');
    } finally {
      await vscode.workspace.getConfiguration('files', uri('gbk.txt')).update('encoding', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('of a folder are its readable files, and the reasons of the others', async () => {
    const { items, leftOut } = await reader.read({ kind: 'folder', uri: vscode.Uri.file(folder).toString() });
    assert.deepEqual(items.map((item) => item.path), ['attached/.gitignore', 'attached/a.ts', 'attached/b/b.ts', 'attached/gbk.txt']);
    assert.deepEqual(Object.fromEntries(leftOut.map(({ label, why }) => [label, why])), {
      'attached/.env': 'secret',
      'attached/ignored.ts': 'ignored',
      'attached/large.txt': 'large',
      'attached/link.ts': 'outside',
      'attached/package-lock.json': 'generated',
      'attached/picture.png': 'binary',
    });
  });

  it('of problems are errors and warnings, as compilers print them', async () => {
    const collection = vscode.languages.createDiagnosticCollection('test');
    try {
      // A language server may still speak of files that other suites had open.
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (let tries = 0; tries < 100 && (await reader.read({ kind: 'problems' })).problem === undefined; tries++) await pause(100);
      assert.equal((await reader.read({ kind: 'problems' })).problem, 'missing');
      const at = new vscode.Range(0, 13, 0, 14);
      const error = new vscode.Diagnostic(at, 'No such\nthing', vscode.DiagnosticSeverity.Error);
      error.source = 'ts';
      collection.set(uri('a.ts'), [new vscode.Diagnostic(at, 'Odd', vscode.DiagnosticSeverity.Warning), error, new vscode.Diagnostic(at, 'Hint', vscode.DiagnosticSeverity.Hint)]);
      const { items } = await reader.read({ kind: 'problems' });
      assert.equal(items[0]?.content, 'attached/a.ts:1:14: error: No such thing (ts)\nattached/a.ts:1:14: warning: Odd\n');
    } finally {
      collection.dispose();
    }
  });

  it('of open editors are the files in tabs', async () => {
    await vscode.window.showTextDocument(uri('a.ts'), { preview: false });
    await vscode.window.showTextDocument(uri('b/b.ts'), { preview: false });
    assert.deepEqual((await reader.read({ kind: 'editors' })).items.map((item) => item.path), ['attached/a.ts', 'attached/b/b.ts']);
  });

  it('of changes are the diff of a real repository, without secrets', async function () {
    this.timeout(60_000);
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: root, encoding: 'utf8' });
    const enabled = (value: boolean | undefined): Thenable<void> => vscode.workspace.getConfiguration('git').update('enabled', value, vscode.ConfigurationTarget.Workspace);
    git('init', '-q');
    try {
      await enabled(true);
      git('add', '-A', '-f');
      git('commit', '-qm', 'one');
      write('a.ts', 'export const a = 2;\n');
      write('.env', 'KEY=2\n');
      write('b/b.ts', 'export const b = 3;\n');
      git('add', 'attached/b/b.ts');
      await vscode.extensions.getExtension('vscode.git')?.activate();
      await until('git', async () => (await vscode.commands.getCommands()).includes('git.openRepository'));
      await vscode.commands.executeCommand('git.openRepository', root);
      await until('the diff', async () => (await reader.read({ kind: 'diff' })).items.length === 2);
      const { items, leftOut } = await reader.read({ kind: 'diff' });
      assert.match(items[0]?.content ?? '', /\+export const b = 3;/);
      assert.match(items[1]?.content ?? '', /-export const a = 1;\n\+export const a = 2;/);
      assert.ok(items.every(({ content }) => !content.includes('KEY')));
      assert.deepEqual(leftOut, [{ label: 'attached/.env', why: 'secret' }]);
    } finally {
      await enabled(undefined);
      rmSync(path.join(root, '.git'), { recursive: true, force: true });
      write('a.ts', 'export const a = 1;\n');
      await until('the file as it was', async () => (await vscode.workspace.openTextDocument(uri('a.ts'))).getText() === 'export const a = 1;\n');
    }
  });

  it('that lie at hand are the current file, and the lines of the selection', async () => {
    const editor = await vscode.window.showTextDocument(uri('a.ts'));
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'two\nthree\n'));
    editor.selection = new vscode.Selection(0, 5, 2, 0);
    assert.deepEqual(currentFile(), file('a.ts'));
    const selection = currentSelection();
    assert.deepEqual(selection?.item, { kind: 'selection', path: 'attached/a.ts', content: 'export const a = 1;\ntwo', lines: { start: 1, end: 2 } });
    editor.selection = new vscode.Selection(0, 5, 0, 5);
    assert.equal(currentSelection(), undefined);
  });

  describe('in the composer', () => {
    let composer: ComposerContext;
    let index: ReturnType<typeof createWorkspaceIndex>;
    const backend = new FakeBackend();

    beforeEach(() => {
      const extension = vscode.extensions.getExtension('ponder.ponder');
      assert.ok(extension);
      index = createWorkspaceIndex({ entry: path.join(extension.extensionPath, 'dist/indexer.cjs'), logger: silentLogger });
      composer = new ComposerContext({ backend, reader, counts: new TokenCounts(backend), index, logger: silentLogger });
    });

    afterEach(() => {
      composer.dispose();
      index.dispose();
    });

    it('are counted, and counted anew when they change', async () => {
      await composer.attach([file('a.ts')]);
      await until('a count', () => composer.state.chips[0]?.tokens !== undefined);
      const before = composer.state.chips[0]?.tokens ?? 0;
      assert.ok(before > 0);
      const editor = await vscode.window.showTextDocument(uri('a.ts'));
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// more than there was before\n'));
      await until('another count', () => (composer.state.chips[0]?.tokens ?? 0) > before);
    });

    it('stay when they are files, and go with the question when not', async () => {
      const editor = await vscode.window.showTextDocument(uri('a.ts'));
      editor.selection = new vscode.Selection(0, 0, 0, 5);
      const selection = currentSelection();
      assert.ok(selection);
      await composer.attach([file('b/b.ts'), selection]);
      assert.deepEqual((await composer.given()).items.map(({ kind }) => kind), ['selection']);
      composer.sent();
      assert.deepEqual(composer.state.chips.map(({ id }) => id), [attachmentId(file('b/b.ts'))]);
      assert.deepEqual((await composer.pinned()).map((item) => item.path), ['attached/b/b.ts']);
    });

    it('are offered and never forced', async () => {
      const editor = await vscode.window.showTextDocument(uri('a.ts'));
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      await until('an offer', () => composer.state.offers.length > 0);
      assert.deepEqual(composer.state.chips, []);
      await composer.add(composer.state.offers[0]?.id ?? '');
      assert.deepEqual(composer.state.chips.map(({ label }) => label), ['a.ts']);
      assert.deepEqual(composer.state.offers, []);
    });

    it('are what was dropped, if it is in the workspace', async () => {
      const elsewhere = [vscode.Uri.file(path.join(outside, 'outside.ts')).toString(), 'https://example.com/a.ts', 'file://server/share/a.ts', 'nonsense'];
      await composer.drop([uri('a.ts').toString(), uri('b').toString(), ...elsewhere]);
      assert.deepEqual(composer.state.chips.map(({ kind, label }) => [kind, label]), [['file', 'a.ts'], ['folder', 'attached/b']]);
    });

    it('are found by what is typed after @', async function () {
      this.timeout(60_000);
      await until('the file', async () => (await composer.mention('b.ts')).some(({ items }) => items.some(({ label }) => label === 'b.ts')));
      const item = (await composer.mention('b.ts')).flatMap(({ items }) => items).find(({ label }) => label === 'b.ts');
      await composer.add(item?.id ?? '');
      assert.deepEqual(composer.pins, [file('b/b.ts')]);
      const places = (await composer.mention('')).flatMap(({ items }) => items.map(({ kind }) => kind));
      for (const kind of ['workspace', 'editors', 'problems', 'diff'] as const) assert.ok(places.includes(kind), kind);
    });

    it('are not picked in a workspace that is not trusted; what is added by itself is read', async () => {
      const own = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
      assert.ok(own);
      Object.defineProperty(vscode.workspace, 'isTrusted', { value: false, configurable: true });
      try {
        await composer.attach([{ kind: 'workspace' }, file('a.ts')]);
        composer.question = 'Where is b defined in b.ts?';
        await pause(1000);
        assert.deepEqual(composer.state.picks, { status: 'ready', files: [] });
        assert.equal(composer.state.chips[0]?.problem, 'Needs a workspace that you trust');
        assert.equal(index.state.kind, 'none');
        assert.deepEqual((await composer.pinned()).map((item) => item.path), ['attached/a.ts']);
      } finally {
        Object.defineProperty(vscode.workspace, 'isTrusted', own);
      }
    });

    it('are picked from the workspace for a question, and can be taken off', async function () {
      this.timeout(60_000);
      await composer.attach([{ kind: 'workspace' }]);
      composer.question = 'Where is the constant ignored or b defined in b.ts?';
      await until('picks', () => composer.state.picks?.status === 'ready' && composer.state.picks.files.length > 0);
      const picked = composer.state.picks?.files.map((pick) => pick.path) ?? [];
      assert.ok(picked.includes('attached/b/b.ts'), picked.join());
      assert.ok(!picked.includes('attached/ignored.ts'));
      const first = composer.state.picks?.files[0];
      assert.ok(first && (first.tokens ?? 0) > 0);
      composer.removePick(first.id);
      assert.ok(!composer.state.picks?.files.some(({ id }) => id === first.id));
      const second = composer.state.picks?.files[0];
      if (second) {
        await composer.pinPick(second.id);
        assert.ok(composer.pins.some((pin) => pin.uri === second.id));
      }
    });
  });
});
