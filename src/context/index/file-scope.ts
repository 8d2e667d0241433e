/** Which files of a folder on disk belong to the index: what git and the settings leave out does not, nor secrets and links. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { IndexFolder } from '../../protocol/indexer.ts';
import { excludedBy, IgnoreRules } from '../ignore-rules.ts';
import { looksSecret } from '../secret-files.ts';

/** Other people's code, and what belongs to version control. */
const foreign = new Set(['node_modules', 'bower_components', '.git', '.hg', '.svn', '.jj', 'CVS', '.bzr']);
/** Never text; the others are told by their bytes. */
const binary =
  /\.(?:png|jpe?g|gif|webp|bmp|ico|icns|tiff?|psd|avif|heic|mp[34]|m4a|wav|ogg|flac|avi|mov|mkv|webm|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|class|o|a|so|dylib|dll|exe|lib|pdb|obj|pyc|pyo|wasm|woff2?|ttf|otf|eot|pdf|docx?|xlsx?|pptx?|sqlite3?|db|bin|dat|gguf|safetensors|onnx|pt|pth|npy|npz|parquet|vsix|iso|dmg|node)$/i;

export class FileScope {
  readonly #ignored: IgnoreRules;
  readonly #excluded: { ignores(path: string): boolean };

  /**
   * @param root absolute path
   * @param others roots of folders that are in the index by themselves
   */
  constructor(
    private readonly root: string,
    folder: IndexFolder,
    private readonly others: ReadonlySet<string>,
    ignoreCase: boolean,
  ) {
    this.#ignored = new IgnoreRules({ read: (file) => textOf(path.join(root, file)), ignoreCase });
    this.#excluded = excludedBy(folder.exclude, ignoreCase);
  }

  /**
   * The files below a folder, those nearest to it first, in an order that is the same every time.
   * @param start relative to the root, '' for all
   * @throws AbortError
   */
  async *walk(start: string, signal: AbortSignal): AsyncGenerator<string, void, void> {
    const queue = [start];
    // It grows while it is gone through.
    for (const folder of queue) {
      signal.throwIfAborted();
      // It may be gone, or nobody's to read.
      const entries = await readdir(path.join(this.root, folder), { withFileTypes: true }).catch(() => []);
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        const file = folder ? `${folder}/${entry.name}` : entry.name;
        if (entry.isDirectory() && (await this.#enters(file))) queue.push(file);
        if (entry.isFile() && (await this.#has(file))) yield file;
      }
    }
  }

  /** What a path stands for, as `walk` would have come upon it: undefined where it would not have. */
  async kindOf(file: string): Promise<'file' | 'folder' | undefined> {
    const parts = file.split('/');
    if (parts.some((part) => ['', '.', '..'].includes(part))) return undefined;
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      // A link on the way leads to another place.
      if (!(await this.#enters(folder)) || !(await this.#stat(folder))?.isDirectory()) return undefined;
    }
    const stats = await this.#stat(file);
    if (stats?.isFile()) return (await this.#has(file)) ? 'file' : undefined;
    return stats?.isDirectory() && (await this.#enters(file)) ? 'folder' : undefined;
  }

  async #enters(folder: string): Promise<boolean> {
    if (foreign.has(path.posix.basename(folder)) || this.others.has(path.join(this.root, folder))) return false;
    return !this.#excluded.ignores(`${folder}/`) && !(await this.#ignored.ignoresFolder(folder));
  }

  async #has(file: string): Promise<boolean> {
    if (binary.test(file) || looksSecret(file) || this.#excluded.ignores(file)) return false;
    return !(await this.#ignored.ignores(file));
  }

  #stat(file: string): Promise<{ isFile(): boolean; isDirectory(): boolean } | undefined> {
    return lstat(path.join(this.root, file)).catch(() => undefined);
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Rules that cannot be read leave out nothing, as in git.
    return undefined;
  }
}
