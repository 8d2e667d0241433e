/** The door of the context room: what the composer's chips stand for, and the commands that add to them. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { CommandTable } from '../host/commands.ts';
import type { Attachment } from './attachment.ts';
import { TokenCounts } from './token-counts.ts';
import { AttachmentReader } from './vscode/attachment-reader.ts';
import { ComposerContext } from './vscode/composer-context.ts';
import { currentFile, currentSelection } from './vscode/offers.ts';
import { ProblemActions } from './vscode/problem-actions.ts';
import { ReadableFiles } from './vscode/readable-files.ts';
import { WorkspaceRules } from './vscode/rules.ts';
import { createWorkspaceIndex } from './vscode/workspace-index.ts';

export interface ContextOptions {
  readonly backend: Backend;
  readonly logger: Logger;
  /** Absolute path of the bundled indexer. */
  readonly indexer: string;
  /** Brings the chat into view, with the caret in its composer. */
  readonly showChat: () => Promise<void>;
}

export type ContextCommand = 'ponder.addToContext' | 'ponder.addSelectionToContext' | 'ponder.addProblemsToContext' | 'ponder.addWorkspaceToContext';

export interface Context extends Disposable {
  readonly commands: Pick<CommandTable, ContextCommand>;
  readonly counts: TokenCounts;
  /** Made when it is first asked for: a window in which nobody chats needs none of it. */
  readonly composer: () => ComposerContext;
  /** Made when they are first asked for, too. */
  readonly rules: () => WorkspaceRules;
  /** Adds to the composer and brings the chat into view. */
  attach(attachments: readonly Attachment[]): Promise<void>;
}

export function register({ backend, logger, indexer, showChat }: ContextOptions): Context {
  const disposables = new DisposableStore();
  const counts = new TokenCounts(backend);
  let made: ComposerContext | undefined;
  const composer = (): ComposerContext => {
    if (made) return made;
    const files = disposables.add(new ReadableFiles());
    const index = disposables.add(createWorkspaceIndex({ entry: indexer, logger }));
    made = disposables.add(new ComposerContext({ backend, reader: new AttachmentReader(files), counts, index, logger }));
    return made;
  };
  let madeRules: WorkspaceRules | undefined;
  const attach = async (attachments: readonly Attachment[]): Promise<void> => {
    if (attachments.length === 0) void vscode.window.showInformationMessage(l10n.t('There is nothing here to add.'));
    else {
      await composer().attach(attachments);
      await showChat();
    }
  };
  disposables.add(vscode.languages.registerCodeActionsProvider({ pattern: '**' }, new ProblemActions(), ProblemActions.metadata));
  return {
    counts,
    composer,
    rules: () => (madeRules ??= disposables.add(new WorkspaceRules({ backend, counts, logger }))),
    attach,
    commands: {
      'ponder.addToContext': async (clicked, selected) => attach(await filesOf(clicked, selected)),
      'ponder.addSelectionToContext': () => attach([currentSelection() ?? currentFile()].filter((each) => each !== undefined)),
      'ponder.addProblemsToContext': () => attach([{ kind: 'problems' }]),
      'ponder.addWorkspaceToContext': () => attach([{ kind: 'workspace' }]),
    },
    dispose: () => disposables.dispose(),
  };
}

/** What menus hand over: the resource clicked and all that are selected; from the palette neither. */
async function filesOf(clicked: unknown, selected: unknown): Promise<Attachment[]> {
  const several = Array.isArray(selected) ? selected.filter((each) => each instanceof vscode.Uri) : [];
  const uris = several.length > 0 ? several : clicked instanceof vscode.Uri ? [clicked] : [];
  if (uris.length === 0) {
    const current = currentFile();
    return current ? [current] : [];
  }
  const kinds = uris.map(async (uri) => {
    const type = await vscode.workspace.fs.stat(uri).then(({ type: found }) => found, () => vscode.FileType.File);
    return { kind: type & vscode.FileType.Directory ? ('folder' as const) : ('file' as const), uri: uri.toString() };
  });
  return Promise.all(kinds);
}
