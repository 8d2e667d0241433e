/** The door of the chat room: views, commands and storage, wired to VS Code. */
import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { toPonderError } from '../base/errors.ts';
import { setContextKey, type CommandTable } from '../host/commands.ts';
import { insertAtCursor, openNewFile } from '../host/editors.ts';
import { chatViewId, contextKeys, thinkingViewId } from '../host/manifest.ts';
import { MessageView } from '../host/message-view.ts';
import { onDidChangeSettings, readSettings, writeSetting } from '../host/settings.ts';
import { webviewPage } from '../host/webview-page.ts';
import { generationFor } from '../models/vscode/generation.ts';
import type { ComposerContext } from '../context/vscode/composer-context.ts';
import type { WorkspaceRules } from '../context/vscode/rules.ts';
import { leftOutState } from '../context/words.ts';
import { namedCode } from '../protocol/fences.ts';
import { chatRequest, thinkingRequest, type ChatMessage, type ChatRequest, type ChatState, type ThinkingMessage, type ThinkingRequest } from '../protocol/webview.ts';
import { together, type ContextItem, type Given } from '../context/item.ts';
import { newConversation, withTurn, type Turn } from './conversation.ts';
import { errorSentence } from './error-card.ts';
import { NextTurn } from './next-turn.ts';
import type { ChatCommand, ChatOptions, ChatRoom } from './room.ts';
import { ChatSession, type SessionChange } from './session.ts';
import { TurnStream } from './turn-stream.ts';
import { chatState, thinkingState, type ThinkingChoice } from './view-state.ts';
import { isContextRequest, onContextRequest } from './vscode/context-requests.ts';
import { onErrorAction } from './vscode/error-actions.ts';
import { Draft } from './vscode/draft.ts';
import { isSetupRequest, SetupView } from './vscode/first-run.ts';
import { Conversations } from './vscode/conversations.ts';
import { exportToEditor, registerTranscriptFolding } from './vscode/transcripts.ts';

export type { ChatCommand, ChatOptions, ChatRoom } from './room.ts';

export function register(options: ChatOptions): ChatRoom {
  return new Chat(options);
}

class Chat implements ChatRoom {
  readonly #disposables = new DisposableStore();
  readonly #conversations: Conversations;
  readonly #session: ChatSession;
  readonly #draft: Draft;
  readonly #nextTurn: NextTurn;
  readonly #stream = new TurnStream(() => performance.now());
  readonly #chatView: MessageView<ChatMessage, ChatRequest>;
  readonly #thinkingView: MessageView<ThinkingMessage, ThinkingRequest>;
  readonly #setup: SetupView;
  #composer: ComposerContext | undefined;
  #workspaceRules: WorkspaceRules | undefined;
  /** The conversation whose pins the composer shows. */
  #pinnedFor = '';
  /** To be revealed once the thinking view is there. */
  #pendingThought: string | undefined;

