/** Actions that write or ask in words: commit messages, terminals, prompt files, slash commands. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { CommandTable } from '../../host/commands.ts';
import type { ActionsOptions } from '../vscode.ts';
import { CommitMessages } from './commit-message.ts';
import { explainTerminal } from './explain-terminal.ts';
import { PromptFiles } from './prompt-files.ts';
import { PromptRunner } from './run-prompt.ts';
import { actionNames, SlashCommands } from './slash-commands.ts';

export type TextCommand = 'ponder.commitMessage' | 'ponder.explainTerminal' | 'ponder.runPrompt';

export interface TextActions extends Disposable {
  readonly commands: Pick<CommandTable, TextCommand>;
  readonly slash: SlashCommands;
}

export function createTextActions(options: ActionsOptions): TextActions {
  const { logger, chat } = options;
  const disposables = new DisposableStore();
  const prompts = new PromptFiles(actionNames, logger);
  const runner = disposables.add(new PromptRunner(prompts, (question, given) => chat.ask(question, given)));
  const commits = new CommitMessages(options);
  return {
    slash: new SlashCommands({ prompts, runner, hasChips: () => chat.hasChips() }),
    commands: {
      'ponder.commitMessage': (clicked) => commits.write(clicked),
      'ponder.explainTerminal': () => explainTerminal((question, given) => chat.ask(question, given)),
      'ponder.runPrompt': (wanted) => runner.choose(wanted),
    },
    dispose: () => disposables.dispose(),
  };
}
