/** One sentence for what went wrong, and a button for what helps. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ErrorCode, PonderError } from '../../base/errors.ts';

export interface WaysOut {
  readonly errorSentence: (error: PonderError) => string;
  readonly chooseModel: () => Promise<boolean>;
  readonly restartEngine: () => Promise<void>;
}

const ofModel: readonly ErrorCode[] = ['model-not-chosen', 'model-missing', 'model-not-gguf', 'model-unreadable', 'model-not-chat'];
const ofEngine: readonly ErrorCode[] = ['engine-crashed', 'engine-unstable', 'engine-start-failed'];

/** Returns at once: a message waits for the user as long as it takes. */
export function sayError(error: PonderError, { errorSentence, chooseModel, restartEngine, again }: WaysOut & { readonly again: () => Promise<void> }): void {
  const choose = l10n.t('Choose a model file…');
  const restart = l10n.t('Restart engine');
  const actions = ofModel.includes(error.code) ? [choose] : ofEngine.includes(error.code) ? [restart] : [];
  void vscode.window.showErrorMessage(errorSentence(error), ...actions).then(async (choice) => {
    if (choice === choose) {
      if (await chooseModel()) await again();
    } else if (choice === restart) {
      await restartEngine();
      await again();
    }
  });
}
