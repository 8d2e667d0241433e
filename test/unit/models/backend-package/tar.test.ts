import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpack, type UnpackOptions } from '../../../../src/models/backend-package/tar.ts';
import { longPath, tarball, type Entry } from './registry.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ponder-tar-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const quietly: UnpackOptions = { signal: new AbortController().signal, onBytes: () => undefined, mostBytes: 1e7 };

async function unpacked(archive: Buffer, options: Partial<UnpackOptions> = {}): Promise<string> {
  const [file, folder] = [path.join(root, 'it.tgz'), path.join(root, 'in', 'here')];
  rmSync(path.join(root, 'in'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, archive);
  await unpack(file, folder, { ...quietly, ...options });
  return folder;
}

/** What there is, but for the archive itself. */
const everything = (): string[] => readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isDirectory() || entry.name === 'it.tgz' ? [] : [entry.name]));

describe('an archive', () => {
  it('is unpacked, also with paths that are too long for a plain header, and folders of its own', async () => {
    const long = `package/${'a'.repeat(90)}/${'b'.repeat(90)}.so`;
    let bytes = 0;
    const folder = await unpacked(
      tarball([{ path: 'pax_global_header', type: 'g', content: '20 comment=abcdefgh\n' }, { path: 'package/dist/', type: '5' }, { path: 'package/dist/index.js', content: 'here' }, longPath(long), { path: 'package/aaa', content: Buffer.alloc(70_000, 7) }, { path: 'package/empty' }]),
      { onBytes: (more) => void (bytes += more) },
    );
    expect(readFileSync(path.join(folder, 'dist/index.js'), 'utf8')).toBe('here');
    expect(readFileSync(path.join(folder, ...long.split('/').slice(1))).equals(Buffer.alloc(70_000, 7))).toBe(true);
    expect(readFileSync(path.join(folder, 'empty')).length).toBe(0);
    expect(existsSync(path.join(folder, 'aaa'))).toBe(false);
    expect(bytes).toBe(70_004);
  });

  it('gives back whatever files it was made of', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}\.so)?$/), { minLength: 1, maxLength: 6, selector: (name) => name.split('/')[0] ?? '' });
    await fc.assert(
      fc.asyncProperty(names, fc.uint8Array({ maxLength: 2000 }), async (paths, content) => {
        fc.pre(paths.every((name) => !/^(con|prn|aux|nul|com\d|lpt\d)$/.test(name.split('/')[0] ?? '')));
        fc.pre(paths.every((name) => !/^(con|prn|aux|nul)\./.test(name.split('/')[1] ?? '')));
        const folder = await unpacked(tarball(paths.map((name) => ({ path: `package/${name}`, content: Buffer.from(content) }))));
        for (const name of paths) expect(readFileSync(path.join(folder, name)).equals(Buffer.from(content))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  const outside = { content: 'gotcha' };
  it.each<[string, Entry[]]>([
    ['a path with ..', [{ path: 'package/../../escaped', ...outside }]],
    ['a path with .. in a long header', [longPath('package/../../escaped'), { path: 'package/fine', ...outside }]],
    ['an absolute path', [{ path: '/tmp/escaped', ...outside }]],
    ['another root', [{ path: 'other/escaped', ...outside }]],
    ['a drive', [{ path: 'package/C:/escaped', ...outside }]],
    ['a backslash', [{ path: 'package/..\\escaped', ...outside }]],
    ['a stream of a file', [{ path: 'package/file:escaped', ...outside }]],
    ['a device of Windows', [{ path: 'package/NUL.txt', ...outside }]],
    ['a name that Windows would shorten', [{ path: 'package/escaped. ', ...outside }]],
    ['an empty name', [{ path: 'package//escaped', ...outside }]],
    ['the root as a file', [{ path: 'package', ...outside }]],
    ['a symbolic link', [{ path: 'package/link', type: '2', linkTo: '/etc' }]],
    ['a hard link', [{ path: 'package/link', type: '1', linkTo: '/etc/passwd' }]],
    ['a device', [{ path: 'package/device', type: '3' }]],
    ['a pipe', [{ path: 'package/pipe', type: '6' }]],
    ['a file that is already there', [{ path: 'package/Dist', content: '' }, { path: 'package/dist', ...outside }]],
  ])('with %s is refused, and nothing of that is written', async (_, entries) => {
    await expect(unpacked(tarball(entries))).rejects.toMatchObject({ code: 'download-damaged' });
    expect(everything().filter((name) => name !== 'Dist')).toEqual([]);
  });

  it('that is cut short, damaged or none at all is refused', async () => {
    const whole = tarball([{ path: 'package/big', content: Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * at) % 251)) }]);
    for (const bad of [whole.subarray(0, whole.length / 2), Buffer.from('<html>'), gzipSync(Buffer.alloc(512, 'no tar')), tarball([{ path: 'package/a', content: 'x', size: 5_000 }]), Buffer.alloc(0)]) {
      await expect(unpacked(bad)).rejects.toMatchObject({ code: 'download-damaged' });
    }
  });

  it('that holds more than it may is refused before that is written', async () => {
    const bomb = tarball([{ path: 'package/a', content: Buffer.alloc(600_000) }, { path: 'package/b', content: Buffer.alloc(600_000) }]);
    await expect(unpacked(bomb, { mostBytes: 1e6 })).rejects.toMatchObject({ code: 'download-damaged' });
    expect(everything()).toEqual(['a']);
  });

  it('stops when it is cancelled', async () => {
    const aborter = new AbortController();
    const archive = tarball([{ path: 'package/a', content: Buffer.alloc(600_000) }, { path: 'package/b', content: 'b' }]);
    await expect(unpacked(archive, { signal: aborter.signal, onBytes: () => aborter.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(everything()).toEqual(['a']);
  });
});
