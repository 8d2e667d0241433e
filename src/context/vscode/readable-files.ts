/** Which files may go into a prompt unasked, and their lines. In doubt a file may not. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { excludedBy, IgnoreRules } from '../ignore-rules.ts';
import type { LeftOutReason } from '../item.ts';
import { looksSecret } from '../secret-files.ts';

/** A larger file is data, bytes of it on disk and UTF-16 units of it in an editor. */
const largest = 200 * 1024;
/** What was found out about a file on disk holds for so long, ms. */
const lifetime = 60_000;
/** Files of which that is kept. */
const capacity = 1_000;
/** Other people's code, and what belongs to version control. */
const foreign = /(?:^|\/)(?:node_modules|\.git|\.hg|\.svn)\//;
/** Elsewhere than on Linux, file systems commonly do not tell cases apart. */
export const ignoreCase = process.platform !== 'linux';

export interface FileText {
  /** Relative to its workspace folder; with several folders, its name comes first. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Of the document, where one is open. */
  readonly version: number | undefined;
}

/** What a prompt may call a file, or why it may not be read. */
export type Judgement = { readonly path: string } | { readonly why: LeftOutReason };

type Rules = Pick<IgnoreRules, 'ignores'>;

export class ReadableFiles implements Disposable {
  /** By workspace folder. */
  readonly #rules = new Map<string, { readonly ignored: Rules; readonly excluded: { ignores(path: string): boolean } }>();
  readonly #judgements = new Map<string, { readonly since: number; readonly judgement: Promise<Judgement> }>();
  readonly #lines = new WeakMap<vscode.TextDocument, { readonly version: number; readonly lines: readonly string[] }>();
  readonly #disposables: vscode.Disposable[];
  #generation = 0;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/{.gitignore,.git/info/exclude}');
    const forget = (): void => this.#forget();
    this.#disposables = [
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidChange(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('files.exclude')) forget();
      }),
    ];
  }

  /** Rises when what was found out may be wrong. */
  get generation(): number {
    return this.#generation;
  }

  /** The path by which a prompt may name a file; undefined where it may not be read. Never rejects. */
  async pathOf(uri: vscode.Uri): Promise<string | undefined> {
    const judgement = await this.judge(uri);
    return 'path' in judgement ? judgement.path : undefined;
  }

  /** Whether a file may be read unasked, and if not, why. Never rejects. */
  judge(uri: vscode.Uri): Promise<Judgement> {
    const key = uri.toString();
    const known = this.#judgements.get(key);
    if (known && Date.now() - known.since < lifetime) return known.judgement;
    if (this.#judgements.size >= capacity) this.#judgements.clear();
    const judgement = this.#judge(uri).catch(() => ({ why: 'missing' as const }));
    this.#judgements.set(key, { since: Date.now(), judgement });
    return judgement;
  }

  /** What a file says now, from its editor where it is open. Never rejects. */
  async read(uri: vscode.Uri): Promise<FileText | undefined> {
    try {
      const path = await this.pathOf(uri);
      if (path === undefined) return undefined;
      const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
      const lines = document ? this.#linesOf(document) : await linesOnDisk(uri);
      return lines && { path, lines, version: document?.version };
    } catch {
      // It is gone, or may not be read.
      return undefined;
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #judge(uri: vscode.Uri): Promise<Judgement> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder?.uri.scheme !== uri.scheme) return { why: 'outside' };
    if (looksSecret(uri.path)) return { why: 'secret' };
    const path = vscode.workspace.asRelativePath(uri, false);
    const { ignored, excluded } = this.#rulesOf(folder);
    if (foreign.test(path) || excluded.ignores(path) || (await ignored.ignores(path))) return { why: 'ignored' };
    const { type, size } = await vscode.workspace.fs.stat(uri);
    // A link may lead to what is secret, or out of the workspace.
    if (type !== vscode.FileType.File) return { why: 'outside' };
    return size <= largest ? { path: vscode.workspace.asRelativePath(uri) } : { why: 'large' };
  }

  #rulesOf(folder: vscode.WorkspaceFolder): { ignored: Rules; excluded: { ignores(path: string): boolean } } {
    const key = folder.uri.toString();
    const known = this.#rules.get(key);
    if (known) return known;
    const rules = {
      ignored: new IgnoreRules({ read: (path) => textOnDisk(vscode.Uri.joinPath(folder.uri, path)), ignoreCase }),
      excluded: excludedBy(excludeGlobs(folder), ignoreCase),
    };
    this.#rules.set(key, rules);
    return rules;
  }

  #linesOf(document: vscode.TextDocument): readonly string[] | undefined {
    const known = this.#lines.get(document);
    if (known?.version === document.version) return known.lines;
    const text = document.getText();
    const lines = text.length <= largest && !text.includes('\0') ? text.split(/\r?\n/) : [];
    this.#lines.set(document, { version: document.version, lines });
    return lines;
  }

  #forget(): void {
    this.#rules.clear();
    this.#judgements.clear();
    this.#generation++;
  }
}

/** What `files.exclude` leaves out of a workspace folder. */
export function excludeGlobs(folder: vscode.WorkspaceFolder): string[] {
  const exclude = vscode.workspace.getConfiguration('files', folder.uri).get<Readonly<Record<string, unknown>>>('exclude', {});
  // One with a condition, as for files made from others, counts as well.
  return Object.keys(exclude).filter((glob) => exclude[glob] !== false);
}

async function linesOnDisk(uri: vscode.Uri): Promise<readonly string[] | undefined> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  if (bytes.length > largest || bytes.includes(0)) return undefined;
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r?\n/);
}

/** Undefined where there is no such file; another failure is the caller's. */
async function textOnDisk(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    const none = ['FileNotFound', 'FileNotADirectory', 'FileIsADirectory'];
    if (error instanceof vscode.FileSystemError && none.includes(error.code)) return undefined;
    throw error;
  }
}
