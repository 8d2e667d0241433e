/** The files in tabs, and where in them one has looked last. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { Stretch } from '../neighbours/stretch.ts';

export interface OpenEditor {
  readonly document: vscode.TextDocument;
  readonly seen: Stretch;
}

export class OpenEditors implements Disposable {
  /** By document, the one used last at the end. */
  readonly #seen = new Map<string, Stretch>();
  readonly #disposables: vscode.Disposable[];

  constructor() {
    for (const editor of vscode.window.visibleTextEditors) this.#look(editor);
    this.#disposables = [
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (!editor) return;
        this.#seen.delete(editor.document.uri.toString());
        this.#look(editor);
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#look(textEditor)),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#look(textEditor)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#seen.delete(uri.toString())),
    ];
  }

  /** Those that are loaded, other than the given one: of its language first, then those on screen, then the last used. */
  beside(current: vscode.TextDocument): OpenEditor[] {
    const visible = new Set(vscode.window.visibleTextEditors.map(({ document }) => document.uri.toString()));
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map(({ input }) => input));
    const open = new Set([...visible, ...tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri.toString()] : []))]);
    const lately = [...this.#seen.keys()];
    return vscode.workspace.textDocuments
      .filter(({ uri }) => uri.toString() !== current.uri.toString() && open.has(uri.toString()))
      .map((document) => {
        const key = document.uri.toString();
        const rank = [document.languageId === current.languageId, visible.has(key)].map(Number);
        return { document, seen: this.#seen.get(key) ?? { start: 0, end: 1 }, rank: [...rank, lately.indexOf(key)] };
      })
      .sort((a, b) => a.rank.map((value, index) => (b.rank[index] ?? 0) - value).find((difference) => difference !== 0) ?? 0);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  /** Runs at each key: remembers two numbers. */
  #look({ document, selection, visibleRanges: [range] }: vscode.TextEditor): void {
    const { line } = selection.active;
    const away = range && !range.contains(selection.active);
    this.#seen.set(document.uri.toString(), away ? { start: range.start.line, end: range.end.line + 1 } : { start: line, end: line + 1 });
  }
}
