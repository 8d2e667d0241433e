/** What the next question is read with: the chips in the composer, what is offered, what `@workspace` has picked. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/event.ts';
import { isAbort } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { ContextState, MentionGroup } from '../../protocol/webview.ts';
import { attachmentId, isPinned, type Attachment } from '../attachment.ts';
import { formatItem } from '../format.ts';
import type { ContextItem, Given } from '../item.ts';
import type { TokenCounts } from '../token-counts.ts';
import { leftOutState } from '../words.ts';
import type { AttachmentReader } from './attachment-reader.ts';
import { chipState, offerState, type Chip } from './chip-state.ts';
import { Mentions } from './mentions.ts';
import { mayRead } from './may-read.ts';
import { currentFile, currentSelection } from './offers.ts';
import { WorkspacePicks } from './workspace-picks.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

export interface ComposerOptions {
  readonly backend: Backend;
  readonly reader: AttachmentReader;
  readonly counts: TokenCounts;
  readonly index: WorkspaceIndex;
  readonly logger: Logger;
}

/** A file or folder that stays from question to question; `uri` as text. */
export interface Pinned {
  readonly kind: 'file' | 'folder';
  readonly uri: string;
}

/** Changes come in swarms, as when a word is typed into a pinned file; ms. */
const pause = 150;

