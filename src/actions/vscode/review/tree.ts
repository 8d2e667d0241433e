/** The summary of a review that spans several files. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../base/disposable.ts';
import { reviewViewId } from '../../../host/manifest.ts';
import type { PendingHunk } from '../../review/file-review.ts';
import { staleSentence } from '../../review/lenses.ts';
import { linesToShow } from '../../review/render.ts';
import { undecided } from './documents.ts';
import type { ReviewedFile } from './reviewed-file.ts';

/** What a lens or an item of the tree is about: a hunk, or without `id` a whole file. `uri` is the file's, as text. */
export interface ReviewTarget {
  readonly uri: string;
  readonly id?: string | undefined;
  /** To be shown; otherwise it is where the user is. */
  readonly show?: boolean | undefined;
}

export class ReviewTree implements vscode.TreeDataProvider<ReviewTarget>, Disposable {
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ReviewTarget>;

  constructor(private readonly files: ReadonlyMap<string, ReviewedFile>) {
    this.#view = this.#disposables.add(vscode.window.createTreeView(reviewViewId, { treeDataProvider: this }));
  }

  changed(): void {
    const count = [...this.files.values()].reduce((sum, { state }) => sum + state.hunks.length, 0);
    this.#view.message = count === 0 ? l10n.t('All changes are decided.') : undecided(count);
    this.#changed.fire();
  }

  getChildren(target?: ReviewTarget): ReviewTarget[] {
    if (!target) return [...this.files.values()].filter(({ state }) => state.hunks.length > 0).map(({ key }) => ({ uri: key }));
    return target.id === undefined ? (this.files.get(target.uri)?.state.hunks.map(({ id }) => ({ uri: target.uri, id })) ?? []) : [];
  }

  getParent({ uri, id }: ReviewTarget): ReviewTarget | undefined {
    return id === undefined ? undefined : { uri };
  }

  getTreeItem({ uri, id }: ReviewTarget): vscode.TreeItem {
    const file = this.files.get(uri);
    const hunk = file?.state.hunks.find((each) => each.id === id);
    const item = hunk ? hunkItem(hunk) : fileItem(file);
    item.id = id === undefined ? uri : `${uri}#${id}`;
    item.command = { command: 'ponder.nextHunk', title: l10n.t('Show change'), arguments: [{ uri, ...(id === undefined ? {} : { id }), show: true }] };
    return item;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function fileItem(file: ReviewedFile | undefined): vscode.TreeItem {
  if (!file) return new vscode.TreeItem('');
  const added = file.state.hunks.reduce((sum, hunk) => sum + hunk.added.length, 0);
  const removed = file.state.hunks.reduce((sum, hunk) => sum + hunk.removed.length, 0);
  const item = new vscode.TreeItem(file.uri, vscode.TreeItemCollapsibleState.Expanded);
  const folder = path.posix.dirname(file.path);
  item.description = `+${String(added)} −${String(removed)}${folder === '.' ? '' : ` · ${folder}`}`;
  item.iconPath = vscode.ThemeIcon.File;
  item.tooltip = `${file.path}\n${file.title}`;
  item.contextValue = 'file';
  item.accessibilityInformation = { label: l10n.t('{0}: {1} lines added, {2} removed', file.path, added, removed) };
  return item;
}

function hunkItem(hunk: PendingHunk): vscode.TreeItem {
  const { first, last } = linesToShow(hunk);
  const lines = first === last ? l10n.t('Line {0}', first) : l10n.t('Lines {0}–{1}', first, last);
  const text = (hunk.added.find((line) => line.trim() !== '') ?? hunk.removed.find((line) => line.trim() !== '') ?? '').trim();
  const item = new vscode.TreeItem(lines);
  item.description = text.slice(0, 120);
  item.contextValue = hunk.stale === undefined ? 'hunk' : 'stale';
  item.iconPath = new vscode.ThemeIcon(hunk.stale !== undefined ? 'warning' : hunk.removed.length === 0 ? 'diff-added' : hunk.added.length === 0 ? 'diff-removed' : 'diff-modified');
  item.tooltip = hunk.stale === undefined ? `${lines}\n${text}` : staleSentence(hunk.stale);
  return item;
}
