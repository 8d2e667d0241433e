import * as fc from 'fast-check';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Indexer } from '../../../../src/context/index/indexer.ts';
import { folder, found, listed, never, rankedFiles, shop, Workspace } from './workspace.ts';

describe('the index', () => {
  const workspaces: Workspace[] = [];
  const make = (files: Readonly<Record<string, string>> = {}): Workspace => {
    const workspace = new Workspace(files);
    workspaces.push(workspace);
    return workspace;
  };
  afterEach(() => {
    for (const workspace of workspaces.splice(0)) workspace.dispose();
  });

  it('has what git and the settings leave in, and nothing secret, foreign or linked', async () => {
    const outside = make({ 'secret.ts': 'needle' });
    const workspace = make({
      '.gitignore': 'out/\n*.log\n!keep.log\n',
      'a.ts': 'needle',
      'x.log': 'needle',
      'keep.log': 'needle',
      'out/b.ts': 'needle',
      'sub/.gitignore': '/c.ts\n',
      'sub/c.ts': 'needle',
      'sub/d.ts': 'needle',
      'tmp/e.ts': 'needle',
      '.env': 'needle',
      'keys/id_rsa': 'needle',
      'node_modules/p/i.js': 'needle',
      'sub/node_modules/p/i.js': 'needle',
      '.git/info/exclude': 'local.ts\n',
      '.git/config': 'needle',
      'local.ts': 'needle',
    });
    symlinkSync(path.join(outside.root, 'secret.ts'), path.join(workspace.root, 'link.ts'));
    symlinkSync(outside.root, path.join(workspace.root, 'linked'));
    const indexer = await workspace.index({ exclude: ['**/tmp', '**/.git'] });
    const expected = ['a.ts', 'keep.log', 'sub/d.ts'];
    expect((await found(indexer, 'needle')).sort()).toEqual(expected);
    expect(listed(indexer)).toEqual(['.gitignore', ...expected, 'sub/.gitignore'].sort());
    // Nor when something happens to them.
    await indexer.change(['x.log', 'out', 'out/b.ts', 'sub/c.ts', 'tmp', '.env', 'node_modules/p/i.js', 'link.ts', 'linked', 'linked/secret.ts', 'local.ts', '../a.ts'].map((file) => ({ folder, path: file })));
    expect((await found(indexer, 'needle')).sort()).toEqual(expected);
  });

  it('answers nothing from binary, huge and generated files; of these only the last can be chosen by path', async () => {
    const workspace = make({ 'a.ts': 'needle', 'package-lock.json': 'needle', 'gen.ts': '// @generated\nneedle', 'huge.ts': `needle ${'x '.repeat(110_000)}` });
    workspace.write('binary.ts', Buffer.from('needle\0needle'));
    workspace.write('image.png', 'needle');
    const indexer = await workspace.index();
    expect(await found(indexer, 'needle')).toEqual(['a.ts']);
    expect(listed(indexer)).toEqual(['a.ts', 'gen.ts', 'package-lock.json']);
  });

  it('stays within its limits, and says so', async () => {
    const workspace = make({ 'a.ts': 'needle alpha', 'b.ts': 'needle beta', 'c/needle.ts': 'needle gamma', 'c/d.ts': 'x' });
    const limits = { files: 3, postings: 4 };
    const indexer = await workspace.index({ limits });
    expect(listed(indexer)).toEqual(['a.ts', 'b.ts', 'c/d.ts']);
    expect(await indexer.build(never, () => undefined)).toMatchObject({ listed: 3, limited: true });
    const few = await workspace.index({ limits: { files: 100, postings: 1 } });
    // By path all the same, and by the text of the one that was read first.
    expect(await found(few, 'needle')).toContain('c/needle.ts');
    expect((await found(few, 'alpha beta gamma x')).length).toBeLessThan(2);
    expect(await few.build(never, () => undefined)).toMatchObject({ files: 4, limited: true });
    for (const file of ['a.ts', 'b.ts', 'c/d.ts']) workspace.remove(file);
    expect(await few.build(never, () => undefined)).toMatchObject({ files: 1, limited: false });
    expect(await found(few, 'gamma')).toEqual(['c/needle.ts']);
  });

  it('lists without reading', async () => {
    const workspace = make(shop);
    const indexer = new Indexer({ now: () => 0 });
    await indexer.configure([{ id: folder, name: 'shop', root: workspace.root, exclude: [] }], false);
    await indexer.list(never);
    expect(indexer.paths('lru', 10).map(({ shown, kind }) => [shown, kind])).toEqual([['shop/src/cache/lru.ts', 'file'], ['shop/test/cache/lru.test.ts', 'file']]);
    expect(indexer.paths('src/cache', 1)).toEqual([{ folder, path: 'src/cache', shown: 'shop/src/cache', kind: 'folder', matches: [5, 6, 7, 8, 9, 10, 11, 12, 13] }]);
    expect(await found(indexer, 'LruCache')).toEqual([]);
  });

  it('has several folders, each file once', async () => {
    const workspace = make({ 'a/x.ts': 'needle', 'a/b/y.ts': 'needle' });
    const other = make({ 'z.ts': 'needle' });
    const indexer = new Indexer({ now: () => 0 });
    const folders = [
      { id: 'a', name: 'a', root: path.join(workspace.root, 'a'), exclude: [] },
      { id: 'b', name: 'b', root: path.join(workspace.root, 'a/b'), exclude: [] },
      { id: 'z', name: 'z', root: other.root, exclude: [] },
    ];
    await indexer.configure(folders, false);
    await indexer.build(never, () => undefined);
    expect((await rankedFiles(indexer, 'needle')).map(({ shown }) => shown).sort()).toEqual(['a/x.ts', 'b/y.ts', 'z/z.ts']);
    await indexer.configure(folders.slice(0, 1).map((each) => ({ ...each, name: '' })), false);
    await indexer.build(never, () => undefined);
    expect((await rankedFiles(indexer, 'needle')).map(({ shown }) => shown).sort()).toEqual(['b/y.ts', 'x.ts']);
  });

  it('has texts that are not on disk', async () => {
    const indexer = new Indexer({ now: () => 0 });
    await indexer.configure([{ id: 'v', name: '', exclude: [] }], false);
    await indexer.put([{ folder: 'v', path: 'a.ts', text: 'needle' }, { folder: 'v', path: 'b.ts', text: 'needle' }, { folder: 'unknown', path: 'c.ts', text: 'needle' }]);
    await indexer.put([{ folder: 'v', path: 'b.ts' }]);
    await indexer.build(never, () => undefined);
    expect(await found(indexer, 'needle')).toEqual(['a.ts']);
  });

  it('stops when it is cancelled, and goes on from there', async () => {
    const workspace = make(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${String(index)}.ts`, `needle ${String(index)}`])));
    let now = 0;
    const indexer = new Indexer({ now: () => (now += 1000) });
    await indexer.configure([{ id: folder, name: '', root: workspace.root, exclude: [] }], false);
    const aborter = new AbortController();
    const reports: number[] = [];
    const building = indexer.build(aborter.signal, ({ done }) => {
      reports.push(done);
      if (done === 10) aborter.abort();
    });
    await expect(building).rejects.toMatchObject({ name: 'AbortError' });
    const before = (await found(indexer, 'needle')).length;
    expect(before).toBeGreaterThanOrEqual(10);
    expect(before).toBeLessThan(20);
    await indexer.build(never, ({ done, total }) => reports.push(done, total));
    expect(reports.at(-1)).toBe(40);
    expect(await found(indexer, 'needle')).toHaveLength(40);
    await expect(indexer.list(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('follows new rules when it is built again', async () => {
    const workspace = make({ 'a.ts': 'needle', 'b.ts': 'needle' });
    const indexer = await workspace.index();
    workspace.write('.gitignore', 'b.ts\n');
    await indexer.build(never, () => undefined);
    expect(await found(indexer, 'needle')).toEqual(['a.ts']);
  });

  it('that has followed changes is the same as a new one', async () => {
    const files = ['a.ts', 'b.py', 'c/d.ts', 'c/e/f.ts', 'c/package-lock.json', 'g.md'];
    const words = ['order', 'cancelOrder', 'class Cart {}', 'refund', 'export function refund() {}', '退款', "import './d.ts'", '\0', ' '];
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), file: fc.constantFrom(...files), text: fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((all) => all.join('\n')) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), file: fc.constantFrom(...files, 'c', 'c/e') }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), fc.nat(10), async (steps, batch) => {
        const workspace = new Workspace({ 'a.ts': 'order', 'c/d.ts': 'refund order' });
        try {
          const changed = await workspace.index();
          let pending: string[] = [];
          for (const [place, each] of steps.entries()) {
            if (each.kind === 'write') workspace.write(each.file, each.text);
            else workspace.remove(each.file);
            pending.push(each.file);
            if (place % (batch + 1) === batch) await changed.change(pending.splice(0).map((file) => ({ folder, path: file })));
          }
          await changed.change(pending.map((file) => ({ folder, path: file })));
          pending = [];
          const fresh = await workspace.index();
          expect(listed(changed)).toEqual(listed(fresh));
          for (const question of ['cancelOrder', 'order refund', 'Cart 退款', 'd.ts']) {
            expect(await rankedFiles(changed, question, { open: ['c/e/f.ts'] })).toEqual(await rankedFiles(fresh, question, { open: ['c/e/f.ts'] }));
          }
        } finally {
          workspace.dispose();
        }
      }),
      { numRuns: 60 },
    );
  });
});
