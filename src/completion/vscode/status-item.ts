import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { statusView, type Situation } from '../status.ts';

/** The item in the status bar; a click opens the menu. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('completion', vscode.StatusBarAlignment.Right, 100);
  #shown = '';

  constructor() {
    this.#item.name = l10n.t('Ponder completions');
    this.#item.command = 'ponder.completionMenu';
    this.#item.show();
  }

  /** May be called for every key: VS Code hears of changes only. */
  show(situation: Situation): void {
    const view = statusView(situation);
    const key = JSON.stringify(view);
    if (key === this.#shown) return;
    this.#shown = key;
    const { text, label, lines, warning } = view;
    this.#item.text = text;
    this.#item.accessibilityInformation = { label };
    this.#item.tooltip = [l10n.t('Ponder completions'), ...lines].join('\n');
    this.#item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }

  dispose(): void {
    this.#item.dispose();
  }
}
