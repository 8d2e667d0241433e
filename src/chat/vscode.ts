/** The door of the chat room: views, commands and storage, wired to VS Code. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { toPonderError, type PonderError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { setContextKey, type CommandTable } from '../host/commands.ts';
import { insertAtCursor, openNewFile } from '../host/editors.ts';
import { chatViewId, contextKeys, thinkingViewId } from '../host/manifest.ts';
import { MessageView } from '../host/message-view.ts';
import { onDidChangeSettings, readSettings, writeSetting } from '../host/settings.ts';
import { webviewPage } from '../host/webview-page.ts';
import { chatRequest, thinkingRequest, type ChatMessage, type ChatRequest, type ThinkingMessage, type ThinkingRequest } from '../protocol/webview.ts';
import { newConversation, type Conversation } from './conversation.ts';
import { errorSentence } from './error-card.ts';
import { ChatSession, type SessionChange } from './session.ts';
import { ConversationStore } from './store.ts';
import { TurnStream } from './turn-stream.ts';
import { chatState, thinkingState, type ThinkingChoice } from './view-state.ts';
import { Draft } from './vscode/draft.ts';
import { pickConversation } from './vscode/history.ts';
import { exportToEditor, importFromEditor, registerTranscriptFolding } from './vscode/transcripts.ts';

export interface ChatOptions {
  readonly context: vscode.ExtensionContext;
  readonly backend: Backend;
  readonly logger: Logger;
  /** What other rooms do for the buttons of an error card. */
  readonly chooseModel: () => Promise<boolean>;
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
  | 'ponder.findThought'
  | 'ponder.collapseThoughts'
  | 'ponder.copyThought';

/** Where the conversation last open in this workspace is remembered. */
const lastKey = 'conversation';
/** Deleted conversations can be restored for 30 days, in ms. */
const trashAge = 30 * 24 * 60 * 60 * 1000;

export function register(options: ChatOptions): Disposable & { readonly commands: Pick<CommandTable, ChatCommand> } {
  return new Chat(options);
}

