/** Proposals under review, and the commands that decide on them. The user's documents are not touched before. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { Mutex } from '../../base/async.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { toPonderError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { setContextKey, type CommandTable } from '../../host/commands.ts';
import { contextKeys, proposalScheme, reviewScheme } from '../../host/manifest.ts';
import { linesOf } from '../lines.ts';
import { newReview, obstructed, rejected } from '../review/file-review.ts';
import { hunkAt } from '../review/render.ts';
import { accept, type Acceptance } from './review/accept.ts';
import { announce, nothing, ReviewDocuments, undecided } from './review/documents.ts';
import { closeTabs, ReviewEditors, tabsOf } from './review/editors.ts';
import { Proposal, type Receiver } from './review/proposals.ts';
import { exists, ReviewedFile } from './review/reviewed-file.ts';
import { ReviewTree, type ReviewTarget } from './review/tree.ts';
import type { OpenReview, ProposedFile, ReviewCommand, Reviews } from './reviews.ts';

export function createReviews(logger: Logger): Reviews {
  return new ReviewList(logger);
}

const target = v.object({ uri: v.string(), id: v.optional(v.string()), show: v.optional(v.boolean()) });

/** Where in each file something is decided: which hunk, and which line of the document; `top` is the first in sight. */
type Places = ReadonlyMap<ReviewedFile, { readonly index: number; readonly line: number; readonly top: number | undefined }>;

class ReviewList implements Reviews, Receiver {
  /** In the order in which they were proposed. */
  readonly #files = new Map<string, ReviewedFile>();
  readonly #proposals = new Map<ReviewedFile, Proposal>();
  readonly #disposables = new DisposableStore();
  readonly #documents = this.#disposables.add(new ReviewDocuments(this.#files));
  readonly #editors = new ReviewEditors(this.#documents);
  readonly #tree = this.#disposables.add(new ReviewTree(this.#files));
  /** Proposals come while the user decides: one at a time. */
  readonly #turns = new Mutex();

  constructor(private readonly logger: Logger) {
    this.#disposables.add(vscode.workspace.onDidChangeTextDocument((event) => this.#onDocumentChange(event)));
    this.#disposables.add(vscode.workspace.onDidDeleteFiles(({ files }) => this.#onDelete(files)));
    this.#disposables.add(vscode.workspace.onDidRenameFiles(({ files }) => this.#onDelete(files.map(({ oldUri }) => oldUri))));
    this.#disposables.add(vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.#onTabsClosed(closed)));
    // Of a window that was closed in the middle of a review, the tabs come back and the proposals do not.
    this.#run(closeTabs(({ scheme, query }) => (scheme === reviewScheme || scheme === proposalScheme) && !this.#files.has(query)));
  }

  readonly commands: Pick<CommandTable, ReviewCommand> = {
    'ponder.acceptHunk': (argument) => this.#turns.run(() => this.#acceptAt(this.#target(argument))),
    'ponder.rejectHunk': (argument) => this.#turns.run(() => this.#rejectAt(this.#target(argument))),
    'ponder.nextHunk': (argument) => this.#turns.run(() => this.#go(1, this.#target(argument))),
    'ponder.previousHunk': (argument) => this.#turns.run(() => this.#go(-1, this.#target(argument))),
    'ponder.acceptAll': (argument) => this.#turns.run(() => this.#accept(this.#filesOf(this.#target(argument)).map(all))),
    'ponder.rejectAll': (argument) => this.#turns.run(() => this.#rejectAll(this.#filesOf(this.#target(argument)))),
    'ponder.openReviewDiff': (argument) => this.#openDiff(this.#target(argument)),
  };

  begin(title: string): OpenReview {
    return new Proposal(title, this);
  }

  dispose(): void {
    for (const proposal of this.#proposals.values()) proposal.dispose();
    this.#files.clear();
    this.#showKeys();
    this.#disposables.dispose();
  }

  // What proposals say.

  take(proposal: Proposal, proposed: ProposedFile): Promise<void> {
    return this.#turns.run(async () => {
      if (!proposal.open) return;
      const key = proposed.uri.toString();
      let file = this.#files.get(key);
      if (file && this.#proposals.get(file) !== proposal) {
        // Another proposal has come since.
        if (proposal.seen.has(key)) return;
        if (file.state.hunks.length > 0) announce(l10n.t('{0}: the changes proposed before have been withdrawn.', file.path));
        await this.#drop(file);
        file = undefined;
      }
      if (!file && proposal.seen.has(key)) return;
      const first = ![...this.#proposals].some(([each, of]) => of === proposal && (each.state.hunks.length > 0 || each.decided > 0));
      file ??= await this.#open(proposal, proposed);
      file.propose(proposed.proposal);
      this.#changed(file);
      if (first && file.state.hunks.length > 0) await this.#editors.show(file, file.state.hunks[0]?.id);
    });
  }

