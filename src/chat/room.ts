/** What the chat room asks for, and what it gives to the others. */
import type * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { ContextItem, Given } from '../context/item.ts';
import type { TokenCounts } from '../context/token-counts.ts';
import type { ComposerContext } from '../context/vscode/composer-context.ts';
import type { WorkspaceRules } from '../context/vscode/rules.ts';
import type { CommandTable } from '../host/commands.ts';
import type { CodeToApply } from '../protocol/fences.ts';
import type { SlashCommands } from './slash.ts';
import type { Setup } from './vscode/first-run.ts';

export interface ChatOptions {
  readonly context: vscode.ExtensionContext;
  readonly backend: Backend;
  readonly logger: Logger;
  readonly counts: TokenCounts;
  /** Made when it is first asked for. */
  readonly composer: () => ComposerContext;
  /** Made when they are first asked for, too. */
  readonly rules: () => WorkspaceRules;
  readonly slash: SlashCommands;
  /** Proposes code of an answer as a change, to be reviewed. */
  readonly applyCode: (blocks: readonly CodeToApply[]) => Promise<void>;
  /** What other rooms do for the buttons of an error card. */
  readonly chooseModel: () => Promise<boolean>;
  /** What is shown where no model is chosen; made when it is first asked for. */
  readonly firstRun: () => Promise<Setup>;
  readonly restartEngine: () => Promise<void>;
  readonly showLog: () => void;
  readonly openSettings: () => Promise<void>;
}

export type ChatCommand =
  | 'ponder.newConversation'
  | 'ponder.showHistory'
  | 'ponder.focusChat'
  | 'ponder.stop'
  | 'ponder.answerNow'
  | 'ponder.exportConversation'
  | 'ponder.importTranscript'
  | 'ponder.deleteConversation'
  | 'ponder.compactConversation'
  | 'ponder.findThought'
  | 'ponder.collapseThoughts'
  | 'ponder.copyThought';

export interface ChatRoom extends Disposable {
  readonly commands: Pick<CommandTable, ChatCommand>;
  /** Speed of the conversation's last answer; undefined: there is none. */
  readonly tokensPerSecond: number | undefined;
  /** Brings the chat into view, with the caret in its composer. */
  show(): Promise<void>;
  /** Asks in the open conversation and shows it. While an answer is being written, offers to stop that. */
  ask(question: string, given: Given): Promise<void>;
  /** Shows what was asked and answered elsewhere, as a turn of the open conversation. */
  showAnswer(question: string, answer: string, files: readonly ContextItem[]): Promise<void>;
}
