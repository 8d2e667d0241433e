/** The room behind the door: read from disk when the first action is asked for. */
import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { ReadableFiles } from '../../context/vscode/readable-files.ts';
import type { CommandTable } from '../../host/commands.ts';
import type { CodeToApply } from '../../protocol/fences.ts';
import { runEdit } from '../run-edit.ts';
import type { ActionCommand, ActionsOptions } from '../vscode.ts';
import { applyCode } from './apply-code.ts';
import { codeCommands } from './code-commands.ts';
import { createReviews } from './create-reviews.ts';
import { EditFlow } from './edit-flow.ts';
import { knowledgeOf } from './knowledge.ts';
import { TargetMark } from './show-target.ts';
import type { SlashCommands } from './slash-commands.ts';
import { createTextActions } from './text-actions.ts';

export interface Room extends Disposable {
  readonly commands: Pick<CommandTable, ActionCommand>;
  readonly slash: SlashCommands;
  applyCode(blocks: readonly CodeToApply[]): Promise<void>;
}

export function createRoom(options: ActionsOptions): Room {
  const { backend, logger, counts, chat } = options;
  const disposables = new DisposableStore();
  const reviews = disposables.add(createReviews(logger));
  const flow = disposables.add(new EditFlow({ ...options, runEdit, reviews, showAnswer: (...answer) => chat.showAnswer(...answer) }));
  let readable: ReadableFiles | undefined;
  // It watches files, which commands that read none need not.
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
  const texts = disposables.add(createTextActions(options));
  return {
    slash: texts.slash,
    commands: { ...reviews.commands, ...code, ...texts.commands },
    applyCode: (blocks) => applyCode(blocks, reviews),
    dispose: () => disposables.dispose(),
  };
}
