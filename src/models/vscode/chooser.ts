/** The picker of models. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { readSettings, writeSetting } from '../../host/settings.ts';
import type { Choices, Offered } from '../choices.ts';
import { entriesOf, quantisationEntry, type Asked, type Entry, type Purpose } from '../entries.ts';
import { machineLine, recommendationSentence } from '../words.ts';
import type { Downloads } from './downloads.ts';
import type { ModelLibrary, ModelSetting } from './library.ts';

export interface ChooserOptions {
  readonly library: ModelLibrary;
  readonly downloads: () => Promise<Downloads>;
}

type Item = vscode.QuickPickItem & { readonly entry: Entry };

const otherQuantisations: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('list-selection'), tooltip: l10n.t('Other quantisations') };

/** @returns whether a model is in use that was not; one that was downloaded for it, too */
export async function chooseModel(options: ChooserOptions, purpose: Purpose): Promise<boolean> {
  const setting: ModelSetting = purpose === 'chat' ? 'model.path' : 'completion.modelPath';
  const current = readSettings()[setting];
  const title = purpose === 'chat' ? l10n.t('Choose a model') : l10n.t('Choose a model for completions');
  const chosen = await pick(options.library, { purpose, current }, title);
  // What is in that folder is to be chosen from next.
  if (chosen?.kind === 'folder') return (await options.library.chooseFolder()) && chooseModel(options, purpose);
  return chosen !== undefined && act(options, chosen, setting);
}

/** Only what can be downloaded; what becomes of it is asked when it is there. */
export async function chooseDownload({ library, downloads }: ChooserOptions): Promise<void> {
  const chosen = await pick(library, { purpose: 'chat', current: '', onlyDownloads: true }, l10n.t('Download a model'));
  if (chosen?.kind === 'download') await (await downloads()).download(chosen.file.wanted);
}

async function act({ library, downloads }: ChooserOptions, entry: Entry, setting: ModelSetting): Promise<boolean> {
  switch (entry.kind) {
    case 'use':
      return !entry.inUse && library.use(entry.path, setting);
    case 'download': {
      // It was chosen to be used, so nobody is asked again when it is there.
      const end = await (await downloads()).download(entry.file.wanted, {
        then: ({ target }) => {
          library.refresh();
          return library.use(target, setting);
        },
      });
      return end?.phase === 'done' && readSettings()[setting] === end.target;
    }
    case 'file':
      return library.useFile(setting);
    case 'same-as-chat':
      await writeSetting('completion.modelPath', '');
      return true;
    case 'folder':
    case 'heading':
      return false;
  }
}

/** Opens at once with what is known, and fills in the rest. */
function pick(library: ModelLibrary, asked: Asked, title: string): Promise<Entry | undefined> {
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<Item>();
    picker.title = title;
    picker.matchOnDescription = picker.matchOnDetail = true;
    let choices: Choices | undefined;
    let closed = false;
    const showAll = (): void => {
      picker.title = title;
      picker.buttons = [];
      picker.items = entriesOf(choices, asked).map(itemOf);
      picker.placeholder = choices ? placeholderOf(choices) : l10n.t('Looking at what this computer has…');
    };
    const read = async (): Promise<void> => {
      picker.busy = true;
      try {
        choices = await library.choices();
        if (!closed) showAll();
      } catch (error) {
        picker.placeholder = String(error);
      } finally {
        picker.busy = false;
      }
    };
    const listening = [
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (!item || item.entry.kind === 'heading') return;
        resolve(item.entry);
        picker.hide();
      }),
      picker.onDidTriggerItemButton(({ item: { entry } }) => {
        const offered = offeredOf(entry);
        if (!offered) return;
        picker.title = offered.model.name;
        picker.buttons = [vscode.QuickInputButtons.Back];
        picker.value = '';
        picker.items = offered.files.map((file) => quantisationEntry(offered, file)).map((each) => ({ ...itemOf(each), buttons: [], label: 'description' in each ? each.description : each.label, description: '' }));
      }),
      picker.onDidTriggerButton(showAll),
      picker.onDidHide(() => {
        closed = true;
        resolve(undefined);
        for (const each of listening) each.dispose();
        picker.dispose();
      }),
    ];
    showAll();
    picker.show();
    void read();
  });
}

function placeholderOf(choices: Choices): string {
  return choices.recommendation.kind === 'none' ? recommendationSentence(choices.recommendation) : machineLine(choices);
}

function itemOf(entry: Entry): Item {
  if (entry.kind === 'heading') return { entry, label: entry.label, kind: vscode.QuickPickItemKind.Separator };
  const { label, description, detail } = entry;
  return { entry, label, description, detail, ...((offeredOf(entry)?.files.length ?? 0) > 1 ? { buttons: [otherQuantisations] } : {}) };
}

function offeredOf(entry: Entry): Offered | undefined {
  return entry.kind === 'download' || entry.kind === 'use' ? entry.offered : undefined;
}
