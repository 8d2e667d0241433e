/** The list of conversations: a native quick pick that searches titles and texts, and deletes with an undo. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isAbort } from '../../base/errors.ts';
import type { ConversationStore, ConversationSummary } from '../store.ts';

interface Item extends vscode.QuickPickItem {
  readonly id: string;
}

/** Resolves with the id picked, or undefined. `onDelete` hears of deletions made on the way. */
export function pickConversation(store: ConversationStore, currentId: string, onDelete: (id: string) => Promise<void>): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  const remove: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: l10n.t('Delete conversation') };
  picker.title = l10n.t('Conversations');
  picker.placeholder = l10n.t('Search titles, questions and answers');
  const toItem = (summary: ConversationSummary & { readonly snippet?: string }): Item => ({
    id: summary.id,
    label: summary.title || l10n.t('Untitled'),
    description: summary.id === currentId ? l10n.t('open now') : new Date(summary.updated).toLocaleString(),
    buttons: [remove],
    // The store has searched already, and more leniently than the picker would.
    alwaysShow: true,
    ...(summary.snippet ? { detail: summary.snippet } : {}),
  });
  let searching = new AbortController();
  const show = async (query: string): Promise<void> => {
    searching.abort();
    const { signal } = (searching = new AbortController());
    picker.busy = true;
    try {
      const found = query.trim() === '' ? await store.list() : await store.search(query, signal);
      // A slower, older search must not replace a newer one.
      if (signal.aborted) return;
      picker.items = found.map(toItem);
      picker.busy = false;
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      picker.dispose();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    picker.onDidChangeValue((query) => void show(query).catch(fail));
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.id);
      picker.hide();
    });
    picker.onDidTriggerItemButton(({ item }) => {
      onDelete(item.id)
        .then(() => show(picker.value))
        .catch(fail);
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    show('').catch(fail);
  });
}
