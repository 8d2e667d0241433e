/** The rules of the workspace as they are on disk, each file read once. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import { onDidChangeSettings, readSettings } from '../../host/settings.ts';
import { formatItem } from '../format.ts';
import type { ContextItem, LeftOut } from '../item.ts';
import { chooseRules, ruleFiles, type RuleFile } from '../rules.ts';
import { looksSecret } from '../secret-files.ts';
import type { TokenCounts } from '../token-counts.ts';

export interface RulesOptions {
  readonly backend: Pick<Backend, 'state' | 'onDidChangeState'>;
  readonly counts: TokenCounts;
  readonly logger: Logger;
}

/** What views show of a rule file. */
export interface RuleState {
  readonly path: string;
  /** Absent while not counted. */
  readonly tokens: number | undefined;
}

/** A larger file holds no rules, bytes. */
const largest = 1024 * 1024;
/** A save is more than one event, ms. */
const pause = 150;

export class WorkspaceRules implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new Emitter<void>((error) => this.options.logger.error(String(error))));
  /** What views show may have become another. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** By URI: what a file said when it was read last. */
  readonly #texts = new Map<string, { readonly stamp: string; readonly content: string | undefined }>();
  readonly #uris = new Map<string, vscode.Uri>();
  #items: readonly ContextItem[] = [];
  #leftOut: readonly LeftOut[] = [];
  #tokens: readonly number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RulesOptions) {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/{${ruleFiles.join(',')}}`);
    const soon = (): void => this.#soon();
    for (const disposable of [
      watcher,
      watcher.onDidCreate(soon),
      watcher.onDidChange(soon),
      watcher.onDidDelete(soon),
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
      vscode.workspace.onDidGrantWorkspaceTrust(soon),
      onDidChangeSettings(soon),
      options.backend.onDidChangeState(({ kind }) => {
        if (kind === 'ready') this.#soon();
      }),
    ]) {
      this.#disposables.add(disposable);
    }
    this.#disposables.add({ dispose: () => clearTimeout(this.#timer) });
    this.#soon();
  }

  /** As they were when they were looked at last. */
  get state(): readonly RuleState[] {
    return this.#items.map(({ path: name }, index) => ({ path: name, tokens: this.#tokens[index] }));
  }

  get leftOut(): readonly LeftOut[] {
    return this.#leftOut;
  }

  /** As they are now; none in a workspace that is not trusted. Never rejects. */
  async items(): Promise<readonly ContextItem[]> {
    const before = this.#items;
    await this.#read();
    if (this.#items !== before) this.#soon();
    return this.#items;
  }

  /** Opens a file by its path as it is shown; any other is ignored. */
  async open(shown: string): Promise<void> {
    const uri = this.#items.some((item) => item.path === shown) ? this.#uris.get(shown) : undefined;
    if (uri) await vscode.window.showTextDocument(uri);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #read(): Promise<void> {
    const uris = vscode.workspace.isTrusted && readSettings()['rules.enabled'] ? candidates() : [];
    const files = await Promise.all(uris.map((uri) => this.#file(uri)));
    const { items, leftOut } = chooseRules(files.filter((file) => file !== undefined));
    this.#leftOut = leftOut;
    if (JSON.stringify(items) !== JSON.stringify(this.#items)) {
      this.#items = items;
      this.#tokens = [];
    }
  }

  async #file(uri: vscode.Uri): Promise<RuleFile | undefined> {
    const key = uri.toString();
    const name = vscode.workspace.asRelativePath(uri);
    this.#uris.set(name, uri);
    try {
      const { type, mtime, size } = await vscode.workspace.fs.stat(uri);
      if (!(type & vscode.FileType.File) || size > largest || (type & vscode.FileType.SymbolicLink && !(await staysInside(uri)))) return undefined;
      const stamp = `${String(mtime)} ${String(size)}`;
      let known = this.#texts.get(key);
      if (known?.stamp !== stamp) {
        const bytes = await vscode.workspace.fs.readFile(uri);
        known = { stamp, content: bytes.includes(0) ? undefined : new TextDecoder().decode(bytes).replace(/\r\n/g, '\n') };
        this.#texts.set(key, known);
      }
      return known.content === undefined ? undefined : { path: name, content: known.content };
    } catch {
      // It is not there.
      this.#texts.delete(key);
      return undefined;
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look().catch((error: unknown) => this.options.logger.debug(`Counting rules: ${String(error)}`));
    }, pause);
  }

  async #look(): Promise<void> {
    await this.#read();
    this.#changed.fire();
    const items = this.#items;
    if (items.length === 0 || this.options.backend.state.kind !== 'ready') return;
    const tokens = await this.options.counts.all(items.map(formatItem));
    if (items !== this.#items) return;
    this.#tokens = tokens;
    this.#changed.fire();
  }
}

function candidates(): vscode.Uri[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => ruleFiles.map((name) => vscode.Uri.joinPath(folder.uri, name)));
}

/** A link may lead out of the workspace, or to what is secret. */
async function staysInside(uri: vscode.Uri): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (uri.scheme !== 'file' || !folder) return false;
  const [target, root] = await Promise.all([realpath(uri.fsPath), realpath(folder.uri.fsPath)]);
  const way = path.relative(root, target);
  return !way.startsWith('..') && !path.isAbsolute(way) && !looksSecret(target);
}
