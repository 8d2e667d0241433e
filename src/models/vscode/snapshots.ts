/** Snapshots of the KV cache: what they take on disk, and clearing them. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { inBytes } from '../quantities.ts';

/** Says what they take, and offers to clear them. */
export async function showSnapshots(backend: Backend, folder: string): Promise<void> {
  const { files, bytes } = await backend.snapshots(folder);
  if (files === 0) {
    void vscode.window.showInformationMessage(l10n.t('There are no snapshots of the KV cache.'));
    return;
  }
  const clear = l10n.t('Clear');
  const choice = await vscode.window.showInformationMessage(l10n.t('Snapshots of the KV cache: {0}, {1} together.', files, inBytes(bytes)), clear);
  if (choice !== clear) return;
  await backend.clearSnapshots(folder);
  void vscode.window.showInformationMessage(l10n.t('The snapshots are cleared. What the model has in memory stays.'));
}
