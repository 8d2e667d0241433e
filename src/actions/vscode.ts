/** Commands about code, and the review of what they propose: the door of the actions room. */
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { Attachment } from '../context/attachment.ts';
import type { ContextItem, Given } from '../context/item.ts';
import type { TokenCounts } from '../context/token-counts.ts';
import { lazyCommands, type CommandTable } from '../host/commands.ts';
import { proposalScheme, reviewScheme, type CommandId } from '../host/manifest.ts';
import type { CodeToApply } from '../protocol/fences.ts';
import { CodeActions } from './vscode/code-actions.ts';
import type { Room } from './vscode/room.ts';
import type { WaysOut } from './vscode/say-error.ts';
import type { SlashCommands } from './vscode/slash-commands.ts';

export interface ActionsOptions extends WaysOut {
  readonly backend: Backend;
  readonly logger: Logger;
  readonly counts: TokenCounts;
  /** Rules of the workspace, as they are now. */
  readonly rules: () => Promise<readonly ContextItem[]>;
  readonly chat: {
    /** Asks in the chat and shows it. */
    ask(question: string, given: Given): Promise<void>;
    /** Shows a question and an answer that came about elsewhere. */
    showAnswer(question: string, answer: string, files: readonly ContextItem[]): Promise<void>;
    /** Adds to the composer and puts the caret there. */
    attach(attachments: readonly Attachment[]): Promise<void>;
    /** Whether the composer holds anything to read. */
    hasChips(): boolean;
  };
}

const actionCommands = [
  'ponder.explain',
  'ponder.refactor',
  'ponder.fix',
  'ponder.document',
  'ponder.writeTests',
  'ponder.askAboutSelection',
  'ponder.explainProblem',
  'ponder.stopEdit',
  'ponder.acceptHunk',
  'ponder.rejectHunk',
  'ponder.nextHunk',
  'ponder.previousHunk',
  'ponder.acceptAll',
  'ponder.rejectAll',
  'ponder.openReviewDiff',
  'ponder.commitMessage',
  'ponder.explainTerminal',
  'ponder.runPrompt',
] as const satisfies readonly CommandId[];
export type ActionCommand = (typeof actionCommands)[number];

export interface Actions extends Disposable {
  readonly commands: Pick<CommandTable, ActionCommand>;
  /** For the composer. */
  readonly slash: Pick<SlashCommands, 'find' | 'run'>;
  /** Proposes code of an answer as a change, to be reviewed. */
  applyCode(blocks: readonly CodeToApply[]): Promise<void>;
}

export function register(options: ActionsOptions): Actions {
  let made: Promise<Room> | undefined;
  const room = (): Promise<Room> => (made ??= import('./vscode/room.ts').then(({ createRoom }) => createRoom(options)));
  const lightbulb = vscode.languages.registerCodeActionsProvider({ pattern: '**' }, new CodeActions(), CodeActions.metadata);
  // Of a window that was closed in the middle of a review the tabs come back; the room closes them.
  if (vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(showsReview))) void room();
  return {
    slash: {
      find: async (query) => (await room()).slash.find(query),
      run: async (text) => (await room()).slash.run(text),
    },
    commands: lazyCommands(actionCommands, async () => (await room()).commands),
    applyCode: async (blocks) => (await room()).applyCode(blocks),
    dispose: () => {
      lightbulb.dispose();
      void made?.then((each) => each.dispose());
    },
  };
}

function showsReview({ input }: vscode.Tab): boolean {
  const uri = input instanceof vscode.TabInputText ? input.uri : input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
  return uri?.scheme === reviewScheme || uri?.scheme === proposalScheme;
}
