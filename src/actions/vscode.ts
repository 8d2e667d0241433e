/** The door of the actions room: commands about code, and the review of what they propose. */
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { Attachment } from '../context/attachment.ts';
import type { ContextItem, Given } from '../context/item.ts';
import type { TokenCounts } from '../context/token-counts.ts';
import type { CommandTable } from '../host/commands.ts';
import { applyCode, type CodeBlock } from './vscode/apply-code.ts';
import { createReviews } from './vscode/create-reviews.ts';
import type { ReviewCommand } from './vscode/reviews.ts';

export interface ActionsOptions {
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
  };
  /** What the buttons of a message do that says why something cannot be done. */
  readonly chooseModel: () => Promise<boolean>;
  readonly restartEngine: () => Promise<void>;
}

export type ActionCommand =
  | ReviewCommand
  | 'ponder.explain'
  | 'ponder.refactor'
  | 'ponder.fix'
  | 'ponder.document'
  | 'ponder.writeTests'
  | 'ponder.askAboutSelection'
  | 'ponder.commitMessage'
  | 'ponder.explainTerminal'
  | 'ponder.explainProblem'
  | 'ponder.runPrompt'
  | 'ponder.stopEdit';

export interface Actions extends Disposable {
  readonly commands: Pick<CommandTable, ActionCommand>;
  /** Proposes code of an answer as a change, to be reviewed. */
  applyCode(blocks: readonly CodeBlock[]): Promise<void>;
}

export function register({ logger }: ActionsOptions): Actions {
  const disposables = new DisposableStore();
  const reviews = disposables.add(createReviews(logger));
  const later = (): undefined => void vscode.window.showInformationMessage('later');
  return {
    commands: {
      ...reviews.commands,
      'ponder.explain': later,
      'ponder.refactor': later,
      'ponder.fix': later,
      'ponder.document': later,
      'ponder.writeTests': later,
      'ponder.askAboutSelection': later,
      'ponder.commitMessage': later,
      'ponder.explainTerminal': later,
      'ponder.explainProblem': later,
      'ponder.runPrompt': later,
      'ponder.stopEdit': later,
    },
    applyCode: (blocks) => applyCode(blocks, reviews),
    dispose: () => disposables.dispose(),
  };
}
