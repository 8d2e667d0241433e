/** The prompt files of the workspace. */
import path from 'node:path/posix';
import * as vscode from 'vscode';
import type { Logger } from '../../base/log.ts';
import { parsePromptFile, type PromptFile } from '../prompt-files/parse.ts';
import { uniqueNames } from '../slash.ts';

export interface FoundPrompt extends PromptFile {
  readonly uri: vscode.Uri;
  /** Relative to the workspace. */
  readonly path: string;
}

/** Where VS Code keeps them by itself. */
export const promptFolder = '.github/prompts';
/** More are not looked at. */
const most = 200;
/** A larger one is no prompt, bytes. */
const largest = 64 * 1024;
/** While a name is typed the same list serves, ms. */
const lifetime = 2000;

export class PromptFiles {
  readonly #parsed = new Map<string, { readonly stamp: string; readonly prompt: PromptFile }>();
  #listed: { readonly since: number; readonly prompts: Promise<readonly FoundPrompt[]> } | undefined;

  /** @param taken names of commands that there are already */
  constructor(
    private readonly taken: readonly string[],
    private readonly logger: Logger,
  ) {}

  /** By path; none in a workspace that is not trusted. Never rejects. */
  list({ fresh = false }: { readonly fresh?: boolean } = {}): Promise<readonly FoundPrompt[]> {
    if (!vscode.workspace.isTrusted) return Promise.resolve([]);
    if (!fresh && this.#listed && Date.now() - this.#listed.since < lifetime) return this.#listed.prompts;
    const prompts = this.#list().catch((error: unknown) => {
      this.logger.warn(`prompt files: ${String(error)}`);
      return [];
    });
    this.#listed = { since: Date.now(), prompts };
    return prompts;
  }

  async #list(): Promise<readonly FoundPrompt[]> {
    const { wanted, unwanted } = locations();
    const folders = vscode.workspace.workspaceFolders ?? [];
    const searches = [
      ...folders.flatMap((folder) => wanted.map((place) => vscode.workspace.findFiles(new vscode.RelativePattern(folder, `${place}/**/*.prompt.md`), null, most))),
      vscode.workspace.findFiles('**/*.prompt.md', '**/node_modules/**', most),
    ];
    const found = new Map((await Promise.all(searches)).flat().map((uri) => [uri.toString(), uri]));
    const uris = [...found.values()].filter((uri) => {
      const name = vscode.workspace.asRelativePath(uri, false);
      return !name.split('/').includes('node_modules') && !unwanted.some((place) => name.startsWith(`${place}/`));
    });
    const sorted = uris.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, most);
    const read = await Promise.all(sorted.map((uri) => this.#read(uri)));
    return uniqueNames(this.taken, read.filter((prompt) => prompt !== undefined));
  }

  async #read(uri: vscode.Uri): Promise<FoundPrompt | undefined> {
    try {
      const shown = vscode.workspace.asRelativePath(uri);
      const { type, mtime, size } = await vscode.workspace.fs.stat(uri);
      // A link may lead out of the workspace.
      if (type !== vscode.FileType.File || size > largest) return undefined;
      const key = uri.toString();
      const stamp = `${String(mtime)} ${String(size)}`;
      const known = this.#parsed.get(key);
      if (known?.stamp === stamp) return { ...known.prompt, uri, path: shown };
      const prompt = await parsePromptFile(path.basename(uri.path), new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
      if (prompt.unsupported.length > 0) this.logger.debug(`${shown}: not supported: ${prompt.unsupported.join(', ')}`);
      this.#parsed.set(key, { stamp, prompt });
      return { ...prompt, uri, path: shown };
    } catch {
      // It is gone, or may not be read.
      return undefined;
    }
  }
}

/** Folders that VS Code's own setting names, relative to a workspace folder; those elsewhere are not read. */
function locations(): { readonly wanted: readonly string[]; readonly unwanted: readonly string[] } {
  const setting = vscode.workspace.getConfiguration('chat').get<unknown>('promptFilesLocations');
  const entries = typeof setting === 'object' && setting !== null ? Object.entries(setting) : [];
  const plain = entries.flatMap(([place, on]) => {
    const name = place.replace(/^\.\//, '').replace(/\/+$/, '');
    return /^[/\\~]|^[a-z]:|(?:^|\/)\.\.(?:\/|$)/i.test(name) || name === '' ? [] : [{ name, on: on !== false }];
  });
  const unwanted = plain.filter(({ on }) => !on).map(({ name }) => name);
  return { wanted: [promptFolder, ...plain.filter(({ on }) => on).map(({ name }) => name)].filter((name) => !unwanted.includes(name)), unwanted };
}
