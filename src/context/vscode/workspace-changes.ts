/** What happens to the files of the workspace, gathered so that a thousand changes are one message. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';

/** How long changes are gathered, ms. */
const pause = 300;
/** With more at once, as when another branch is checked out, looking at everything is quicker. */
const most = 2000;
/** Never in the index. */
const foreign = /\/(?:node_modules|\.git|\.hg|\.svn)\//;

export interface ChangeListener {
  /** Files or folders that were made, changed or removed. */
  changed(uris: readonly vscode.Uri[]): void;
  /** So much has changed that everything is to be looked at again; or the rules of what belongs to the workspace have. */
  outdated(): void;
}

export class WorkspaceChanges implements Disposable {
  readonly #uris = new Map<string, vscode.Uri>();
  readonly #disposables: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly listener: ChangeListener) {
    const files = vscode.workspace.createFileSystemWatcher('**/*');
    const rules = vscode.workspace.createFileSystemWatcher('**/{.gitignore,.git/info/exclude}');
    const note = (uri: vscode.Uri): void => this.#note(uri);
    const outdated = (): void => this.#outdated();
    this.#disposables = vscode.Disposable.from(
      files,
      files.onDidCreate(note),
      files.onDidChange(note),
      files.onDidDelete(note),
      rules,
      rules.onDidCreate(outdated),
      rules.onDidChange(outdated),
      rules.onDidDelete(outdated),
      vscode.workspace.onDidChangeWorkspaceFolders(outdated),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('files.exclude')) outdated();
      }),
    );
  }

  /** Tells at once what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const uris = [...this.#uris.values()];
    this.#uris.clear();
    if (uris.length > 0) this.listener.changed(uris);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#disposables.dispose();
  }

  #note(uri: vscode.Uri): void {
    if (foreign.test(uri.path)) return;
    this.#uris.set(uri.toString(), uri);
    if (this.#uris.size > most) this.#outdated();
    else this.#timer ??= setTimeout(() => this.flush(), pause);
  }

  #outdated(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#uris.clear();
    this.listener.outdated();
  }
}