  finished(proposal: Proposal): Promise<void> {
    return this.#turns.run(async () => {
      proposal.dispose();
      for (const file of this.#filesBy(proposal)) {
        file.streaming = false;
        if (file.state.hunks.length === 0) await this.#drop(file);
        else this.#changed(file);
      }
    });
  }

  withdrawn(proposal: Proposal): Promise<void> {
    return this.#turns.run(async () => {
      for (const file of this.#filesBy(proposal)) await this.#drop(file);
    });
  }

  onError(error: unknown): void {
    this.logger.error(`review: ${toPonderError(error).message}`);
  }

  async #open(proposal: Proposal, { uri, original }: ProposedFile): Promise<ReviewedFile> {
    const there = await exists(uri);
    const lines = original && there ? linesOf((await vscode.workspace.openTextDocument(uri)).getText()) : (original ?? []);
    const obstacle = original ? (there ? undefined : 'deleted') : there ? 'appeared' : undefined;
    const file = new ReviewedFile(uri, proposal.title, original === undefined, obstructed(newReview(original ?? [], lines), obstacle));
    proposal.seen.add(file.key);
    this.#files.set(file.key, file);
    this.#proposals.set(file, proposal);
    return file;
  }

  // What the user decides.

  async #acceptAt(at: ReviewTarget | undefined): Promise<void> {
    if (at && at.id === undefined) return this.#accept(this.#filesOf(at).map(all));
    const found = this.#find(at);
    if (!found) return this.#go(1, undefined);
    await this.#accept([{ file: found.file, ids: [found.id] }]);
  }

  async #accept(wanted: readonly Acceptance[]): Promise<void> {
    const complete = wanted.map(({ file, ids }) => ({ file, ids: ids.filter((id) => id !== file.growing) }));
    if (complete.every(({ ids }) => ids.length === 0)) {
      if (wanted.length > 0) announce(l10n.t('This change is still being written.'));
      return;
    }
    const places = this.#places(complete);
    const problem = await accept(complete);
    if (problem !== undefined) void vscode.window.showWarningMessage(problem);
    await this.#settle(places);
  }

  async #rejectAt(at: ReviewTarget | undefined): Promise<void> {
    if (at && at.id === undefined) return this.#rejectAll(this.#filesOf(at));
    const found = this.#find(at);
    if (!found) return this.#go(1, undefined);
    const { file, id } = found;
    if (id === file.growing) return announce(l10n.t('This change is still being written.'));
    const places = this.#places([{ file, ids: [id] }]);
    file.state = rejected(file.state, id);
    file.decided++;
    await this.#settle(places);
  }

  async #rejectAll(files: readonly ReviewedFile[]): Promise<void> {
    let writing = false;
    for (const file of files) {
      const proposal = this.#proposals.get(file);
      await this.#drop(file);
      // Of a proposal that is still growing, no other file is to come either.
      if (!proposal || this.#filesBy(proposal).length > 0) continue;
      proposal.dispose();
      writing ||= file.streaming;
    }
    if (files.length > 0) announce(l10n.t('All changes are rejected.'));
    // Not waited for: it may take back the proposal, which waits for its turn.
    if (writing) this.#run(Promise.resolve(vscode.commands.executeCommand('ponder.stopEdit')));
  }

  #places(wanted: readonly Acceptance[]): Places {
    return new Map(
      wanted.map(({ file, ids }) => {
        const index = file.state.hunks.findIndex(({ id }) => ids.includes(id));
        return [file, { index, line: file.state.hunks[index]?.at ?? 0, top: this.#editors.placeOf(file)?.top }];
      }),
    );
  }

  /** After a decision: on to the next hunk, or back to the file where none is left. */
  async #settle(places: Places): Promise<void> {
    for (const [file, { index, line, top }] of places) {
      this.#changed(file);
      const inFront = tabsOf(file.reviewUri).some((tab) => tab.isActive);
      if (file.state.hunks.length > 0) {
        await this.#documents.flush(file);
        if (inFront) await this.#editors.show(file, (file.state.hunks[index] ?? file.state.hunks[0])?.id);
      } else if (!file.streaming) {
        await this.#drop(file, { line, top: top ?? line });
        const [next] = this.#pending();
        if (inFront && next) await this.#editors.show(next, next.state.hunks[0]?.id);
      }
    }
    const left = this.#pending().reduce((sum, { state }) => sum + state.hunks.length, 0);
    announce(left === 0 ? l10n.t('All changes are decided.') : undecided(left));
  }

  async #drop(file: ReviewedFile, place = this.#editors.placeOf(file)): Promise<void> {
    this.#files.delete(file.key);
    this.#proposals.delete(file);
    this.#documents.forget(file);
    this.#tree.changed();
    this.#showKeys();
    await this.#editors.close(file, place);
  }

  /** To the next hunk, or the one before; from the last of a file to the next file, and around. */
  async #go(step: 1 | -1, at: ReviewTarget | undefined): Promise<void> {
    const chosen = at && this.#files.get(at.uri);
    if (chosen && (at.show === true || at.id === undefined)) return this.#editors.show(chosen, at.id ?? chosen.state.hunks[0]?.id);
    const files = this.#pending();
    const chosenHunk = chosen?.rendering.hunks.find(({ hunk }) => hunk.id === at?.id);
    const active = chosen && chosenHunk ? { file: chosen, line: chosenHunk.start } : this.#editors.active();
    const [first] = files;
    if (!first) return;
    if (!active) {
      const own = files.find(({ key }) => key === vscode.window.activeTextEditor?.document.uri.toString()) ?? first;
      return this.#editors.show(own, own.state.hunks[0]?.id);
    }
    const { file, line } = active;
    const { hunks } = file.rendering;
    const here = hunkAt(file.rendering, line);
    const beyond = step > 0 ? hunks.find(({ start }) => start > line && start >= (here?.end ?? 0)) : hunks.findLast(({ start }) => start < (here?.start ?? line));
    if (beyond) return this.#editors.show(file, beyond.hunk.id);
    const other = files[(files.indexOf(file) + step + files.length) % files.length] ?? file;
    await this.#editors.show(other, other.state.hunks.at(step > 0 ? 0 : -1)?.id);
  }

  async #openDiff(at: ReviewTarget | undefined): Promise<void> {
    const file = (at && this.#files.get(at.uri)) ?? this.#editors.active()?.file ?? this.#pending()[0];
    if (!file) return;
    const left = file.isNew ? file.proposalUri.with({ fragment: nothing }) : file.uri;
    await vscode.commands.executeCommand('vscode.diff', left, file.proposalUri, l10n.t('{0} (proposed)', file.path));
  }

  // What happens meanwhile.

  #onDocumentChange(event: vscode.TextDocumentChangeEvent): void {
    const file = this.#files.get(event.document.uri.toString());
    if (!file || event.contentChanges.length === 0) return;
    file.onDocumentChange(event);
    this.#changed(file);
  }

  #onDelete(uris: readonly vscode.Uri[]): void {
    for (const file of this.#files.values()) {
      const gone = uris.some((uri) => file.uri.scheme === uri.scheme && (file.uri.path === uri.path || file.uri.path.startsWith(`${uri.path}/`)));
      if (!gone || file.isNew) continue;
      file.state = obstructed(file.state, 'deleted');
      this.#changed(file);
    }
  }

  #onTabsClosed(tabs: readonly vscode.Tab[]): void {
    for (const { input } of tabs) {
      if (!(input instanceof vscode.TabInputText) || input.uri.scheme !== reviewScheme || this.#editors.closing.has(input.uri.toString())) continue;
      const file = this.#documents.fileOf(input.uri);
      // One that was moved is open elsewhere.
      if (file && file.state.hunks.length > 0 && tabsOf(input.uri).length === 0) this.#run(this.#onLeft(file));
    }
  }

  async #onLeft(file: ReviewedFile): Promise<void> {
    const show = l10n.t('Show');
    const rejectAll = l10n.t('Reject all');
    const choice = await vscode.window.showInformationMessage(`${file.path}: ${undecided(file.state.hunks.length)}.`, show, rejectAll);
    if (this.#files.get(file.key) !== file) return;
    await this.#turns.run(() => (choice === show ? this.#editors.show(file, file.state.hunks[0]?.id) : choice === rejectAll ? this.#rejectAll([file]) : Promise.resolve()));
  }

  #changed(file: ReviewedFile): void {
    this.#documents.changed(file);
    this.#tree.changed();
    this.#showKeys();
  }

  #showKeys(): void {
    const { length } = this.#pending();
    setContextKey(contextKeys.reviewing, length > 0);
    setContextKey(contextKeys.reviewingSeveral, length > 1);
  }

  #pending(): ReviewedFile[] {
    return [...this.#files.values()].filter(({ state }) => state.hunks.length > 0);
  }

  #filesBy(proposal: Proposal): ReviewedFile[] {
    return [...this.#proposals].flatMap(([file, of]) => (of === proposal ? [file] : []));
  }

  /** Lenses and the tree say what they are about; menus and keys do not. */
  #target(argument: unknown): ReviewTarget | undefined {
    const parsed = v.safeParse(target, argument);
    return parsed.success ? parsed.output : undefined;
  }

  #find(at: ReviewTarget | undefined): { file: ReviewedFile; id: string } | undefined {
    if (!at) return this.#editors.hunkAtCursor();
    const file = this.#files.get(at.uri);
    return file && at.id !== undefined ? { file, id: at.id } : undefined;
  }

  #filesOf(at: ReviewTarget | undefined): ReviewedFile[] {
    return this.#pending().filter(({ key }) => !at || key === at.uri);
  }

  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.onError(error));
  }
}

function all(file: ReviewedFile): Acceptance {
  return { file, ids: file.state.hunks.map(({ id }) => id) };
}
