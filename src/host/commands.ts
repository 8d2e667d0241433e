import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isAbort, toPonderError, type PonderError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { commandIds, type CommandId, type ContextKey } from './manifest.ts';
import { writeSetting } from './settings.ts';

export type CommandTable = Readonly<Record<CommandId, (...args: unknown[]) => Promise<unknown> | undefined>>;

/** The only place that registers commands. A command that fails says so in one sentence. */
export function registerCommands(table: CommandTable, logger: Logger, sentence: (error: PonderError) => string): vscode.Disposable {
  const registered = commandIds.map((id) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await table[id](...args);
      } catch (error) {
        if (isAbort(error)) return undefined;
        const known = toPonderError(error);
        if (known.code === 'ponder-off') {
          void offerToTurnOn(sentence(known));
          return undefined;
        }
        logger.error(`${id}: ${known.code}: ${known.message}`);
        void vscode.window.showErrorMessage(sentence(known));
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** Commands of a room that is read from disk when the first of them is run. @param load may be asked again and again */
export function lazyCommands<Id extends CommandId>(ids: readonly Id[], load: () => Promise<Pick<CommandTable, Id>>): Pick<CommandTable, Id> {
  return Object.fromEntries(ids.map((id) => [id, async (...args: unknown[]) => (await load())[id](...args)])) as Pick<CommandTable, Id>;
}

async function offerToTurnOn(sentence: string): Promise<void> {
  const turnOn = l10n.t('Turn on');
  if ((await vscode.window.showInformationMessage(sentence, turnOn)) === turnOn) await writeSetting('enabled', true);
}

const contextValues = new Map<ContextKey, boolean>();

/** May be called for every token: VS Code hears of changes only. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (contextValues.get(key) === value) return;
  contextValues.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}
