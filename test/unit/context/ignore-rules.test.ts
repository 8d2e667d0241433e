import * as fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { excludedBy, IgnoreRules } from '../../../src/context/ignore-rules.ts';

function rulesOf(files: Readonly<Record<string, string>>, ignoreCase = false): IgnoreRules {
  return new IgnoreRules({ read: (file) => Promise.resolve(files[file]), ignoreCase });
}

async function ignored(files: Readonly<Record<string, string>>, ...targets: string[]): Promise<string[]> {
  const rules = rulesOf(files);
  const found: string[] = [];
  for (const target of targets) if (await rules.ignores(target)) found.push(target);
  return found;
}

describe('ignore rules', () => {
  it('leave out nothing where there are none', async () => {
    expect(await ignored({}, 'a.ts', 'a/b/c.ts')).toEqual([]);
  });

  it('leave out files, folders and all below these', async () => {
    expect(await ignored({ '.gitignore': '*.log\nbuild/\n/root.ts\n' }, 'a.log', 'a/b.log', 'build/x.ts', 'a/build/y/z.ts', 'root.ts', 'a/root.ts', 'build')).toEqual([
      'a.log',
      'a/b.log',
      'build/x.ts',
      'a/build/y/z.ts',
      'root.ts',
    ]);
  });

  it('take back what they left out, but not within a folder that is left out', async () => {
    expect(await ignored({ '.gitignore': '*.log\n!keep.log\nout/\n!out/keep.log\n' }, 'a.log', 'keep.log', 'out/keep.log')).toEqual(['a.log', 'out/keep.log']);
  });

  it('of a nested folder hold there and come later', async () => {
    const files = { '.gitignore': '*.log\nbuild/\n', 'a/.gitignore': '!keep.log\n!build/\n/only.ts\n', 'a/b/.gitignore': '*.ts\n' };
    expect(await ignored(files, 'keep.log', 'a/keep.log', 'a/b/keep.log', 'build/x', 'a/build/x', 'only.ts', 'a/only.ts', 'a/c/only.ts', 'a/b/x.ts')).toEqual([
      'keep.log',
      'build/x',
      'a/only.ts',
      'a/b/x.ts',
    ]);
  });

  it('hold in folders whose names look like patterns', async () => {
    expect(await ignored({ '[a]/.gitignore': 'x.ts\n', 'b*/.gitignore': 'x.ts' }, '[a]/x.ts', 'a/x.ts', 'b*/x.ts', 'bc/x.ts')).toEqual(['[a]/x.ts', 'b*/x.ts']);
  });

  it('of .git/info/exclude count less than any .gitignore', async () => {
    expect(await ignored({ '.git/info/exclude': '*.txt\n', '.gitignore': '!b.txt\n' }, 'a.txt', 'b.txt')).toEqual(['a.txt']);
  });

  it('survive byte order marks, Windows line ends and comments', async () => {
    expect(await ignored({ 'a/.gitignore': '\uFEFF*.log\r\n# *.ts\r\n\r\n/\r\n\\#b\r\n' }, 'a/x.log', 'a/x.ts', 'a/#b')).toEqual(['a/x.log', 'a/#b']);
  });

  it('tell cases apart only where the file system does', async () => {
    expect(await rulesOf({ '.gitignore': 'Build/' }).ignores('build/x')).toBe(false);
    expect(await rulesOf({ '.gitignore': 'Build/' }, true).ignores('build/x')).toBe(true);
  });

  it('are read once, and again after a failure', async () => {
    const read: string[] = [];
    let broken = true;
    const rules = new IgnoreRules({
      read: (file) => {
        read.push(file);
        return broken && file === '.gitignore' ? Promise.reject(new Error('busy')) : Promise.resolve(undefined);
      },
      ignoreCase: false,
    });
    await expect(rules.ignores('a/b.ts')).rejects.toThrow('busy');
    broken = false;
    read.length = 0;
    expect(await rules.ignores('a/b.ts')).toBe(false);
    expect(await rules.ignores('a/c.ts')).toBe(false);
    expect(read).toEqual(['.git/info/exclude', '.gitignore', 'a/.gitignore']);
  });
});

describe('files.exclude', () => {
  it('is relative to the root, with whole folders and alternatives', () => {
    const rules = excludedBy(['**/.git', '*.tmp', 'dist', '**/{a,b{1,2}}.js', 'deep/*/x.ts'], false);
    const targets = ['.git/config', 'sub/.git/config', 'x.tmp', 'sub/x.tmp', 'dist/x.ts', 'sub/dist/x.ts', 'a.js', 'sub/b1.js', 'b.js', 'deep/1/x.ts', 'deep/1/2/x.ts'];
    expect(targets.filter((target) => rules.ignores(target))).toEqual(['.git/config', 'sub/.git/config', 'x.tmp', 'dist/x.ts', 'a.js', 'sub/b1.js', 'deep/1/x.ts']);
  });

  it('ends with any number of braces', () => {
    expect(excludedBy(['{a,b}'.repeat(40), '{{{', '}{', '{}'], false).ignores('x.ts')).toBe(false);
  });
});

const git = spawnSync('git', ['--version']).status === 0;

describe.runIf(git)('beside git itself', () => {
  const repository = mkdtempSync(path.join(tmpdir(), 'ponder-ignore-'));
  afterAll(() => rmSync(repository, { recursive: true, force: true }));

  const names = ['a', 'b', 'c d', '[x]', 'f.ts', '#h', '!n', 'B'];
  const folders = ['', 'a', 'a/b', '[x]', 'c d'];
  const segment = fc.constantFrom(...names, '*', '**', 'a*', '?', '*.ts', '[ab]', '\\[x]', '\\#h', '\\!n');
  const rule = fc
    .tuple(fc.constantFrom('', '', '!', '/', '!/', '#'), fc.array(segment, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '/', ' ', '/ ', '/**', '/*'))
    .map(([before, segments, after]) => before + segments.join('/') + after);
  const file = fc.tuple(fc.constantFrom(...folders), fc.array(fc.oneof(rule, fc.constantFrom('', '/', '!', '!/', '!*', '*', '!*/')), { maxLength: 5 }));
  const target = fc
    .array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
    // These are folders there.
    .filter((each) => !folders.includes(each));

  it('says the same of any rules and files', async () => {
    spawnSync('git', ['init', '--quiet', repository]);
    spawnSync('git', ['-C', repository, 'config', 'core.ignorecase', 'false']);
    for (const folder of folders) mkdirSync(path.join(repository, folder), { recursive: true });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 3 }), fc.uniqueArray(target, { minLength: 10, maxLength: 20 }), async (files, targets) => {
        for (const folder of folders) rmSync(path.join(repository, folder, '.gitignore'), { force: true });
        const texts = Object.fromEntries(files.map(([folder, lines]) => [folder ? `${folder}/.gitignore` : '.gitignore', `${lines.join('\n')}\n`]));
        for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(repository, name), text);
        const asked = spawnSync('git', ['-C', repository, 'check-ignore', '--no-index', '--stdin', '-z'], { input: `${targets.join('\0')}\0` });
        const left = new Set(asked.stdout.toString().split('\0'));
        expect(await ignored(texts, ...targets)).toEqual(targets.filter((each) => left.has(each)));
      }),
      { numRuns: 100 },
    );
  });
});
