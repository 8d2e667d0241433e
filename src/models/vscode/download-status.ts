/** The item in the status bar while something is downloaded, or is paused. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isUnderWay, type DownloadState } from '../download/state.ts';
import { inPercent, standing } from '../download/words.ts';

export class DownloadStatus implements vscode.Disposable {
  #item: vscode.StatusBarItem | undefined;
  #shown = '';

  /** May be called often: VS Code hears of changes only. */
  show(downloads: readonly DownloadState[]): void {
    const unfinished = downloads.filter(({ phase }) => phase !== 'done' && phase !== 'cancelled');
    // What moves goes before what waits.
    const first = unfinished.find((state) => isUnderWay(state) && state.phase !== 'queued') ?? unfinished.find(isUnderWay) ?? unfinished[0];
    if (!first) {
      this.#item?.hide();
      this.#shown = '';
      return;
    }
    const text = `${icon(first)} ${first.wanted.name} ${inPercent(first)}`.trimEnd();
    const lines = unfinished.map((state) => `${state.wanted.name}: ${standing(state)}`);
    const key = [text, ...lines].join('\n');
    if (key === this.#shown) return;
    this.#shown = key;
    const item = (this.#item ??= this.#create());
    item.text = text;
    item.tooltip = lines.join('\n');
    // What is read aloud should not change with every second.
    item.accessibilityInformation = { label: l10n.t('Download of {0}: {1}', first.wanted.name, first.phase === 'fetching' ? inPercent(first) : standing(first)), role: 'button' };
    item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }

  #create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem('downloads', vscode.StatusBarAlignment.Left, 0);
    item.name = l10n.t('Ponder downloads');
    item.command = 'ponder.showDownloads';
    return item;
  }
}

function icon({ phase }: DownloadState): string {
  switch (phase) {
    case 'paused':
      return '$(debug-pause)';
    case 'failed':
      return '$(warning)';
    case 'waiting':
      return '$(sync~spin)';
    default:
      return '$(cloud-download)';
  }
}
