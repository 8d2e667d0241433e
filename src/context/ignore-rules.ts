/** Which files of a workspace folder its `.gitignore` files leave out, as git has it. Files are read by the caller's means. */
import ignore, { type Ignore } from 'ignore';

export interface IgnoreOptions {
  /** Gives the text of a file, its path relative to the root with forward slashes; undefined where there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** As git's `core.ignorecase`: true where the file system does not tell cases apart. */
  readonly ignoreCase: boolean;
}

/**
 * Rules are read once. Throw the object away when one of their files changes.
 * Files above the root and git's settings of the user are not asked.
 */
export class IgnoreRules {
  /** By folder, '' for the root: its own rules after those above it. */
  readonly #rules = new Map<string, Promise<Ignore>>();

  constructor(private readonly options: IgnoreOptions) {}

  /** @param path of a file, relative to the root, with forward slashes */
  async ignores(path: string): Promise<boolean> {
    return (await this.#rulesOf(parentOf(path) ?? '')).ignores(path);
  }

  /** Whether all that lies in a folder is left out. @param path of the folder, as of a file */
  async ignoresFolder(path: string): Promise<boolean> {
    return (await this.#rulesOf(parentOf(path) ?? '')).ignores(`${path}/`);
  }

  #rulesOf(folder: string): Promise<Ignore> {
    const known = this.#rules.get(folder);
    if (known) return known;
    const rules = this.#readRules(folder);
    this.#rules.set(folder, rules);
    // What could not be read now is asked for again; the caller hears of it.
    rules.catch(() => this.#rules.delete(folder));
    return rules;
  }

  async #readRules(folder: string): Promise<Ignore> {
    const { read, ignoreCase } = this.options;
    const parent = parentOf(folder);
    const above = parent === undefined ? ignore({ ignoreCase }).add((await read('.git/info/exclude')) ?? '') : await this.#rulesOf(parent);
    const text = await read(folder ? `${folder}/.gitignore` : '.gitignore');
    if (text === undefined) return above;
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    // One list for all, the nearest last: the last rule that matches counts, wherever it stands.
    return ignore({ ignoreCase }).add(above).add(folder ? lines.flatMap((line) => moved(line, folder)) : lines);
  }
}

/**
 * The folders and files of VS Code's `files.exclude`, as rules.
 * @param globs relative to the root; one in braces stands for several
 */
export function excludedBy(globs: readonly string[], ignoreCase: boolean): Ignore {
  return ignore({ ignoreCase }).add(globs.flatMap(alternatives).map((glob) => `/${glob.replace(/^\/|\/$/g, '')}`));
}

/** A rule of a folder's own `.gitignore` as the root's would have it. */
function moved(line: string, folder: string): string[] {
  if (line.startsWith('#')) return [];
  const negation = line.startsWith('!') ? '!' : '';
  const pattern = line.slice(negation.length);
  if (/^\/?\s*$/.test(pattern)) return [];
  // A slash before the end ties a rule to its folder.
  const tied = /\/(?!\s*$)/.test(pattern);
  const place = folder.replace(/[\\*?[\]]/g, '\\$&');
  return [`${negation}/${place}/${tied ? pattern.replace(/^\//, '') : `**/${pattern}`}`];
}

/** Most patterns that one glob may stand for. */
const mostAlternatives = 256;

/** `{a,b}/c` as `a/c` and `b/c`. */
function alternatives(glob: string): string[] {
  let expanded = [glob];
  for (;;) {
    const next = expanded.flatMap((each) => {
      // The innermost braces first.
      const braces = /\{([^{}]*)\}/.exec(each);
      if (!braces) return [each];
      return (braces[1] ?? '').split(',').map((part) => each.slice(0, braces.index) + part + each.slice(braces.index + braces[0].length));
    });
    if (next.every((each, index) => each === expanded[index]) || next.length > mostAlternatives) return expanded;
    expanded = next;
  }
}

function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
