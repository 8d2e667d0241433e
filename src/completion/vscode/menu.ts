/** What a click on the status bar item offers. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { readSettings, writeSetting } from '../../host/settings.ts';
import { scoreLine, strategyName } from '../status.ts';
import type { ModelStanding } from '../strategy-choice.ts';
import { strategiesOf } from '../strategy.ts';

interface Entry extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

export interface MenuOptions {
  readonly reason: string;
  readonly language: string | undefined;
  readonly snoozed: boolean;
  readonly model: ModelStanding | undefined;
  readonly snooze: () => Promise<void>;
  readonly wake: () => void;
}

export async function showMenu(options: MenuOptions): Promise<void> {
  const command = (id: string) => () => vscode.commands.executeCommand(id);
  const { 'completion.trigger': trigger, 'completion.modelPath': ownModel } = readSettings();
  const enabled = readSettings()['completion.enabled'];
  const entries: Entry[] = [
    enabled ? { label: l10n.t('$(circle-slash) Turn completions off'), run: command('ponder.toggleCompletions') } : { label: l10n.t('$(sparkle) Turn completions on'), run: command('ponder.toggleCompletions') },
    ...(enabled ? whileOn(options, trigger) : []),
    { label: l10n.t('Model'), kind: vscode.QuickPickItemKind.Separator },
    ...modelEntries(options, ownModel),
    { label: l10n.t('$(settings-gear) Open settings'), run: () => vscode.commands.executeCommand('workbench.action.openSettings', 'ponder.completion') },
    { label: l10n.t('$(output) Show log'), run: command('ponder.showLog') },
  ];
  const picked = await vscode.window.showQuickPick(entries, { title: l10n.t('Ponder completions'), placeHolder: options.reason });
  await picked?.run?.();
}

function whileOn({ language, snoozed, snooze, wake }: MenuOptions, trigger: 'automatic' | 'manual'): Entry[] {
  const forLanguage = language !== undefined && readSettings({ languageId: language })['completion.enabled'];
  return [
    ...(language === undefined
      ? []
      : [{ label: forLanguage ? l10n.t('$(circle-slash) Turn off for {0}', language) : l10n.t('$(sparkle) Turn on for {0}', language), run: () => vscode.commands.executeCommand('ponder.toggleCompletionsForLanguage') }]),
    snoozed ? { label: l10n.t('$(bell) End the snooze'), run: wake } : { label: l10n.t('$(bell-slash) Snooze…'), run: snooze },
    trigger === 'automatic'
      ? { label: l10n.t('$(person) Complete only when asked'), description: 'Alt+\\', run: () => writeSetting('completion.trigger', 'manual') }
      : { label: l10n.t('$(zap) Complete while typing'), run: () => writeSetting('completion.trigger', 'automatic') },
  ];
}

function modelEntries({ model }: MenuOptions, ownModel: string): Entry[] {
  return [
    { label: l10n.t('$(file-binary) Choose a model for completions…'), ...(model ? { description: model.info.name } : {}), run: () => vscode.commands.executeCommand('ponder.chooseCompletionModel') },
    ...(ownModel === '' ? [] : [{ label: l10n.t('$(comment) Use the chat\'s model'), run: () => writeSetting('completion.modelPath', '') }]),
    ...(model
      ? [
          { label: l10n.t('$(list-selection) How the model is asked…'), description: strategyName(model.strategy), ...(model.scores ? { detail: scoreLine(model.scores) } : {}), run: () => pickStrategy(model) },
          { label: l10n.t('$(beaker) Test the model again'), run: () => vscode.commands.executeCommand('ponder.testCompletions') },
        ]
      : []),
  ];
}

async function pickStrategy({ info, scores }: ModelStanding): Promise<void> {
  const current = readSettings()['completion.strategy'];
  const mark = (value: string): { description?: string } => (value === current ? { description: l10n.t('in use') } : {});
  const entries = [
    { label: l10n.t('What the self-test found best'), value: 'auto' as const, ...mark('auto'), ...(scores ? { detail: scoreLine(scores) } : {}) },
    ...strategiesOf(info.forms).map((value) => ({ label: strategyName(value), value, ...mark(value) })),
  ];
  const picked = await vscode.window.showQuickPick(entries, { title: l10n.t('How the model is asked') });
  if (picked) await writeSetting('completion.strategy', picked.value);
}

/** Minutes; undefined when dismissed. */
export async function pickSnooze(): Promise<number | undefined> {
  const entries = [5, 15, 60, 240].map((minutes) => ({
    label: minutes < 60 ? l10n.t('{0} minutes', minutes) : minutes === 60 ? l10n.t('1 hour') : l10n.t('{0} hours', minutes / 60),
    minutes,
  }));
  return (await vscode.window.showQuickPick(entries, { title: l10n.t('Snooze completions for') }))?.minutes;
}
