/** The door of the actions room: commands about code, and the review of what they propose. */
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { Attachment } from '../context/attachment.ts';
import type { ContextItem, Given } from '../context/item.ts';
import type { TokenCounts } from '../context/token-counts.ts';
import { ReadableFiles } from '../context/vscode/readable-files.ts';
import type { CommandTable } from '../host/commands.ts';
import type { CodeToApply } from '../protocol/fences.ts';
import { runEdit } from './run-edit.ts';
import { applyCode } from './vscode/apply-code.ts';
import { CodeActions } from './vscode/code-actions.ts';
import { codeCommands, type CodeCommand } from './vscode/code-commands.ts';
import { createReviews } from './vscode/create-reviews.ts';
import { EditFlow } from './vscode/edit-flow.ts';
import { knowledgeOf } from './vscode/knowledge.ts';
import type { ReviewCommand } from './vscode/reviews.ts';
import type { WaysOut } from './vscode/say-error.ts';
import { TargetMark } from './vscode/show-target.ts';
import type { SlashCommands } from './vscode/slash-commands.ts';
import { createTextActions, type TextCommand } from './vscode/text-actions.ts';

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

export type ActionCommand = CodeCommand | ReviewCommand | TextCommand;

export interface Actions extends Disposable {
  readonly commands: Pick<CommandTable, ActionCommand>;
  /** For the composer. */
  readonly slash: SlashCommands;
  /** Proposes code of an answer as a change, to be reviewed. */
  applyCode(blocks: readonly CodeToApply[]): Promise<void>;
}

export function register(options: ActionsOptions): Actions {
  const { backend, logger, counts, chat } = options;
  const disposables = new DisposableStore();
  const reviews = disposables.add(createReviews(logger));
  const flow = disposables.add(new EditFlow({ ...options, runEdit, reviews, showAnswer: (...answer) => chat.showAnswer(...answer) }));
  let readable: ReadableFiles | undefined;
  // It watches files, which a window in which nobody asks for actions need not.
  const files = { read: (uri: vscode.Uri) => (readable ??= disposables.add(new ReadableFiles())).read(uri) };
  const mark = disposables.add(new TargetMark());
  const code = codeCommands({
    flow,
    files,
    knowledge: (target, limits) => knowledgeOf(target, limits, { backend, counts, files }),
    show: (place) => mark.show(place),
    ask: (question, given) => chat.ask(question, given),
    attach: (attachments) => chat.attach(attachments),
  });
  disposables.add(vscode.languages.registerCodeActionsProvider({ pattern: '**' }, new CodeActions(), CodeActions.metadata));
  const texts = disposables.add(createTextActions(options));
  return {
    slash: texts.slash,
    commands: {
      ...reviews.commands,
      ...code,
      ...texts.commands,
    },
    applyCode: (blocks) => applyCode(blocks, reviews),
    dispose: () => disposables.dispose(),
  };
}
