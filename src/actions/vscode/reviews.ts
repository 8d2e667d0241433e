/** Proposed changes as the user decides on them, hunk by hunk. */
import type * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { CommandTable } from '../../host/commands.ts';
import type { Lines } from '../lines.ts';

export interface ProposedFile {
  readonly uri: vscode.Uri;
  /** The document as the proposal was made of it; absent: a file that is not there yet. */
  readonly original: Lines | undefined;
  /** So far. */
  readonly proposal: Lines;
}

/** One proposal, which may still be growing and may span several files. */
export interface OpenReview {
  /** Shows a file's proposal in place of what it was before; the first one opens the editor of the review. */
  propose(file: ProposedFile): Promise<void>;
  /** Nothing more will come. */
  finish(): void;
  /** Takes back all that is undecided: the bytes are what they were, but for what was accepted. */
  withdraw(): Promise<void>;
}

export type ReviewCommand =
  | 'ponder.acceptHunk'
  | 'ponder.rejectHunk'
  | 'ponder.nextHunk'
  | 'ponder.previousHunk'
  | 'ponder.acceptAll'
  | 'ponder.rejectAll'
  | 'ponder.openReviewDiff';

export interface Reviews extends Disposable {
  readonly commands: Pick<CommandTable, ReviewCommand>;
  /** @param title what was asked for: "Refactor: rename total to sum" */
  begin(title: string): OpenReview;
}
