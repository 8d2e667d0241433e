/** The files that `@workspace` picks for the question in the composer, to be seen and edited before they are sent. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { isAbort } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import type { PicksState } from '../../protocol/webview.ts';
import { formatItem } from '../format.ts';
import type { ContextItem } from '../item.ts';
import type { TokenCounts } from '../token-counts.ts';
import type { AttachmentReader } from './attachment-reader.ts';
import type { RankedFile, WorkspaceIndex } from './workspace-index.ts';

export interface PicksOptions {
  readonly index: WorkspaceIndex;
  readonly reader: AttachmentReader;
  readonly counts: TokenCounts;
  readonly logger: Logger;
}

interface Pick {
  readonly id: string;
  readonly file: RankedFile;
  readonly item: ContextItem;
  readonly tokens: number | undefined;
}

/** Typing is over for so long before files are picked, ms. */
const pause = 250;
/** Files picked, and tokens of them together: few whole files are read better than many. */
const mostFiles = 8;
const mostTokens = 16_384;
/** Editors looked at last. */
const mostRecent = 16;

export class WorkspacePicks implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new Emitter<void>((error) => this.options.logger.error(String(error))));
  readonly onDidChange = this.#changed.event;
  #question = '';
  #picks: readonly Pick[] = [];
  #removed = new Set<string>();
  #status: 'picking' | 'ready' = 'ready';
  #aborter = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #recent: readonly vscode.Uri[] = [];

  constructor(private readonly options: PicksOptions) {
    this.#disposables.add(options.index.onDidChangeState(() => this.#changed.fire()));
    this.#disposables.add(
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (!editor) return;
        const { uri } = editor.document;
        this.#recent = [uri, ...this.#recent.filter((other) => other.toString() !== uri.toString())].slice(0, mostRecent);
      }),
    );
  }

  get state(): PicksState {
    const { state } = this.options.index;
    const building = state.kind === 'building' && this.#status === 'picking';
    return {
      status: building ? 'indexing' : this.#status,
      ...(building ? { progress: { done: state.done, total: state.total } } : {}),
      files: this.#picks.map(({ id, file, tokens }) => ({ id, path: file.path, tokens, why: whyWords(file) })),
    };
  }

  /** Of all of them together, once they are counted. */
  get tokens(): { readonly tokens: number } | undefined {
    return this.#picks.every(({ tokens }) => tokens !== undefined) ? { tokens: this.#picks.reduce((sum, { tokens = 0 }) => sum + tokens, 0) } : undefined;
  }

  /** Whether the list is of this question, and was there to be seen. */
  isFor(question: string): boolean {
    return this.#status === 'ready' && this.#question === question.trim();
  }

  /** Whole files, best first. */
  get items(): ContextItem[] {
    return this.#picks.map(({ item }) => item);
  }

  set question(text: string) {
    const question = text.trim();
    if (question === this.#question) return;
    this.#question = question;
    this.#stop();
    if (question === '' || !vscode.workspace.isTrusted) {
      this.#show([], 'ready');
      return;
    }
    this.#show(this.#picks, 'picking');
    this.#timer = setTimeout(() => void this.#pick(question, this.#aborter.signal), pause);
  }

  uriOf(id: string): vscode.Uri | undefined {
    return this.#picks.find((pick) => pick.id === id)?.file.uri;
  }

  /** For this question; another one may bring the file again. */
  remove(id: string): void {
    this.#removed.add(id);
    this.#show(
      this.#picks.filter((pick) => pick.id !== id),
      this.#status,
    );
  }

  reset(): void {
    this.#stop();
    this.#question = '';
    this.#removed = new Set();
    this.#show([], 'ready');
  }

  dispose(): void {
    this.#stop();
    this.#disposables.dispose();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#aborter.abort();
    this.#aborter = new AbortController();
  }

  async #pick(question: string, signal: AbortSignal): Promise<void> {
    const { index, reader, counts, logger } = this.options;
    try {
      const open = vscode.window.visibleTextEditors.map(({ document }) => document.uri);
      const ranked = await index.search(question, { limit: 2 * mostFiles, open, recent: this.#recent }, signal);
      const wanted = ranked.filter(({ uri }) => !this.#removed.has(uri.toString())).slice(0, mostFiles);
      const read = await Promise.all(wanted.map(async (file) => ({ file, items: (await reader.read({ kind: 'file', uri: file.uri.toString() })).items })));
      const found = read.flatMap(({ file, items: [item] }) => (item ? [{ id: file.uri.toString(), file, item, tokens: undefined }] : []));
      signal.throwIfAborted();
      this.#show(found, 'picking');
      const tokens = await counts.all(found.map(({ item }) => formatItem(item)));
      signal.throwIfAborted();
      this.#show(upTo(mostTokens, found.map((pick, index) => ({ ...pick, tokens: tokens[index] ?? 0 }))), 'ready');
    } catch (error) {
      if (isAbort(error)) return;
      logger.warn(`Picking files of the workspace: ${String(error)}`);
      this.#show([], 'ready');
    }
  }

  #show(picks: readonly Pick[], status: 'picking' | 'ready'): void {
    this.#picks = picks.filter(({ id }) => !this.#removed.has(id));
    this.#status = status;
    this.#changed.fire();
  }
}

/** The best ones that fit together; one that is too large by itself leaves room for others. */
function upTo<T extends { readonly tokens: number }>(limit: number, picks: readonly T[]): T[] {
  let total = 0;
  return picks.filter(({ tokens }) => {
    if (total + tokens > limit) return false;
    total += tokens;
    return true;
  });
}

/** The strongest reason, in a few words. */
function whyWords({ why }: RankedFile): string {
  const names = why.find((reason) => reason.kind === 'names');
  if (names) return l10n.t('names {0}', names.symbol);
  const imported = why.find((reason) => reason.kind === 'imported');
  if (imported) return l10n.t('imported by {0}', imported.by);
  if (why.some(({ kind }) => kind === 'open')) return l10n.t('open in an editor');
  const words = why.find((reason) => reason.kind === 'words');
  return words ? words.words.slice(0, 3).join(', ') : '';
}
