/** The commands of the composer: actions by name, and the prompt files of the workspace. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { nothingGiven } from '../../context/item.ts';
import type { CommandId } from '../../host/manifest.ts';
import type { SlashState } from '../../protocol/webview.ts';
import { explainThisQuestion } from '../prompt-text.ts';
import { findCommands, readSlash, type SlashCommand, type SlashOutcome } from '../slash.ts';
import type { PromptFiles } from './prompt-files.ts';
import type { PromptRunner } from './run-prompt.ts';

export const actionNames = ['explain', 'refactor', 'fix', 'doc', 'tests', 'commit'] as const;
type ActionName = (typeof actionNames)[number];

const commandOf: Readonly<Record<ActionName, CommandId>> = {
  explain: 'ponder.explain',
  refactor: 'ponder.refactor',
  fix: 'ponder.fix',
  doc: 'ponder.document',
  tests: 'ponder.writeTests',
  commit: 'ponder.commitMessage',
};

export interface SlashOptions {
  readonly prompts: PromptFiles;
  readonly runner: PromptRunner;
  /** Whether the composer holds anything to read. */
  readonly hasChips: () => boolean;
}

export class SlashCommands {
  constructor(private readonly options: SlashOptions) {}

  async find(query: string): Promise<readonly SlashState[]> {
    return findCommands([...ownCommands(), ...(await this.#promptCommands())], query);
  }

  async run(text: string): Promise<SlashOutcome> {
    const read = readSlash(text);
    if (!read) return { kind: 'plain' };
    const action = actionNames.find((name) => name === read.name);
    if (action) return this.#act(action, read.argument);
    const prompt = (await this.options.prompts.list()).find(({ name }) => name === read.name);
    if (!prompt) return { kind: 'plain' };
    const { runner } = this.options;
    const ready = await runner.prepare(prompt, read.argument);
    if (!ready) return { kind: 'back' };
    if (prompt.mode === 'ask') return { kind: 'ask', ...ready };
    void runner.edit(ready);
    return { kind: 'done' };
  }

  #act(action: ActionName, argument: string): SlashOutcome {
    const isOpen = vscode.window.activeTextEditor !== undefined;
    if (action === 'explain' && (!isOpen || this.options.hasChips())) {
      return { kind: 'ask', question: explainThisQuestion(vscode.env.language, argument), given: nothingGiven };
    }
    // It may take long, and says itself what goes wrong.
    void vscode.commands.executeCommand(commandOf[action], ...(argument === '' || action === 'commit' ? [] : [{ instruction: argument }]));
    return { kind: isOpen || action === 'commit' ? 'done' : 'back' };
  }

  async #promptCommands(): Promise<readonly SlashCommand[]> {
    const prompts = await this.options.prompts.list();
    return prompts.map(({ name, description, hint, problem, path }) => ({
      name,
      description: problem ?? description ?? path,
      ...(hint === undefined ? {} : { hint }),
      path,
    }));
  }
}

function ownCommands(): SlashCommand[] {
  return [
    { name: 'explain', description: l10n.t('Explain code'), hint: l10n.t('what about it') },
    { name: 'refactor', description: l10n.t('Change code'), hint: l10n.t('what to change') },
    { name: 'fix', description: l10n.t('Fix problems') },
    { name: 'doc', description: l10n.t('Write documentation') },
    { name: 'tests', description: l10n.t('Write tests') },
    { name: 'commit', description: l10n.t('Write a commit message') },
  ];
}