  constructor(private readonly options: ChatOptions) {
    const { context, backend, logger } = options;
    this.#draft = this.#disposables.add(new Draft(context.workspaceState));
    this.#session = new ChatSession(
      {
        backend,
        logger,
        counts: options.counts,
        thinking: thinkingChoice,
        generation: generationFor,
        rules: () => this.#rules().items(),
        pinned: () => this.#context().pinned(),
        save: (conversation) => this.#conversations.save(conversation),
        newId: randomUUID,
        now: () => performance.now(),
        wallClock: () => Date.now(),
      },
      newConversation(randomUUID(), Date.now()),
    );
    this.#conversations = new Conversations({ context, session: this.#session, logger, show: () => this.show(), run: (work) => this.#run(work) });
    this.#nextTurn = this.#disposables.add(
      new NextTurn({
        session: this.#session,
        backend,
        question: () => this.#draft.text,
        given: () => this.#context().given(),
        onDidChange: () => this.#refresh(),
        logger,
      }),
    );
    this.#setup = this.#disposables.add(
      new SetupView({
        make: options.firstRun,
        isWatched: () => this.#chatView.visible,
        onDidChange: () => this.#refresh(),
        // After the state that is being made of it.
        onDone: () => queueMicrotask(() => this.#chatView.post({ type: 'compose' })),
        onError: (error) => logger.error(`first run: ${String(error)}`),
      }),
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
    this.#disposables.add(
      backend.onDidChangeState(() => {
        this.#nextTurn.changed();
        this.#refresh();
      }),
    );
    this.#disposables.add(onDidChangeSettings(() => this.#refresh()));
    this.#disposables.add(registerTranscriptFolding());
  }

  readonly commands: Pick<CommandTable, ChatCommand> = {
    'ponder.newConversation': () => this.#conversations.create(),
    'ponder.showHistory': () => this.#conversations.choose(),
    'ponder.focusChat': () => this.show(),
    'ponder.stop': () => this.#session.stop(),
    'ponder.answerNow': () => this.#session.answerNow(),
    'ponder.exportConversation': async () => {
      await this.#conversations.ensureOpened();
      await exportToEditor(this.#session.conversation);
    },
    'ponder.importTranscript': () => this.#conversations.import(),
    'ponder.deleteConversation': async () => {
      await this.#conversations.ensureOpened();
      await this.#conversations.delete(this.#session.conversation.id);
    },
    'ponder.compactConversation': async () => {
      await this.#conversations.ensureOpened();
      await this.#session.compact();
    },
    'ponder.findThought': () => this.#showThinking({ type: 'find' }),
    'ponder.collapseThoughts': () => this.#showThinking({ type: 'collapseAll' }),
    'ponder.copyThought': () => this.#copyThought(),
  };

  get tokensPerSecond(): number | undefined {
    return this.#session.conversation.turns.findLast(({ stats }) => stats)?.stats?.tokensPerSecond;
  }

  dispose(): void {
    void this.#session.stop();
    this.#disposables.dispose();
  }

  async #onChatRequest(request: ChatRequest): Promise<void> {
    const session = this.#session;
    if (isContextRequest(request)) {
      const answer = await onContextRequest(this.#context(), request, this.#nextTurn.tokensLeft);
      if (answer) this.#chatView.post(answer);
      return;
    }
    if (isSetupRequest(request)) return this.#setup.act(request);
    switch (request.type) {
      case 'ready':
        await this.#conversations.ensureOpened();
        this.#setup.open();
        this.#rules();
        this.#showPins();
        return this.#refresh();
      case 'send':
        await this.#conversations.ensureOpened();
        return this.#ask(request.text);
      case 'draft':
        this.#draft.text = request.text;
        this.#context().question = request.text;
        return this.#nextTurn.changed();
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
      case 'applyCode':
        return this.options.applyCode([{ code: request.code, path: request.path }]);
      case 'applyAll':
        return this.options.applyCode(namedCode(session.conversation.turns.find(({ id }) => id === request.turnId)?.answer ?? ''));
      case 'slash':
        return this.#chatView.post({ type: 'slashes', query: request.query, items: await this.options.slash.find(request.query) });
      case 'openRule':
        return this.#rules().open(request.path);
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
      case 'turnOn':
        return writeSetting('enabled', true);
      case 'errorAction':
        return onErrorAction(request.action, {
          ...this.options,
          retry: () => session.resend(request.turnId),
          newConversation: () => this.#conversations.create(),
        });
      case 'compact':
        return session.compact();
      case 'undoCompact':
        return session.undoCompact();
    }
  }

  async #onThinkingRequest(request: ThinkingRequest): Promise<void> {
    switch (request.type) {
      case 'ready':
        await this.#conversations.ensureOpened();
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

  /** Made with the first thing that needs it: a window in which nobody chats needs none of it. */
  #context(): ComposerContext {
    if (!this.#composer) {
      this.#composer = this.options.composer();
      this.#disposables.add(this.#composer.onDidChange(() => this.#onContextChange()));
    }
    return this.#composer;
  }

  #rules(): WorkspaceRules {
    if (!this.#workspaceRules) {
      this.#workspaceRules = this.options.rules();
      this.#disposables.add(this.#workspaceRules.onDidChange(() => this.#onRulesChange()));
    }
    return this.#workspaceRules;
  }

  async ask(question: string, given: Given): Promise<void> {
    await this.show();
    await this.#conversations.ensureOpened();
    if (this.#session.busy) {
      const stop = l10n.t('Stop it and ask');
      if ((await vscode.window.showInformationMessage(l10n.t('Ponder is still answering.'), stop)) !== stop) return;
      await this.#session.stop();
    }
    await this.#session.ask(question, given);
  }

  async showAnswer(question: string, answer: string, files: readonly ContextItem[]): Promise<void> {
    await this.show();
    await this.#conversations.ensureOpened();
    await this.#session.stop();
    const turn: Turn = { id: randomUUID(), question, files: [...files], answer, toolCalls: [], status: 'done' };
    await this.#session.update((conversation) => withTurn(conversation, turn, Date.now()));
  }

  async #ask(text: string): Promise<void> {
    if (this.#session.busy) return;
    const slash = text.startsWith('/') ? await this.options.slash.run(text) : ({ kind: 'plain' } as const);
    if (slash.kind === 'done') return;
    if (slash.kind === 'back') return this.#chatView.post({ type: 'compose', text });
    const question = slash.kind === 'ask' ? slash.question : text;
    const composer = this.#context();
    if (!composer.isReadyFor(question)) {
      // Sent faster than files could be picked for it: back it goes, so that the list is seen first.
      composer.question = question;
      return this.#chatView.post({ type: 'compose', text: question });
    }
    const given = await composer.given();
    composer.sent();
    await this.#session.ask(question, slash.kind === 'ask' ? together(slash.given, given) : given);
  }

  /** What is pinned belongs to the conversation. */
  #onContextChange(): void {
    const { pins } = this.#context();
    const { conversation } = this.#session;
    if (this.#pinnedFor === conversation.id && JSON.stringify(pins) !== JSON.stringify(conversation.pins ?? [])) {
      this.#run(this.#session.update((now) => ({ ...now, pins })));
    }
    this.#nextTurn.changed();
    this.#refresh();
  }

  #onRulesChange(): void {
    this.#nextTurn.changed();
    this.#refresh();
  }

  #showPins(): void {
    const { id, pins = [] } = this.#session.conversation;
    if (this.#pinnedFor === id) return;
    // What was added before the view was there belongs to the conversation that it shows first.
    this.#context().showPins(pins, { keep: this.#pinnedFor === '' });
    this.#pinnedFor = id;
    this.#onContextChange();
  }

  #onSessionChange(change: SessionChange): void {
    if (change.type === 'conversation') {
      if (this.#composer) this.#showPins();
      this.#nextTurn.changed();
      return this.#refresh();
    }
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
    this.#chatView.post({ type: 'state', state: { ...this.#chatState(choice), draft: this.#draft.text } });
    this.#thinkingView.post({ type: 'state', state: thinking });
    this.#chatView.describe(this.#session.conversation.title);
    this.#describeThinking(thinking.thoughts.at(-1)?.ms);
    setContextKey(contextKeys.running, this.#session.live !== undefined);
    if (!this.#session.live) setContextKey(contextKeys.thinking, false);
  }

  #chatState(thinking: ThinkingChoice): ChatState {
    const context = this.#composer?.state ?? { chips: [], offers: [], leftOut: [] };
    const { state: rules, leftOut } = this.#workspaceRules ?? { state: [], leftOut: [] };
    return chatState(this.#session, {
      backend: this.options.backend.state,
      thinking,
      context: { ...context, leftOut: [...leftOut.map(leftOutState), ...context.leftOut] },
      rules,
      outlook: this.#nextTurn.outlook,
      setup: this.#setup.state(this.options.backend.state.kind === 'missing'),
    });
  }

  #describeThinking(ms: number | undefined): void {
    this.#thinkingView.describe(ms === undefined ? '' : l10n.t('{0} s', ms < 950 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)));
  }

  async show(): Promise<void> {
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
