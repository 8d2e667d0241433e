/** Where tests of a file belong: where there are some already, else as the workspace does it, else as the language does. Pure. */
import path from 'node:path/posix';

export interface TestPlace {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  /** A new file, the end of one that holds tests, or the end of the file itself. */
  readonly place: 'new' | 'existing' | 'same';
}

/** How names of test files are made; `$` stands for the name of what they test, without its ending. */
const namings = ['$.test', '$.spec', '$-test', '$-spec', '$_test', '$_spec', 'test_$', '$Test', '$Tests', '$Spec', 'Test$'] as const;
type Naming = (typeof namings)[number];

const byLanguage: Readonly<Record<string, Naming>> = {
  py: 'test_$',
  go: '$_test',
  rb: '$_spec',
  java: '$Test',
  kt: '$Test',
  php: '$Test',
  cs: '$Tests',
  swift: '$Tests',
  scala: '$Spec',
  dart: '$_test',
  ex: '$_test',
  exs: '$_test',
};

/** Files in which tests of code in a file with one of these endings may stand: of a component in its plain language. */
const kin: readonly (readonly string[])[] = [['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'vue', 'svelte'], ['kt', 'java'], ['ex', 'exs']];

/** Folders that hold all tests of a package. */
const roots = /^(?:tests?|spec|specs|__tests__)$/;

/** Whether a file holds tests, by its name. */
export function isTestFile(file: string): boolean {
  return namingOf(file) !== undefined;
}

/**
 * @param file path of the code, relative to the workspace
 * @param known paths of files that hold tests
 */
export function testPlace(file: string, known: readonly string[]): TestPlace {
  const extension = path.extname(file).slice(1);
  if (isTestFile(file) || extension === 'rs') return { path: file, place: 'same' };
  const stem = path.basename(file, path.extname(file));
  const tests = nearestFirst(file, known.filter((test) => areKin(extension, path.extname(test).slice(1))));
  const there = tests.find((test) => namingOf(test)?.stem === stem && belongs(test, file));
  if (there !== undefined) return { path: there, place: 'existing' };
  const [example] = tests;
  const naming = (example === undefined ? undefined : namingOf(example)?.naming) ?? byLanguage[extension] ?? '$.test';
  const name = `${naming.replace('$', () => stem)}.${endingOf(extension, example)}`;
  return { path: path.join(folderFor(file, tests), name), place: 'new' };
}

/** Of the tests, the one to write others like: the nearest. */
export function exampleTest(file: string, known: readonly string[]): string | undefined {
  const extension = path.extname(file).slice(1);
  return nearestFirst(file, known.filter((test) => test !== file && areKin(extension, path.extname(test).slice(1))))[0];
}

function namingOf(file: string): { readonly naming: Naming; readonly stem: string } | undefined {
  const name = path.basename(file, path.extname(file));
  for (const naming of namings) {
    const [before = '', after = ''] = naming.split('$');
    const fits = name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length;
    const stem = name.slice(before.length, name.length - after.length);
    // "Contest" and "Testimony" are no tests; "CartTest" and "TestCart" are.
    if (fits && (before !== 'Test' || /^[^a-z]/.test(stem))) return { naming, stem };
  }
  return undefined;
}

function areKin(a: string, b: string): boolean {
  return a === b || kin.some((group) => group.includes(a) && group.includes(b));
}

/** Components are tested in the plain language; everything else in its own. */
function endingOf(extension: string, example: string | undefined): string {
  if (extension === 'vue' || extension === 'svelte') return example === undefined ? 'ts' : path.extname(example).slice(1);
  return extension === 'ex' ? 'exs' : extension;
}

function nearestFirst(file: string, tests: readonly string[]): string[] {
  const own = path.dirname(file).split('/');
  const near = (test: string): number => {
    const folders = path.dirname(test).split('/');
    const shared = folders.findIndex((folder, index) => folder !== own[index]);
    // Folders of tests often mirror those of the code from their end.
    return (shared < 0 ? folders.length : shared) + commonEnd(folders, own);
  };
  return tests.toSorted((a, b) => near(b) - near(a) || (a < b ? -1 : 1));
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

/** Whether a test of the same name is about this file and not about another one of that name. */
function belongs(test: string, file: string): boolean {
  const own = codeFolders(path.dirname(file));
  const others = codeFolders(path.dirname(test));
  return own.length === 0 || others.length === 0 || own.at(-1) === others.at(-1);
}

/** Without those that only tell code from tests. */
function codeFolders(folder: string): string[] {
  return folder.split('/').filter((part) => part !== '' && part !== '.' && !roots.test(part) && !/^(?:src|lib|main|unit|integration)$/.test(part));
}

function folderFor(file: string, tests: readonly string[]): string {
  const folder = path.dirname(file);
  const parts = folder.split('/');
  const main = parts.findIndex((part, index) => part === 'src' && parts[index + 1] === 'main');
  // As Maven and Gradle want it.
  if (main >= 0) return parts.with(main + 1, 'test').join('/');
  const [nearest] = tests;
  if (nearest === undefined) return folder;
  const there = path.dirname(nearest);
  if (path.basename(there) === '__tests__' && path.dirname(there) !== '.') return path.join(folder, '__tests__');
  const root = there.split('/').findIndex((part) => roots.test(part));
  if (root < 0) return folder;
  return mirrored(file, there.split('/').slice(0, root + 1).join('/'), tests);
}

/** The folder under `root` where tests of a file go. */
function mirrored(file: string, root: string, tests: readonly string[]): string {
  const folders = [...new Set(tests.map((test) => path.dirname(test)).filter((folder) => folder === root || folder.startsWith(`${root}/`)))];
  const own = codeFolders(path.dirname(file)).filter((part) => !root.split('/').includes(part));
  const same = folders.find((folder) => own.length > 0 && codeFolders(folder.slice(root.length)).join('/') === own.join('/'));
  if (same !== undefined) return same;
  // Where all tests lie side by side, this one does as well.
  if (folders.length === 1 && folders[0] === root) return root;
  const [first = root, ...others] = folders;
  const parts = first.split('/');
  const shared = parts.findIndex((part, index) => others.some((other) => other.split('/')[index] !== part));
  const common = others.length === 0 ? parts.slice(0, root.split('/').length) : shared < 0 ? parts : parts.slice(0, shared);
  return path.join(common.join('/'), ...own);
}
