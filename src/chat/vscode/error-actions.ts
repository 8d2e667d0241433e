/** What the buttons of an error card do. */
import * as vscode from 'vscode';
import { writeSetting } from '../../host/settings.ts';
import type { Logger } from '../../base/log.ts';

export interface ErrorActions {
  readonly retry: () => Promise<void>;
  readonly newConversation: () => Promise<void>;
  readonly chooseModel: () => Promise<boolean>;
  readonly restartEngine: () => Promise<void>;
  readonly showLog: () => void;
  readonly openSettings: () => Promise<void>;
  readonly logger: Logger;
}

/** @param action as a view sends it back, which is not to be trusted */
export async function onErrorAction(action: string, { retry, newConversation, chooseModel, restartEngine, showLog, openSettings, logger }: ErrorActions): Promise<void> {
  const [kind, argument] = action.split(':');
  switch (kind) {
    case 'retry':
      return retry();
    case 'choose-model':
      if (await chooseModel()) await retry();
      return;
    case 'restart':
      await restartEngine();
      return retry();
    case 'use-context':
      if (!/^\d{3,7}$/.test(argument ?? '')) return;
      await writeSetting('model.contextSize', Number(argument));
      return retry();
    case 'use-auto-gpu':
      await writeSetting('engine.gpu', 'auto');
      await writeSetting('engine.devices', undefined);
      return retry();
    case 'install-cuda':
      await vscode.commands.executeCommand('ponder.installCuda');
      return;
    case 'choose-gpu':
      await vscode.commands.executeCommand('ponder.chooseGpu');
      return;
    case 'turn-on':
      await writeSetting('enabled', true);
      return retry();
    case 'new-conversation':
      return newConversation();
    case 'open-settings':
      return openSettings();
    case 'show-log':
      return showLog();
    default:
      logger.warn(`unknown error action ${action}`);
  }
}
