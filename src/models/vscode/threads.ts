/** Measuring the number of threads anew. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { isAbort } from '../../base/errors.ts';
import type { ThreadTuning } from '../../protocol/engine.ts';
import { tuningWords } from '../tuning-words.ts';

/** Loads the model if need be, measures with progress, and says what came out. Cancelled, it says nothing. */
export async function measureThreads(backend: Backend): Promise<void> {
  const progress = { location: vscode.ProgressLocation.Notification, title: l10n.t('Measuring the best number of threads…'), cancellable: true };
  const tuning = await vscode.window.withProgress(progress, (bar, token) => measured(backend, bar, token));
  if (tuning) void vscode.window.showInformationMessage(tuningWords(tuning));
}

async function measured(backend: Backend, bar: vscode.Progress<{ increment: number }>, token: vscode.CancellationToken): Promise<ThreadTuning | undefined> {
  const cancelled = new AbortController();
  const listener = token.onCancellationRequested(() => cancelled.abort());
  let shown = 0;
  const onProgress = (fraction: number): void => {
    bar.report({ increment: (fraction - shown) * 100 });
    shown = fraction;
  };
  try {
    return await backend.tuneThreads(onProgress, cancelled.signal);
  } catch (error) {
    if (isAbort(error)) return undefined;
    throw error;
  } finally {
    listener.dispose();
  }
}
