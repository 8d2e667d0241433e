/** The index of the workspace, through VS Code's own API: folders, watching, rules. */
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { silentLogger } from '../../src/base/log.ts';
import { createWorkspaceIndex, type IndexState, type WorkspaceIndex } from '../../src/context/vscode/workspace-index.ts';

describe('workspace index', () => {
  const entry = vscode.extensions.getExtension('ponder.ponder')?.extensionUri.with({ scheme: 'file' }).fsPath ?? '';
  const never = new AbortController().signal;
  const none = { limit: 20, open: [], recent: [] };
  let root = '';
  let folder = '';
  let index: WorkspaceIndex;
  let states: IndexState[] = [];

  const write = (name: string, text: string): void => {
    const file = path.resolve(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const found = async (question: string): Promise<string[]> => (await index.search(question, none, never)).map((file) => file.path);
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail('It never came about.');
  };

  before(() => {
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    assert.notEqual(root, '');
    folder = path.join(root, 'workspace-index');
    write('wormhole.py', 'class WormholeKeeper:\n    def open_wormhole(self):\n        pass\n');
    write('caller.py', 'from .wormhole import WormholeKeeper\n\nkeeper = WormholeKeeper()\n');
    write('.gitignore', 'ignored/\n');
    write('ignored/wormhole.py', 'class WormholeKeeper:\n    pass\n');
    write('.env', 'WORMHOLE=WormholeKeeper\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    states = [];
    index = createWorkspaceIndex({ entry: path.join(entry, 'dist/indexer.cjs'), logger: silentLogger });
    index.onDidChangeState((state) => states.push(state));
  });
  afterEach(() => index.dispose());

  it('builds nothing before it is used, then with progress', async () => {
    assert.deepEqual(index.state, { kind: 'none' });
    await index.ready(never);
    assert.ok(index.state.kind === 'ready' && index.state.files >= 2);
    assert.equal(states[0]?.kind, 'building');
  });

  it('finds whole files and says why', async () => {
    const files = await index.search('What does WormholeKeeper do?', { ...none, open: [vscode.Uri.file(path.join(folder, 'caller.py'))] }, never);
    assert.deepEqual(files.slice(0, 2).map((file) => file.path), ['workspace-index/wormhole.py', 'workspace-index/caller.py']);
    assert.equal(files[0]?.uri.fsPath, path.join(folder, 'wormhole.py'));
    assert.deepEqual(files[0].why.slice(0, 2), [{ kind: 'names', symbol: 'WormholeKeeper' }, { kind: 'imported', by: 'workspace-index/caller.py' }]);
    assert.ok(!files.some((file) => /ignored|\.env/.test(file.path)));
  });

  it('finds paths before anything has been read', async () => {
    const [first] = await index.paths('wormpy', 5);
    assert.equal(first?.path, 'workspace-index/wormhole.py');
    assert.ok((await index.paths('workspace-index', 5)).some(({ kind, path: found }) => kind === 'folder' && found === 'workspace-index'));
    assert.equal(index.state.kind, 'none');
  });

  it('follows what happens to files and to the rules', async () => {
    await index.ready(never);
    write('later.py', 'class Tachyon:\n    pass\n');
    await until(async () => (await found('Tachyon')).includes('workspace-index/later.py'));
    rmSync(path.join(folder, 'later.py'));
    await until(async () => !(await found('Tachyon')).includes('workspace-index/later.py'));
    write('.gitignore', 'wormhole.py\n');
    await until(async () => !(await found('WormholeKeeper')).includes('workspace-index/wormhole.py'));
    write('.gitignore', 'ignored/\n');
    await until(async () => (await found('WormholeKeeper')).includes('workspace-index/wormhole.py'));
  });

  it('stops when nobody waits for it, and can be built again', async () => {
    const aborter = new AbortController();
    const waiting = index.ready(aborter.signal);
    aborter.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    await until(() => Promise.resolve(index.state.kind === 'none'));
    await index.ready(never);
    assert.equal(index.state.kind, 'ready');
  });
});
