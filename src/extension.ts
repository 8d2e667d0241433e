/** The composition root: construct, register, return. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as actions from './actions/vscode.ts';
import { LocalBackend } from './backends/local.ts';
import { meetingFolders } from './backends/meeting-place.ts';
import { RecentLog } from './base/recent-log.ts';
import { errorSentence } from './chat/error-card.ts';
import * as chat from './chat/vscode.ts';
import * as completion from './completion/vscode.ts';
import { registerCommands } from './host/commands.ts';
import * as contextOfQuestions from './context/vscode.ts';
import * as models from './models/vscode.ts';

export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const channel = vscode.window.createOutputChannel('Ponder', { log: true });
  const logger = new RecentLog(channel, () => Date.now());
  const engine = { entry: context.asAbsolutePath('dist/engine.mjs'), binaries: path.join(context.globalStorageUri.fsPath, 'backends') };
  const backend = new LocalBackend({ ...engine, logger, share: meetingFolders() });
  const showLog = (): void => channel.show();
  const openSettings = async (): Promise<void> => {
    await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`);
  };
  const modelsRoom = models.register({
    ...engine,
    backend,
    snapshots: path.join(context.globalStorageUri.fsPath, 'snapshots'),
    tuning: path.join(context.globalStorageUri.fsPath, 'threads'),
    secrets: context.secrets,
    folder: path.join(context.globalStorageUri.fsPath, 'models'),
    logger,
    showLog,
    openSettings,
    errorSentence,
    version: (context.extension.packageJSON as { readonly version: string }).version,
    extension: context.extension.id,
    recent: () => logger.lines,
    tokensPerSecond: () => chatRoom.tokensPerSecond,
  });
  const contextRoom = contextOfQuestions.register({
    backend,
    logger,
    indexer: context.asAbsolutePath('dist/indexer.cjs'),
    showChat: () => chatRoom.show(),
  });
  const chatRoom = chat.register({
    context,
    backend,
    logger,
    counts: contextRoom.counts,
    composer: contextRoom.composer,
    rules: contextRoom.rules,
    slash: { find: (query) => actionsRoom.slash.find(query), run: (text) => actionsRoom.slash.run(text) },
    applyCode: (blocks) => actionsRoom.applyCode(blocks),
    chooseModel: modelsRoom.choose,
    firstRun: modelsRoom.firstRun,
    restartEngine: () => backend.restart(),
    showLog,
    openSettings,
  });
  const actionsRoom = actions.register({
    backend,
    logger,
    counts: contextRoom.counts,
    rules: () => contextRoom.rules().items(),
    chat: {
      ask: (question, given) => chatRoom.ask(question, given),
      showAnswer: (question, answer, files) => chatRoom.showAnswer(question, answer, files),
      attach: (attachments) => contextRoom.attach(attachments),
      hasChips: () => contextRoom.composer().state.chips.length > 0,
    },
    chooseModel: modelsRoom.choose,
    restartEngine: () => backend.restart(),
    errorSentence,
  });
  const completionRoom = completion.register({
    backend,
    logger,
    memory: context.globalState,
    grammars: context.asAbsolutePath('dist/grammars'),
    showStatus: modelsRoom.showCompletions,
    errorSentence,
  });
  const commands = registerCommands(
    {
      ...chatRoom.commands,
      ...contextRoom.commands,
      ...actionsRoom.commands,
      ...completionRoom.commands,
      ...modelsRoom.commands,
      'ponder.openSettings': openSettings,
      'ponder.showLog': () => {
        showLog();
        return undefined;
      },
    },
    logger,
    errorSentence,
  );
  // Commands go first, the engine and the log last.
  context.subscriptions.push(vscode.Disposable.from(commands, completionRoom, actionsRoom, chatRoom, contextRoom, modelsRoom, backend, channel));
}
