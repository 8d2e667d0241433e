/** One sentence for what went wrong, and a button for what helps. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PonderError } from '../../base/errors.ts';
import { writeSetting } from '../../host/settings.ts';

/** What the buttons do, and what is said. */
export interface WaysOut {
  readonly errorSentence: (error: PonderError) => string;
  /** @returns whether one was chosen */
  readonly chooseModel: () => Promise<boolean>;
  readonly restartEngine: () => Promise<void>;
}

/** Resolves when the user has answered, which may be never: to whether to try again. */
export async function sayError(error: PonderError, ways: WaysOut): Promise<boolean> {
  const way = wayOut(error, ways);
  const choice = await vscode.window.showErrorMessage(ways.errorSentence(error), ...(way ? [way.label] : []));
  return way !== undefined && choice === way.label && way.take();
}

/** What may help, and whether to try again then. */
function wayOut({ code }: PonderError, { chooseModel, restartEngine }: WaysOut): { readonly label: string; readonly take: () => Promise<boolean> } | undefined {
  switch (code) {
    case 'model-not-chosen':
    case 'model-missing':
    case 'model-not-gguf':
    case 'model-unreadable':
    case 'model-not-chat':
      return { label: l10n.t('Choose a model…'), take: chooseModel };
    case 'engine-unstable':
    case 'engine-start-failed':
      return { label: l10n.t('Restart engine'), take: () => restartEngine().then(() => true) };
    case 'ponder-off':
      return { label: l10n.t('Turn on'), take: () => writeSetting('enabled', true).then(() => true) };
    case 'engine-crashed':
    case 'engine-restarted':
      return { label: l10n.t('Retry'), take: () => Promise.resolve(true) };
    default:
      return undefined;
  }
}