class Chat implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #store: ConversationStore;
  readonly #session: ChatSession;
  readonly #draft: Draft;
  readonly #stream = new TurnStream(() => performance.now());
  readonly #chatView: MessageView<ChatMessage, ChatRequest>;
  readonly #thinkingView: MessageView<ThinkingMessage, ThinkingRequest>;
  #opened: Promise<void> | undefined;
  /** To be revealed once the thinking view is there. */
  #pendingThought: string | undefined;

  constructor(private readonly options: ChatOptions) {
    const { context, backend, logger } = options;
    const storage = context.storageUri ?? context.globalStorageUri;
    this.#store = new ConversationStore(path.join(storage.fsPath, 'conversations'));
    this.#draft = this.#disposables.add(new Draft(context.workspaceState));
    this.#session = new ChatSession(
      {
        backend,
        logger,
        thinking: thinkingChoice,
        save: (conversation) => this.#save(conversation),
        newId: randomUUID,
        now: () => performance.now(),
        wallClock: () => Date.now(),
      },
      newConversation(randomUUID(), Date.now()),
    );
    const page = (name: 'chat' | 'thinking', title: string) => (webview: vscode.Webview) => webviewPage(webview, context.extensionUri, name, title);
    this.#chatView = new MessageView({
      page: page('chat', l10n.t('Chat')),
      requestSchema: chatRequest,
      onRequest: (request) => this.#run(this.#onChatRequest(request)),
      logger,
    });
    this.#thinkingView = new MessageView({
      page: page('thinking', l10n.t('Thinking')),
      requestSchema: thinkingRequest,
      onRequest: (request) => this.#run(this.#onThinkingRequest(request)),
      logger,
    });
    this.#disposables.add(vscode.window.registerWebviewViewProvider(chatViewId, this.#chatView));
    this.#disposables.add(vscode.window.registerWebviewViewProvider(thinkingViewId, this.#thinkingView));
    this.#disposables.add(this.#session.onDidChange((change) => this.#onSessionChange(change)));
    this.#disposables.add(backend.onDidChangeState(() => this.#refresh()));
    this.#disposables.add(onDidChangeSettings(() => this.#refresh()));
    this.#disposables.add(registerTranscriptFolding());
  }

  readonly commands: Pick<CommandTable, ChatCommand> = {
    'ponder.newConversation': () => this.#newConversation(),
    'ponder.showHistory': () => this.#showHistory(),
    'ponder.focusChat': () => this.#focusChat(),
    'ponder.stop': () => this.#session.stop(),
    'ponder.answerNow': () => this.#session.answerNow(),
    'ponder.exportConversation': async () => {
      await this.#ensureOpened();
      await exportToEditor(this.#session.conversation);
    },
    'ponder.importTranscript': () => this.#import(),
    'ponder.deleteConversation': async () => {
      await this.#ensureOpened();
      await this.#delete(this.#session.conversation.id);
    },
    'ponder.findThought': () => this.#showThinking({ type: 'find' }),
    'ponder.collapseThoughts': () => this.#showThinking({ type: 'collapseAll' }),
    'ponder.copyThought': () => this.#copyThought(),
  };

  dispose(): void {
    void this.#session.stop();
    this.#disposables.dispose();
  }

  async #onChatRequest(request: ChatRequest): Promise<void> {
    const session = this.#session;
    switch (request.type) {
      case 'ready':
        await this.#ensureOpened();
        return this.#refresh();
      case 'send':
        await this.#ensureOpened();
        return session.ask(request.text);
      case 'draft':
        this.#draft.text = request.text;
        return;
      case 'stop':
        return session.stop();
      case 'answerNow':
        return session.answerNow();
      case 'regenerate':
        return session.resend(request.turnId);
      case 'resend':
        return session.resend(request.turnId, request.text);
      case 'copy':
        return vscode.env.clipboard.writeText(request.text);
      case 'insertCode':
        return insertAtCursor(request.code);
      case 'newFile':
        return openNewFile(request.code, request.language);
      case 'openThought':
        this.#pendingThought = request.turnId;
        return this.#showThinking({ type: 'reveal', turnId: request.turnId });
      case 'setThinking':
        return writeSetting('thinking.mode', request.mode);
      case 'setBudget':
        return writeSetting('thinking.budget', request.tokens);
      case 'pickModel':
        await this.options.chooseModel();
        return;
      case 'restartEngine':
        return this.options.restartEngine();
      case 'errorAction':
        return this.#onErrorAction(request.turnId, request.action);
      case 'mention':
      case 'addContext':
      case 'removeContext':
      case 'openContext':
      case 'dropContext':
      case 'removePick':
      case 'pinPick':
      case 'compact':
      case 'undoCompact':
        return;
    }
  }

  async #onThinkingRequest(request: ThinkingRequest): Promise<void> {
    switch (request.type) {
      case 'ready':
        await this.#ensureOpened();
        this.#refresh();
        if (this.#pendingThought) this.#thinkingView.post({ type: 'reveal', turnId: this.#pendingThought });
        this.#pendingThought = undefined;
        return;
      case 'answerNow':
        return this.#session.answerNow();
      case 'openAnswer':
        await vscode.commands.executeCommand(`${chatViewId}.focus`);
        return this.#chatView.post({ type: 'reveal', turnId: request.turnId });
      case 'copy':
        return vscode.env.clipboard.writeText(request.text);
    }
  }

  async #onErrorAction(turnId: string, action: string): Promise<void> {
    const [kind, argument] = action.split(':');
    const retry = (): Promise<void> => this.#session.resend(turnId);
    switch (kind) {
      case 'retry':
        return retry();
      case 'choose-model':
        if (await this.options.chooseModel()) await retry();
        return;
      case 'restart':
        await this.options.restartEngine();
        return retry();
      case 'use-context':
        if (!/^\d{3,7}$/.test(argument ?? '')) return;
        await writeSetting('model.contextSize', Number(argument));
        return retry();
      case 'use-auto-gpu':
        await writeSetting('engine.gpu', 'auto');
        return retry();
      case 'new-conversation':
        return this.#newConversation();
      case 'open-settings':
        return this.options.openSettings();
      case 'show-log':
        return this.options.showLog();
      default:
        this.options.logger.warn(`unknown error action ${action}`);
    }
  }

  #onSessionChange(change: SessionChange): void {
    if (change.type === 'conversation') return this.#refresh();
    const { chat, thinking } = this.#stream.next(change);
    if (chat) this.#chatView.post(chat);
    if (thinking) this.#thinkingView.post(thinking);
    if (thinking?.type === 'thought') this.#describeThinking(thinking.thought.ms);
    setContextKey(contextKeys.thinking, change.turn.status === 'thinking');
  }

  #refresh(): void {
    const { backend } = this.options;
    const choice = thinkingChoice();
    const thinking = thinkingState(this.#session, backend.state, choice.mode);
    this.#chatView.post({ type: 'state', state: { ...chatState(this.#session, backend.state, choice), draft: this.#draft.text } });
    this.#thinkingView.post({ type: 'state', state: thinking });
    this.#chatView.describe(this.#session.conversation.title);
    this.#describeThinking(thinking.thoughts.at(-1)?.ms);
    setContextKey(contextKeys.running, this.#session.live !== undefined);
    if (!this.#session.live) setContextKey(contextKeys.thinking, false);
  }

  #describeThinking(ms: number | undefined): void {
    this.#thinkingView.describe(ms === undefined ? '' : l10n.t('{0} s', ms < 950 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)));
  }

  /** Opens the conversation this workspace had open last, the first time anything asks for it. */
  #ensureOpened(): Promise<void> {
    this.#opened ??= (async () => {
      void this.#store.emptyTrash(Date.now() - trashAge).catch((error: unknown) => this.options.logger.warn(String(error)));
      const id = this.options.context.workspaceState.get<unknown>(lastKey);
      if (typeof id === 'string') await this.#open(id).catch((error: unknown) => this.options.logger.warn(String(error)));
    })();
    return this.#opened;
  }

  async #open(id: string): Promise<void> {
    const { conversation, damage, newer } = await this.#store.load(id);
    await this.#show(conversation);
    if (newer) void vscode.window.showWarningMessage(l10n.t('This conversation was written by a newer Ponder. What you add here will not be kept.'));
    if (damage) this.#run(this.#reportDamage(damage));
  }

  async #reportDamage({ code, message, data }: PonderError): Promise<void> {
    this.options.logger.warn(`${code}: ${message}`);
    const open = l10n.t('Open the damaged file');
    const choice = await vscode.window.showWarningMessage(l10n.t('A conversation file was damaged. Turns kept: {0}. Turns lost: {1}.', data['kept'] ?? 0, data['lost'] ?? 0), open);
    if (choice === open) await vscode.window.showTextDocument(vscode.Uri.file(String(data['copy'])));
  }

  /** What is worth keeping is also what the next window opens with. */
  async #save(conversation: Conversation): Promise<void> {
    await this.#store.save(conversation);
    await this.#remember(conversation.id);
  }

  async #remember(id: string): Promise<void> {
    const { workspaceState } = this.options.context;
    if (workspaceState.get<unknown>(lastKey) !== id) await workspaceState.update(lastKey, id);
  }

  async #show(conversation: Conversation): Promise<void> {
    this.#opened ??= Promise.resolve();
    await this.#session.open(conversation);
    await this.#remember(conversation.id);
  }

  async #newConversation(): Promise<void> {
    await this.#show(newConversation(randomUUID(), Date.now()));
    await this.#focusChat();
  }

  async #showHistory(): Promise<void> {
    await this.#ensureOpened();
    const id = await pickConversation(this.#store, this.#session.conversation.id, (deleted) => this.#delete(deleted));
    if (id === undefined || id === this.#session.conversation.id) return;
    await this.#open(id);
    await this.#focusChat();
  }

  async #delete(id: string): Promise<void> {
    const current = this.#session.conversation.id === id;
    if (current) await this.#show(newConversation(randomUUID(), Date.now()));
    await this.#store.delete(id);
    const undo = l10n.t('Undo');
    this.#run(
      (async () => {
        const choice = await vscode.window.showInformationMessage(l10n.t('The conversation is deleted.'), undo);
        if (choice === undo && (await this.#store.restore(id)) && current) await this.#open(id);
      })(),
    );
  }

  async #import(): Promise<void> {
    await this.#ensureOpened();
    const imported = await importFromEditor();
    if (!imported) return;
    const now = Date.now();
    const conversation = { ...imported, id: randomUUID(), created: now, updated: now };
    await this.#store.save(conversation);
    await this.#show(conversation);
    await this.#focusChat();
  }

  async #focusChat(): Promise<void> {
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
    this.#chatView.post({ type: 'compose' });
  }

  async #showThinking(message: ThinkingMessage): Promise<void> {
    await vscode.commands.executeCommand(`${thinkingViewId}.focus`);
    this.#thinkingView.post(message);
  }

  async #copyThought(): Promise<void> {
    const text = this.#session.live?.thought?.text ?? this.#session.conversation.turns.findLast((turn) => turn.thought)?.thought?.text;
    if (text) await vscode.env.clipboard.writeText(text);
    else void vscode.window.showInformationMessage(l10n.t('There is no thought to copy yet.'));
  }

  /** Requests from views have no caller to report to. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      const known = toPonderError(error);
      this.options.logger.error(`${known.code}: ${known.message}`);
      void vscode.window.showErrorMessage(errorSentence(known));
    });
  }
}

function thinkingChoice(): ThinkingChoice {
  const settings = readSettings();
  return { mode: settings['thinking.mode'], budget: settings['thinking.budget'] };
}
