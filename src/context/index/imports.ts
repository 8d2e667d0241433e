/** Which files a file imports by their place, in JavaScript, TypeScript and Python. Pure. */
import { extension } from '../format.ts';
import { detached } from './terms.ts';

/** How far into a file imports are looked for, UTF-16 units; most of one file. */
const units = 20_000;
const most = 100;

const ecmascript = new Set(['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'vue', 'svelte']);
const python = new Set(['py', 'pyi']);

const fromPath = /\b(?:from|import|require\(|import\()\s{0,4}['"](\.{1,2}(?:\/[^'"\n]{0,300})?)['"]/g;
const fromModule = /^[ \t]{0,40}from[ \t]{1,4}(\.{0,10}[\w.]{0,200})[ \t]{1,4}import[ \t]{1,4}(\([^)]{1,2000}\)|[^\n#]{1,500})/gm;
const plainModule = /^[ \t]{0,40}import[ \t]{1,4}([\w., \t]{1,300})/gm;

/**
 * Where the imports of a file lead, as paths relative to the same root that lack what a language leaves out: an
 * extension, `index`, `__init__`. `filesFor` puts it back.
 * @param path relative to the root, with forward slashes
 */
export function importsOf(path: string, text: string): string[] {
  const kind = extension(path).toLowerCase();
  const head = text.slice(0, units);
  const found = new Set<string>();
  const add = (target: string | undefined): void => {
    if (target !== undefined && target !== '' && found.size < most) found.add(detached(target));
  };
  if (ecmascript.has(kind)) for (const [, source = ''] of head.matchAll(fromPath)) add(joined(folderOf(path), source));
  if (python.has(kind)) for (const target of modulesIn(path, head)) add(target);
  return [...found];
}

/** The files that an import may mean, the likeliest first. */
export function filesFor(target: string): string[] {
  const bare = target.replace(/\.(?:[cm]?[jt]sx?)$/, '');
  const endings = ['ts', 'tsx', 'js', 'jsx', 'mts', 'mjs', 'cts', 'cjs', 'd.ts', 'vue', 'svelte', 'py', 'pyi'];
  return [target, ...endings.map((ending) => `${bare}.${ending}`), ...['index.ts', 'index.tsx', 'index.js', 'index.jsx', 'index.mjs', '__init__.py'].map((name) => `${bare}/${name}`)];
}

function* modulesIn(path: string, head: string): Generator<string | undefined, void, void> {
  for (const [, source = '', names = ''] of head.matchAll(fromModule)) {
    const dots = /^\.*/.exec(source)?.[0].length ?? 0;
    const rest = source.slice(dots).replaceAll('.', '/');
    // One dot is the package itself, each further one the package around it. Without any it counts from a root.
    const bases = dots > 0 ? [joined(folderOf(path), '../'.repeat(dots - 1))] : ['', 'src'];
    for (const base of bases) {
      if (base === undefined) continue;
      yield joined(base, rest);
      // What is imported may be a module itself.
      for (const name of names.replace(/[()]/g, '').split(',')) yield joined(base, `${rest}/${/^\s*(\w*)/.exec(name)?.[1] ?? ''}`);
    }
  }
  for (const [, modules = ''] of head.matchAll(plainModule)) {
    for (const each of modules.split(',')) {
      const name = (/^\s*([\w.]+)/.exec(each)?.[1] ?? '').replaceAll('.', '/');
      yield name;
      yield joined('src', name);
    }
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Undefined where it leads out of the root. */
function joined(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
