/** The conversations of a workspace: which is open, and those that are kept. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PonderError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { newConversation, type Conversation } from '../conversation.ts';
import type { ChatSession } from '../session.ts';
import { ConversationStore } from '../store.ts';
import { pickConversation } from './history.ts';
import { importFromEditor } from './transcripts.ts';

export interface ConversationsOptions {
  readonly context: vscode.ExtensionContext;
  readonly session: ChatSession;
  readonly logger: Logger;
  /** Brings the chat into view. */
  readonly show: () => Promise<void>;
  /** For what has no caller to report to. */
  readonly run: (work: Promise<void>) => void;
}

/** Where the conversation last open in this workspace is remembered. */
const lastKey = 'conversation';
/** Deleted conversations can be restored for 30 days, in ms. */
const trashAge = 30 * 24 * 60 * 60 * 1000;

export class Conversations {
  readonly #store: ConversationStore;
  #opened: Promise<void> | undefined;

  constructor(private readonly options: ConversationsOptions) {
    const { storageUri, globalStorageUri } = options.context;
    this.#store = new ConversationStore(path.join((storageUri ?? globalStorageUri).fsPath, 'conversations'));
  }

  /** Opens the conversation this workspace had open last, the first time anything asks for it. */
  ensureOpened(): Promise<void> {
    this.#opened ??= (async () => {
      const { context, logger } = this.options;
      void this.#store.emptyTrash(Date.now() - trashAge).catch((error: unknown) => logger.warn(String(error)));
      const id = context.workspaceState.get<unknown>(lastKey);
      if (typeof id === 'string') await this.#open(id).catch((error: unknown) => logger.warn(String(error)));
    })();
    return this.#opened;
  }

  /** What is worth keeping is also what the next window opens with. */
  async save(conversation: Conversation): Promise<void> {
    await this.#store.save(conversation);
    await this.#remember(conversation.id);
  }

  async create(): Promise<void> {
    await this.#show(newConversation(randomUUID(), Date.now()));
    await this.options.show();
  }

  /** Lets the user choose another one. */
  async choose(): Promise<void> {
    await this.ensureOpened();
    const current = this.options.session.conversation.id;
    const id = await pickConversation(this.#store, current, (deleted) => this.delete(deleted));
    if (id === undefined || id === current) return;
    await this.#open(id);
    await this.options.show();
  }

  async delete(id: string): Promise<void> {
    const current = this.options.session.conversation.id === id;
    if (current) await this.#show(newConversation(randomUUID(), Date.now()));
    await this.#store.delete(id);
    const undo = l10n.t('Undo');
    this.options.run(
      (async () => {
        const choice = await vscode.window.showInformationMessage(l10n.t('The conversation is deleted.'), undo);
        if (choice === undo && (await this.#store.restore(id)) && current) await this.#open(id);
      })(),
    );
  }

  async import(): Promise<void> {
    await this.ensureOpened();
    const imported = await importFromEditor();
    if (!imported) return;
    const now = Date.now();
    const conversation = { ...imported, id: randomUUID(), created: now, updated: now };
    await this.#store.save(conversation);
    await this.#show(conversation);
    await this.options.show();
  }

  async #open(id: string): Promise<void> {
    const { conversation, damage, newer } = await this.#store.load(id);
    await this.#show(conversation);
    if (newer) void vscode.window.showWarningMessage(l10n.t('This conversation was written by a newer Ponder. What you add here will not be kept.'));
    if (damage) this.options.run(this.#reportDamage(damage));
  }

  async #show(conversation: Conversation): Promise<void> {
    this.#opened ??= Promise.resolve();
    await this.options.session.open(conversation);
    await this.#remember(conversation.id);
  }

  async #remember(id: string): Promise<void> {
    const { workspaceState } = this.options.context;
    if (workspaceState.get<unknown>(lastKey) !== id) await workspaceState.update(lastKey, id);
  }

  async #reportDamage({ code, message, data }: PonderError): Promise<void> {
    this.options.logger.warn(`${code}: ${message}`);
    const open = l10n.t('Open the damaged file');
    const choice = await vscode.window.showWarningMessage(l10n.t('A conversation file was damaged. Turns kept: {0}. Turns lost: {1}.', data['kept'] ?? 0, data['lost'] ?? 0), open);
    if (choice === open) await vscode.window.showTextDocument(vscode.Uri.file(String(data['copy'])));
  }
}
