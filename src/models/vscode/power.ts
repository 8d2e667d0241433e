/** Loading, unloading, on and off. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { isAbort } from '../../base/errors.ts';
import { readSettings, writeSetting } from '../../host/settings.ts';

/** Cancelling only stops the waiting: a load that has begun goes on for the next question. @throws PonderError as `ensureReady` does */
export async function loadModel(backend: Backend): Promise<void> {
  if (backend.state.kind === 'ready') {
    void vscode.window.showInformationMessage(l10n.t('{0} is loaded already.', backend.state.model.name));
    return;
  }
  const progress = { location: vscode.ProgressLocation.Notification, title: l10n.t('Loading the model…'), cancellable: true };
  const model = await vscode.window.withProgress(progress, async (report, token) => {
    const aborter = new AbortController();
    let shown = 0;
    const listening = [
      token.onCancellationRequested(() => aborter.abort()),
      backend.onDidChangeState((state) => {
        if (state.kind !== 'loading') return;
        const now = Math.floor(state.fraction * 100);
        report.report({ message: l10n.t('{0} %', now), increment: Math.max(0, now - shown) });
        shown = Math.max(shown, now);
      }),
    ];
    try {
      return await backend.ensureReady(aborter.signal);
    } catch (error) {
      if (isAbort(error)) return undefined;
      throw error;
    } finally {
      for (const each of listening) each.dispose();
    }
  });
  if (model) void vscode.window.showInformationMessage(l10n.t('{0} is loaded.', model.name));
}

export async function unloadModel(backend: Backend): Promise<void> {
  const { state, loaded } = backend;
  if (!loaded) {
    void vscode.window.showInformationMessage(l10n.t('No model is loaded.'));
    return;
  }
  await backend.unload();
  const message = state.kind === 'ready' ? l10n.t('{0} is unloaded. The next use loads it again.', state.model.name) : l10n.t('The model is unloaded. The next use loads it again.');
  void vscode.window.showInformationMessage(message);
}

/** For all windows, and after a restart too. */
export async function togglePonder(): Promise<void> {
  const on = !readSettings().enabled;
  await writeSetting('enabled', on);
  if (on) {
    void vscode.window.showInformationMessage(l10n.t('Ponder is on. The first use loads the model.'));
    return;
  }
  const turnOn = l10n.t('Turn on');
  // Whoever asked need not wait until the user has read it.
  const offer = async (): Promise<void> => {
    if ((await vscode.window.showInformationMessage(l10n.t('Ponder is off. No model runs, and nothing is completed or downloaded.'), turnOn)) === turnOn) await writeSetting('enabled', true);
  };
  void offer();
}
