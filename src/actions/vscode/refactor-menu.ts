/** What to do with code: something typed, or one of a few things that are often wanted. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { presets, refactorInstruction, type Preset } from '../instructions.ts';

export interface Refactoring {
  /** For the user, in a few words. */
  readonly title: string;
  /** For the model. */
  readonly instruction: string;
}

interface Item extends vscode.QuickPickItem {
  readonly refactoring?: Refactoring;
  /** Stands for what is typed. */
  readonly own?: true;
}

const icons: Readonly<Record<Preset, string>> = {
  extract: 'symbol-method',
  rename: 'symbol-key',
  simplify: 'wand',
  async: 'sync',
  split: 'split-horizontal',
  types: 'symbol-interface',
};

function presetLabel(preset: Preset): string {
  switch (preset) {
    case 'extract':
      return l10n.t('Extract a function');
    case 'rename':
      return l10n.t('Rename for clarity');
    case 'simplify':
      return l10n.t('Simplify');
    case 'async':
      return l10n.t('Convert to async and await');
    case 'split':
      return l10n.t('Split into smaller functions');
    case 'types':
      return l10n.t('Add types');
  }
}

/** What was typed, on top, and the presets below. */
export function refactorItems(typed: string): Item[] {
  const text = typed.trim();
  const own = { label: `$(edit) ${l10n.t('Do: {0}', text)}`, alwaysShow: true, own: true, refactoring: asTyped(text) } as const;
  const ready = presets.map((preset) => ({
    label: `$(${icons[preset]}) ${presetLabel(preset)}`,
    refactoring: { title: presetLabel(preset), instruction: refactorInstruction(preset) },
  }));
  return [...(text === '' ? [] : [own, { label: l10n.t('Often wanted'), kind: vscode.QuickPickItemKind.Separator }]), ...ready];
}

/** A preset by its name, or anything else as it stands. */
export function asTyped(text: string): Refactoring {
  const preset = presets.find((each) => each === text.trim().toLowerCase());
  return preset ? { title: presetLabel(preset), instruction: refactorInstruction(preset) } : { title: text.trim(), instruction: text.trim() };
}

/** Undefined where nothing was chosen. @param about what is to be changed: "function total (lines 10–24)" */
export async function pickRefactoring(about: string): Promise<Refactoring | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = l10n.t('Refactor {0}', about);
  pick.placeholder = l10n.t('Type what to do, or choose');
  pick.items = refactorItems('');
  pick.onDidChangeValue((value) => (pick.items = refactorItems(value)));
  try {
    return await new Promise<Refactoring | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const [item] = pick.activeItems;
        // Who types and presses Enter is faster than the list, which knows an earlier text then, or none.
        const isOwn = item === undefined || item.own === true;
        resolve(isOwn && pick.value.trim() !== '' ? asTyped(pick.value) : item?.refactoring);
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