export class ComposerContext implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new Emitter<void>((error) => this.options.logger.error(String(error))));
  /** What views show, or would read, may have become another. */
  readonly onDidChange: Event<void> = this.#changed.event;
  readonly #mentions: Mentions;
  readonly #picks: WorkspacePicks;
  #chips = new Map<string, Chip>();
  /** Tokens of what has been counted, by id; what was in the context is often there again. */
  readonly #counted = new Map<string, number>();
  /** Only what the user does here loads a model. */
  #used = false;
  #offers: readonly Attachment[] = [];
  #timer: NodeJS.Timeout | undefined;
  #offerTimer: NodeJS.Timeout | undefined;
  /** Rises with each look at what the chips say. */
  #look = 0;

  constructor(private readonly options: ComposerOptions) {
    const { backend, index, reader, counts, logger } = options;
    this.#mentions = new Mentions(index, (id) => this.#counted.get(id));
    this.#picks = this.#disposables.add(new WorkspacePicks({ index, reader, counts, logger }));
    this.#offers = offersNow();
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const seen = (uri: vscode.Uri): void => {
      if (this.#chips.has('diff') || this.#concerns(uri)) this.#soon();
    };
    for (const disposable of [
      this.#picks.onDidChange(() => this.#changed.fire()),
      watcher,
      watcher.onDidChange(seen),
      watcher.onDidCreate(seen),
      watcher.onDidDelete(seen),
      vscode.window.onDidChangeActiveTextEditor(() => this.#offerSoon()),
      vscode.window.onDidChangeTextEditorSelection(() => this.#offerSoon()),
      vscode.window.tabGroups.onDidChangeTabs(() => {
        if (this.#chips.has('editors')) this.#soon();
      }),
      backend.onDidChangeState(({ kind }) => {
        if (kind === 'ready' && this.#chips.size > 0) this.#soon();
        // A model that has gone is not brought back to count what an editor shows.
        if (kind === 'idle' || kind === 'off') this.#used = false;
      }),
      // What git says changes with the file on disk only.
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#concerns(document.uri)) this.#soon();
      }),
      vscode.languages.onDidChangeDiagnostics(() => {
        if (this.#chips.has('problems')) this.#soon();
      }),
    ]) {
      this.#disposables.add(disposable);
    }
    this.#disposables.add({
      dispose: () => {
        clearTimeout(this.#timer);
        clearTimeout(this.#offerTimer);
      },
    });
  }

  get state(): ContextState {
    const chips = [...this.#chips.values()];
    return {
      // What `@workspace` comes to is what it has picked.
      chips: chips.map((chip) => chipState(chip.attachment.kind === 'workspace' ? { ...chip, ...this.#picks.tokens } : chip)),
      offers: this.#offers.filter((offer) => !this.#chips.has(attachmentId(offer))).map(offerState),
      ...(this.#chips.has('workspace') ? { picks: this.#picks.state } : {}),
      leftOut: chips.flatMap(({ reading }) => (reading?.leftOut ?? []).map(leftOutState)),
    };
  }

  get pins(): Pinned[] {
    return [...this.#chips.values()].flatMap(({ attachment }) => (attachment.kind === 'file' || attachment.kind === 'folder' ? [attachment] : []));
  }

  /** Those of another conversation; what there was before goes, unless it is to be kept. */
  showPins(pins: readonly Pinned[], { keep }: { readonly keep: boolean }): void {
    const before = this.#chips;
    this.#chips = new Map(pins.map((pin) => [attachmentId(pin), { attachment: pin }]));
    if (keep) for (const [id, chip] of before) this.#chips.set(id, chip);
    else this.#picks.reset();
    this.#refresh();
  }

  /** As it is being written; `@workspace` picks by it. */
  set question(text: string) {
    this.#picks.question = this.#chips.has('workspace') ? text : '';
  }

  mention(query: string): Promise<readonly MentionGroup[]> {
    return this.#mentions.find(query);
  }

  /** An offer or a line of the menu, by its id. */
  async add(id: string): Promise<void> {
    const offer = this.#offers.find((each) => attachmentId(each) === id);
    const attachment = offer ?? (await this.#mentions.attachmentOf(id));
    if (attachment) await this.attach([attachment]);
  }

  /** Asks first where a file looks as if it held secrets. */
  async attach(attachments: readonly Attachment[]): Promise<void> {
    this.#used = true;
    for (const attachment of attachments) {
      const id = attachmentId(attachment);
      if (this.#chips.has(id) || !(await mayAttach(attachment))) continue;
      this.#chips.set(id, { attachment });
    }
    this.#refresh();
  }

  remove(id: string): void {
    if (!this.#chips.delete(id)) return;
    if (id === 'workspace') this.#picks.reset();
    this.#refresh();
  }

  async open(id: string): Promise<void> {
    const attachment = this.#chips.get(id)?.attachment;
    switch (attachment?.kind) {
      case 'file':
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(attachment.uri));
        return;
      case 'folder':
        await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.parse(attachment.uri));
        return;
      case 'selection':
      case 'symbol': {
        const { start = 1, end = 1 } = attachment.item.lines ?? {};
        await vscode.window.showTextDocument(vscode.Uri.parse(attachment.uri), { selection: new vscode.Range(start - 1, 0, end, 0) });
        return;
      }
      case 'problems':
        await vscode.commands.executeCommand('workbench.actions.view.problems');
        return;
      case 'diff':
        await vscode.commands.executeCommand('workbench.view.scm');
        return;
      default:
        return;
    }
  }

  /** Files and folders dropped onto the view. */
  async drop(uris: readonly string[]): Promise<void> {
    const attachments: Attachment[] = [];
    for (const text of uris) {
      const uri = vscode.Uri.parse(text);
      // Looking at a path elsewhere could reach over a network, and a view's word is not to be taken for where it is.
      if (!isNear(uri)) continue;
      const type = await vscode.workspace.fs.stat(uri).then(({ type: found }) => found, () => undefined);
      if (type === undefined) continue;
      attachments.push({ kind: type & vscode.FileType.Directory ? 'folder' : 'file', uri: uri.toString() });
    }
    if (attachments.length < uris.length) void vscode.window.showWarningMessage(l10n.t('Some of what was dropped cannot be read.'));
    await this.attach(attachments);
  }

  removePick(id: string): void {
    this.#picks.remove(id);
  }

  async pinPick(id: string): Promise<void> {
    const uri = this.#picks.uriOf(id);
    if (!uri) return;
    this.#picks.remove(id);
    await this.attach([{ kind: 'file', uri: uri.toString() }]);
  }

  /** What is pinned, as it is now. */
  async pinned(): Promise<ContextItem[]> {
    const readings = await Promise.all(this.pins.map((pin) => this.options.reader.read(pin)));
    const items = readings.flatMap((reading) => reading.items);
    // A file may be pinned by itself and in its folder.
    return items.filter((item, index) => items.findIndex(({ path: other }) => other === item.path) === index);
  }

  /** Whether what would go with a question is what the user has in sight. */
  isReadyFor(question: string): boolean {
    return !this.#chips.has('workspace') || this.#picks.isFor(question);
  }

  /** What goes with this question alone, as it is now. */
  async given(): Promise<Given> {
    const passing = [...this.#chips.values()].filter(({ attachment }) => !isPinned(attachment));
    const readings = await Promise.all(passing.map(({ attachment }) => this.options.reader.read(attachment)));
    return {
      items: readings.flatMap(({ items }) => items),
      automatic: this.#chips.has('workspace') ? this.#picks.items : [],
      leftOut: readings.flatMap(({ leftOut }) => leftOut),
    };
  }

  /** The question is sent: what was chosen for it alone goes. */
  sent(): void {
    this.#chips = new Map([...this.#chips].filter(([, { attachment }]) => isPinned(attachment)));
    this.#picks.reset();
    this.#refresh();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #concerns(uri: vscode.Uri): boolean {
    const text = uri.toString();
    return [...this.#chips.values()].some(({ attachment }) => {
      if (attachment.kind === 'file') return attachment.uri === text;
      if (attachment.kind === 'folder') return text.startsWith(`${attachment.uri}/`);
      return attachment.kind === 'editors';
    });
  }

  /** A caret that moves changes what is offered, and seldom that. */
  #offerSoon(): void {
    clearTimeout(this.#offerTimer);
    this.#offerTimer = setTimeout(() => {
      const offers = offersNow();
      if (offers.map(attachmentId).join('\n') === this.#offers.map(attachmentId).join('\n')) return;
      this.#offers = offers;
      this.#changed.fire();
    }, pause);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), pause);
  }

  #refresh(): void {
    clearTimeout(this.#timer);
    this.#changed.fire();
    this.#readAll(++this.#look).catch((error: unknown) => {
      // Without a model nothing can be counted; chips then go without.
      if (!isAbort(error)) this.options.logger.debug(`Counting the context: ${String(error)}`);
    });
  }

  /** Reads all chips and counts them; a later look makes an earlier one void. */
  async #readAll(look: number): Promise<void> {
    const { reader, counts } = this.options;
    const read = await Promise.all([...this.#chips].map(async ([id, { attachment }]) => [id, await reader.read(attachment)] as const));
    if (look !== this.#look) return;
    for (const [id, reading] of read) {
      const chip = this.#chips.get(id);
      if (chip) this.#chips.set(id, { ...chip, reading });
    }
    this.#changed.fire();
    if (!this.#used && this.options.backend.state.kind !== 'ready') return;
    const totals = await Promise.all(read.map(async ([id, { items }]) => [id, sum(await counts.all(items.map(formatItem)))] as const));
    if (look !== this.#look) return;
    for (const [id, tokens] of totals) {
      const chip = this.#chips.get(id);
      if (chip) this.#chips.set(id, { ...chip, tokens });
      this.#counted.set(id, tokens);
    }
    this.#changed.fire();
  }
}

function offersNow(): Attachment[] {
  return [currentFile(), currentSelection()].filter((offer) => offer !== undefined);
}

/** In the workspace, or open in it. */
function isNear(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined || vscode.workspace.textDocuments.some((open) => open.uri.toString() === uri.toString());
}

async function mayAttach(attachment: Attachment): Promise<boolean> {
  // Of a folder, such files are left out one by one.
  if (!('uri' in attachment) || attachment.kind === 'folder') return true;
  return mayRead(vscode.Uri.parse(attachment.uri), l10n.t('Add anyway'));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
