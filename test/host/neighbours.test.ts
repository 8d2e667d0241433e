/** What a completion sees of other files, through VS Code's own API. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { silentLogger } from '../../src/base/log.ts';
import { sizeOf, type Neighbour } from '../../src/completion/neighbours/choose.ts';
import { Neighbourhood } from '../../src/completion/vscode/neighbours.ts';

describe('neighbours', () => {
  const outside = mkdtempSync(path.join(tmpdir(), 'ponder-neighbours-'));
  let folder = '';
  let neighbourhood: Neighbourhood;
  const registered: vscode.Disposable[] = [];
  /** What the language service of these tests answers for a word: a file and a line; how long it takes, ms; how often it was asked. */
  let declared: Record<string, [file: string, line: number]> = {};
  let delay = 0;
  let asked = 0;
  let answered = 0;

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const write = (name: string, text: string): string => {
    const file = path.resolve(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const open = async (name: string, options: vscode.TextDocumentShowOptions = {}): Promise<vscode.TextEditor> =>
    vscode.window.showTextDocument(await vscode.workspace.openTextDocument(path.resolve(folder, name)), { preview: false, ...options });
  const collect = async (budget = 10_000, signal = new AbortController().signal): Promise<Neighbour[]> => {
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    return neighbourhood.collect(document, document.lineAt(document.lineCount - 1).range.end, budget, signal);
  };
  /** Once the language service and the disk have had the time that they need here. */
  const settled = async (): Promise<Neighbour[]> => {
    for (let tries = 0, quick = 0; tries < 200 && quick < 8; tries++) {
      // A busy window passes questions on late: one that comes back shows that those before it did too.
      await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', vscode.window.activeTextEditor?.document.uri);
      const began = Date.now();
      await collect();
      quick = answered === asked && Date.now() - began < 100 ? quick + 1 : 0;
      await pause(50);
    }
    return collect();
  };
  const named = (neighbours: readonly Neighbour[]): string[] => neighbours.map(({ kind, path: file }) => `${kind} ${path.posix.basename(file)}`);
  const numbered = (count: number): string => Array.from({ length: count }, (_, index) => `value_${index} = ${index}  # one of many lines\n`).join('');

  const shop = ['import json', '', 'class Cart:', '    """Items of a person."""', '', '    def add(self, item):', '        self.items.append(item)', '', 'def total(cart):', '    return 1', ''].join('\n');
  const main = "from shop import Cart, total\n\ncart = Cart()\n";

  before(() => {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace);
    folder = path.join(workspace.uri.fsPath, 'neighbours');
    write('.gitignore', 'ignored.py\n');
    write('main.py', main);
    write('shop.py', shop);
    write('ignored.py', shop);
    write('node_modules/shop.py', shop);
    write('.env', shop);
    write('large.py', numbered(6_000));
    write(path.join(outside, 'shop.py'), shop);
    symlinkSync(path.join(outside, 'shop.py'), path.join(folder, 'link.py'));
    registered.push(
      vscode.languages.registerDefinitionProvider('python', {
        provideDefinition: async (document, position) => {
          asked++;
          await pause(delay);
          answered++;
          const [file, line] = declared[document.getText(document.getWordRangeAtPosition(position))] ?? [];
          return file === undefined ? undefined : new vscode.Location(vscode.Uri.file(path.resolve(folder, file)), new vscode.Position(line ?? 0, 4));
        },
      }),
      vscode.languages.registerDocumentSymbolProvider('python', {
        provideDocumentSymbols: (document) => {
          if (!document.getText().includes('class Cart')) return [];
          const symbol = (name: string, kind: vscode.SymbolKind, start: number, end: number): vscode.DocumentSymbol =>
            new vscode.DocumentSymbol(name, '', kind, new vscode.Range(start, 0, end, 30), new vscode.Range(start, 4, start, 6));
          const cart = symbol('Cart', vscode.SymbolKind.Class, 2, 6);
          cart.children = [symbol('add', vscode.SymbolKind.Method, 5, 6)];
          return [cart, symbol('total', vscode.SymbolKind.Function, 8, 9)];
        },
      }),
    );
  });

  // The first question takes seconds: VS Code is still starting.
  before(async () => {
    const { document } = await open('main.py');
    await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, new vscode.Position(0, 18));
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
    // So does the first look at the disk, which an answer does not wait for.
    declared = { Cart: ['shop.py', 2] };
    neighbourhood = new Neighbourhood({ logger: silentLogger });
    for (let tries = 0; tries < 200 && (await collect()).length === 0; tries++) await pause(100);
    neighbourhood.dispose();
  });

  after(() => {
    for (const one of registered) one.dispose();
    rmSync(folder, { recursive: true, force: true });
    rmSync(outside, { recursive: true, force: true });
  });

  beforeEach(() => {
    neighbourhood = new Neighbourhood({ logger: silentLogger });
    declared = { Cart: ['shop.py', 2], total: ['shop.py', 8] };
    delay = 0;
    [asked, answered] = [0, 0];
  });

  afterEach(async () => {
    neighbourhood.dispose();
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are the declarations of imported names, those of one file together', async () => {
    await open('main.py');
    const whole = shop.slice(shop.indexOf('class'), shop.indexOf('\n\ndef')).replace('append(item)', 'append(item)\n');
    assert.deepEqual(await settled(), [{ kind: 'declaration', path: 'neighbours/shop.py', content: `${whole}\ndef total(cart):\n    return 1\n` }]);
  });

  it('are asked for once, and again when the declaring file changes', async () => {
    declared = { Cart: ['changing.py', 2], total: ['changing.py', 8] };
    write('changing.py', shop + numbered(300));
    write('using.py', main);
    // Looked at elsewhere, or the declaration would be part of what is open.
    const { document } = await open('changing.py', { selection: new vscode.Range(300, 0, 300, 0) });
    const editor = await open('using.py');
    await settled();
    assert.equal(asked, 2);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), 'x = total()\n'));
    await settled();
    assert.equal(asked, 2);
    const change = new vscode.WorkspaceEdit();
    change.insert(document.uri, new vscode.Position(2, 10), '  # changed');
    await vscode.workspace.applyEdit(change);
    assert.ok((await settled()).some(({ kind, content }) => kind === 'declaration' && content.includes('# changed')));
    assert.equal(asked, 4);
  });

  it('come later where the language service is slow', async () => {
    delay = 1_000;
    await open('main.py');
    const began = Date.now();
    assert.deepEqual(await collect(), []);
    assert.ok(Date.now() - began < 800, `${Date.now() - began} ms`);
    // It is not waited for at each key.
    const again = Date.now();
    assert.deepEqual(await collect(), []);
    assert.ok(Date.now() - again < 200, `${Date.now() - again} ms`);
    let found: string[] = [];
    for (const end = Date.now() + 15_000; found.length === 0 && Date.now() < end; found = named(await collect())) await pause(500);
    assert.deepEqual(found, ['declaration shop.py']);
  });

  it('are none once the signal has aborted', async () => {
    delay = 1_000;
    await open('main.py');
    await open('shop.py', { viewColumn: vscode.ViewColumn.Beside });
    assert.deepEqual(await collect(10_000, AbortSignal.abort()), []);
    const controller = new AbortController();
    const began = Date.now();
    setTimeout(() => controller.abort(), 50);
    assert.deepEqual(await collect(10_000, controller.signal), []);
    assert.ok(Date.now() - began < 250, `${Date.now() - began} ms`);
  });

  for (const file of ['ignored.py', 'node_modules/shop.py', path.join('..', '..', path.basename(outside), 'shop.py'), 'link.py', '.env', 'large.py', 'nowhere.py']) {
    it(`are not declarations in ${path.basename(path.dirname(file))}/${path.basename(file)}`, async () => {
      declared = { Cart: [file.startsWith('..') ? path.join(outside, 'shop.py') : file, 2], total: ['shop.py', 8] };
      await open('main.py');
      assert.deepEqual(await settled(), [{ kind: 'declaration', path: 'neighbours/shop.py', content: 'def total(cart):\n    return 1\n' }]);
    });
  }

  it('are open editors, but not those of ignored and secret files', async () => {
    declared = {};
    for (const name of ['ignored.py', '.env', 'node_modules/shop.py', 'link.py', 'large.py', path.join(outside, 'shop.py'), 'shop.py', 'main.py']) await open(name);
    assert.deepEqual(await settled(), [{ kind: 'editor', path: 'neighbours/shop.py', content: shop }]);
  });

  it('follow .gitignore and files.exclude as these change', async () => {
    declared = {};
    await open('shop.py');
    await open('main.py');
    const until = async (count: number): Promise<void> => {
      for (let tries = 0; tries < 100 && (await settled()).length !== count; tries++) await pause(100);
      assert.equal((await settled()).length, count);
    };
    await until(1);
    write('.gitignore', '*.py\n');
    await until(0);
    write('.gitignore', 'ignored.py\n');
    await until(1);
    const files = vscode.workspace.getConfiguration('files');
    await files.update('exclude', { '**/shop.{py,js}': true }, vscode.ConfigurationTarget.Workspace);
    await until(0);
    await files.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await until(1);
  });

  it('are recent edits, with what is around them', async () => {
    write('long.py', numbered(1_000));
    const { document } = await open('long.py');
    await open('main.py');
    const change = new vscode.WorkspaceEdit();
    change.insert(document.uri, new vscode.Position(500, 0), 'fresh = 1\n');
    await vscode.workspace.applyEdit(change);
    const edit = (await settled()).find(({ kind }) => kind === 'edit');
    assert.equal(edit?.path, 'neighbours/long.py');
    assert.match(edit.content, /^value_497 .*fresh = 1\nvalue_500 .*value_503 [^\n]*\n$/s);
    // And of the rest of the file a part that is in keeping.
    const editor = (await collect()).find(({ kind }) => kind === 'editor');
    assert.ok(editor && editor.content.length <= 4_000 && editor.content.startsWith('value_0 '));
  });

  it('are not edits of the file itself', async () => {
    declared = {};
    write('itself.py', main);
    const editor = await open('itself.py');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# first\n'));
    assert.deepEqual(await settled(), []);
  });

  it('keep to the budget, and their order', async () => {
    for (const name of ['a.py', 'b.py', 'c.py']) write(name, `${name}\n${'x = 1\n'.repeat(50)}`);
    for (const name of ['a.py', 'b.py', 'main.py']) await open(name);
    const first = await settled();
    assert.deepEqual(named(first).sort(), ['declaration shop.py', 'editor a.py', 'editor b.py']);
    await open('c.py');
    await open('a.py');
    await open('main.py');
    assert.deepEqual(named(await settled()), [...named(first), 'editor c.py']);
    for (const budget of [0, 100, 500, 800]) {
      const size = (await collect(budget)).reduce((sum, one) => sum + sizeOf(one), 0);
      assert.ok(size <= budget, `${size} of ${budget}`);
    }
  });

  it('are none in a workspace that is not trusted', async () => {
    await open('shop.py');
    await open('main.py');
    const own = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
    assert.ok(own);
    Object.defineProperty(vscode.workspace, 'isTrusted', { value: false, configurable: true });
    try {
      assert.deepEqual(await settled(), []);
      assert.equal(asked, 0);
    } finally {
      Object.defineProperty(vscode.workspace, 'isTrusted', own);
    }
    assert.notDeepEqual(await settled(), []);
  });
});
