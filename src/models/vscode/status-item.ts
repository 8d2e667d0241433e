/** Ponder's item in the status bar; a click opens its menu. It changes with events, and asks nothing by itself. */
import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Backend } from '../../backends/backend.ts';
import type { DownloadState } from '../download/state.ts';
import { itemView, type StatusView } from '../status-words.ts';

export class StatusItem implements vscode.Disposable {
  readonly #disposables = new DisposableStore();
  readonly #item = this.#disposables.add(vscode.window.createStatusBarItem('ponder', vscode.StatusBarAlignment.Right, 100));
  #shown = '';
  #downloads: readonly DownloadState[] = [];
  #completions: StatusView | undefined;

  constructor(private readonly backend: Backend) {
    this.#item.name = 'Ponder';
    this.#item.command = 'ponder.showMenu';
    this.#disposables.add(backend.onDidChangeState(() => this.#refresh()));
    this.#refresh();
    this.#item.show();
  }

  /** May be called often: VS Code hears of changes only. */
  showDownloads(downloads: readonly DownloadState[]): void {
    this.#downloads = downloads;
    this.#refresh();
  }

  /** May be called for every key. */
  showCompletions(view: StatusView): void {
    this.#completions = view;
    this.#refresh();
  }

  /** How completions stand, in a few words. */
  get completions(): string {
    return this.#completions?.lines[0] ?? '';
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #refresh(): void {
    const view = itemView({ engine: this.backend.state, downloads: this.#downloads, completions: this.#completions });
    const key = JSON.stringify(view);
    if (key === this.#shown) return;
    this.#shown = key;
    const { text, label, lines, warning } = view;
    this.#item.text = text;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.tooltip = tooltip(lines);
    this.#item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }
}

/** Names come from files, so all is text. `appendText` would glue the words of a line together. */
function tooltip(lines: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('**Ponder**');
  for (const line of lines) markdown.appendMarkdown(`\n\n${line.replace(/[\\`*_{}[\]()<>#+\-!~|&$]/g, '\\$&')}`);
  return markdown;
}
