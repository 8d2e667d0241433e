/** The documents of reviews, and what is painted on them. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../base/disposable.ts';
import { proposalScheme, reviewScheme } from '../../../host/manifest.ts';
import { proposalOf } from '../../review/file-review.ts';
import { lensesOf } from '../../review/lenses.ts';
import type { MarkKind } from '../../review/render.ts';
import type { ReviewedFile } from './reviewed-file.ts';

/** Between two updates of a document while it streams, ms. */
const pause = 100;
/** A document that has not followed after so long is not waited for, ms. */
const patience = 2_000;

/** Of the right side of a diff with a file that is not there yet: the left side. */
export const nothing = 'nothing';

export interface ReviewedFiles {
  /** By its URI as text. */
  get(key: string): ReviewedFile | undefined;
  readonly size: number;
}

export class ReviewDocuments implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #textChanged = this.#disposables.add(new vscode.EventEmitter<vscode.Uri>());
  readonly #lensesChanged = this.#disposables.add(new vscode.EventEmitter<void>());
  readonly #decorations: Readonly<Record<MarkKind, vscode.TextEditorDecorationType>>;
  readonly #updates = new Map<string, { timer: NodeJS.Timeout | undefined; last: number }>();

  readonly #shownLenses = new WeakMap<ReviewedFile, string>();

  constructor(private readonly files: ReviewedFiles) {
    this.#decorations = {
      removed: this.#disposables.add(decoration('removed', '-')),
      added: this.#disposables.add(decoration('inserted', '+')),
      stale: this.#disposables.add(vscode.window.createTextEditorDecorationType({ isWholeLine: true, opacity: '0.6', gutterIconPath: sign('!', '#868686') })),
    };
    const provider: vscode.TextDocumentContentProvider = {
      onDidChange: this.#textChanged.event,
      provideTextDocumentContent: (uri) => this.#textOf(uri),
    };
    const lenses: vscode.CodeLensProvider = { onDidChangeCodeLenses: this.#lensesChanged.event, provideCodeLenses: (document) => this.lenses(document.uri) };
    for (const scheme of [reviewScheme, proposalScheme]) this.#disposables.add(vscode.workspace.registerTextDocumentContentProvider(scheme, provider));
    this.#disposables.add(vscode.languages.registerCodeLensProvider({ scheme: reviewScheme }, lenses));
    this.#disposables.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === reviewScheme) this.#paint(this.fileOf(document.uri));
      }),
    );
    this.#disposables.add(
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (document.uri.scheme === reviewScheme) this.#paint(this.fileOf(document.uri));
      }),
    );
  }

  /** Of a document of ours. */
  fileOf(uri: vscode.Uri): ReviewedFile | undefined {
    return uri.scheme === reviewScheme || uri.scheme === proposalScheme ? this.files.get(uri.query) : undefined;
  }

  /** The file's state has changed: shows it, soon. */
  changed(file: ReviewedFile): void {
    const update = this.#updates.get(file.key) ?? { timer: undefined, last: -Infinity };
    this.#updates.set(file.key, update);
    if (update.timer) return;
    const wait = update.last + pause - performance.now();
    if (wait <= 0) this.#update(file);
    else update.timer = setTimeout(() => this.#update(file), wait);
  }

  /** Shows the file's state now, and waits until its document says so. */
  async flush(file: ReviewedFile): Promise<void> {
    this.#update(file);
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.reviewUri.toString());
    const follows = (): boolean => !document || document.isClosed || document.getText() === file.rendering.lines.join('\n');
    if (follows()) return this.#paint(file);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve();
      };
      const timer = setTimeout(done, patience);
      const listener = vscode.workspace.onDidChangeTextDocument(() => {
        if (follows()) done();
      });
    });
    this.#paint(file);
  }

  lenses(uri: vscode.Uri): vscode.CodeLens[] {
    const file = this.fileOf(uri);
    if (!file) return [];
    return lensesOf(file.rendering, { streaming: file.streaming, growing: file.growing, several: this.files.size > 1 }).map(
      ({ line, title, tooltip, command = '', hunk }) =>
        new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          title,
          command,
          ...(tooltip === undefined ? {} : { tooltip }),
          ...(command === '' ? {} : { arguments: [{ uri: file.key, ...(hunk === undefined ? {} : { id: hunk }) }] }),
        }),
    );
  }

  forget(file: ReviewedFile): void {
    clearTimeout(this.#updates.get(file.key)?.timer);
    this.#updates.delete(file.key);
    this.#lensesChanged.fire();
  }

  dispose(): void {
    for (const { timer } of this.#updates.values()) clearTimeout(timer);
    this.#disposables.dispose();
  }

  #update(file: ReviewedFile): void {
    clearTimeout(this.#updates.get(file.key)?.timer);
    this.#updates.set(file.key, { timer: undefined, last: performance.now() });
    this.#textChanged.fire(file.reviewUri);
    this.#textChanged.fire(file.proposalUri);
    this.#showLenses(file);
    this.#paint(file);
  }

  /** Only where they are others: lenses that are drawn anew under the mouse lose its click. */
  #showLenses(file: ReviewedFile): void {
    const lenses = JSON.stringify(this.lenses(file.reviewUri));
    if (this.#shownLenses.get(file) === lenses) return;
    this.#shownLenses.set(file, lenses);
    this.#lensesChanged.fire();
  }

  #textOf(uri: vscode.Uri): string | undefined {
    const file = this.fileOf(uri);
    if (!file) return undefined;
    if (uri.scheme === reviewScheme) return file.rendering.lines.join('\n');
    return uri.fragment === nothing ? '' : proposalOf(file.state).join('\n');
  }

  #paint(file: ReviewedFile | undefined): void {
    if (!file) return;
    const { lines, marks } = file.rendering;
    for (const editor of vscode.window.visibleTextEditors) {
      // One that has not followed yet is painted as it does.
      if (editor.document.uri.toString() !== file.reviewUri.toString() || editor.document.lineCount !== Math.max(1, lines.length)) continue;
      for (const kind of ['removed', 'added', 'stale'] as const) {
        const ranges = marks.filter((mark) => mark.kind === kind).map(({ start, end }) => new vscode.Range(start, 0, end - 1, Number.MAX_SAFE_INTEGER));
        editor.setDecorations(this.#decorations[kind], ranges);
      }
    }
  }
}

function decoration(kind: 'removed' | 'inserted', text: '+' | '-'): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor(`diffEditor.${kind}LineBackground`),
    // Themes of high contrast have borders in place of backgrounds.
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
    borderColor: new vscode.ThemeColor(`diffEditor.${kind}TextBorder`),
    overviewRulerColor: new vscode.ThemeColor(`diffEditorOverview.${kind}Foreground`),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
    light: { gutterIconPath: sign(text, '#3b3b3b') },
    dark: { gutterIconPath: sign(text, '#d4d4d4') },
  });
}

/** Tells added from removed without their colours. */
function sign(text: '+' | '-' | '!', colour: string): vscode.Uri {
  const shapes = { '+': 'M8 3v10M3 8h10', '-': 'M3 8h10', '!': 'M8 3v6M8 11.5v1.5' };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path d="${shapes[text]}" stroke="${colour}" stroke-width="1.5" fill="none"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}

/** Said once in the status bar, where screen readers hear it. */
export function announce(text: string): void {
  vscode.window.setStatusBarMessage(text, 5_000);
}

export function undecided(count: number): string {
  return count === 1 ? l10n.t('1 change is undecided') : l10n.t('{0} changes are undecided', count);
}
