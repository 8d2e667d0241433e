/** What an inline completion sees of other files. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/log.ts';
import { chooseNeighbours, type Neighbour } from '../neighbours/choose.ts';
import { editExcerpt, freshEdits, noteEdit, type Edit } from '../neighbours/edits.ts';
import { excerptOf, lineNumbers, mergeExcerpts } from '../neighbours/excerpts.ts';
import { stretchNear, type Stretch } from '../neighbours/stretch.ts';
import { ImportedDeclarations } from './imported-declarations.ts';
import { OpenEditors } from './open-editors.ts';
import { ReadableFiles } from '../../context/vscode/readable-files.ts';

/** How long a completion waits for language services, ms. */
const patience = 300;
/** Most of one file, UTF-16 units; nor may it take more than a third of the budget. */
const largest = 4000;
/** Files of either kind that are looked at. */
const mostEdits = 8;
const mostEditors = 8;

export class Neighbourhood implements Disposable {
  readonly #files = new ReadableFiles();
  readonly #editors = new OpenEditors();
  readonly #declarations: ImportedDeclarations;
  readonly #listener: vscode.Disposable;
  readonly #stretches = new WeakMap<vscode.TextDocument, Stretch>();
  #edits: readonly Edit[] = [];
  #last: { readonly neighbours: readonly Neighbour[]; readonly generation: number } = { neighbours: [], generation: 0 };

  constructor(private readonly options: { readonly logger: Logger }) {
    this.#declarations = new ImportedDeclarations({ files: this.#files, logger: options.logger });
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => this.#noteChange(event));
  }

  /**
   * For a document as it is now. Never throws, and takes little more than 300 ms: what language services say later is
   * there the next time. Nothing in a workspace that is not trusted, or once the signal has aborted.
   * @param budget UTF-16 units of paths and contents
   */
  async collect(document: vscode.TextDocument, position: vscode.Position, budget: number, signal: AbortSignal): Promise<Neighbour[]> {
    if (!vscode.workspace.isTrusted || signal.aborted) return [];
    try {
      const { generation } = this.#files;
      const cap = Math.min(largest, Math.floor(budget / 3));
      const declared = this.#declarations.near(document, position);
      const looked = this.#look(document, cap);
      if (!(await inTime(Promise.all([declared.all, looked]), signal))) return [];
      const others = (await Promise.race([looked, Promise.resolve(undefined)])) ?? this.#lastBeside(document);
      const neighbours = chooseNeighbours([...mergeExcerpts(declared.known(), 'declaration', cap), ...others], budget, this.#last.neighbours);
      // The rules may have changed in between.
      if (generation !== this.#files.generation) return [];
      this.#last = { neighbours, generation };
      return neighbours;
    } catch (error) {
      this.options.logger.warn(`Looking at other files for a completion: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  dispose(): void {
    this.#listener.dispose();
    this.#editors.dispose();
    this.#files.dispose();
  }

  /** Runs at each key: remembers where, and reads nothing. */
  #noteChange({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const { scheme } = document.uri;
    // Logs and consoles are documents too.
    if (contentChanges.length === 0 || !vscode.workspace.workspaceFolders?.some(({ uri }) => uri.scheme === scheme)) return;
    const at = Date.now();
    const key = document.uri.toString();
    for (const { range, text } of contentChanges) {
      const breaks = text.includes('\n') ? text.split('\n').length - 1 : 0;
      this.#edits = noteEdit(this.#edits, { document: key, start: range.start.line, end: range.end.line, breaks, at });
    }
  }

  /** A slow disk makes no other prompt: what was there is, as long as it may be. */
  #lastBeside(current: vscode.TextDocument): readonly Neighbour[] {
    const { neighbours, generation } = this.#last;
    const path = vscode.workspace.asRelativePath(current.uri);
    return generation === this.#files.generation ? neighbours.filter((one) => one.kind !== 'declaration' && one.path !== path) : [];
  }

  async #look(current: vscode.TextDocument, cap: number): Promise<Neighbour[]> {
    const key = current.uri.toString();
    const open = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document]));
    this.#edits = freshEdits(this.#edits, Date.now());
    const edits = this.#edits.filter((edit) => edit.document !== key).slice(0, mostEdits);
    const edited = edits.map(async (edit) => {
      const document = open.get(edit.document);
      const file = document && (await this.#files.read(document.uri));
      return file ? [editExcerpt(edit, file.path, file.lines)] : [];
    });
    const editors = this.#editors.beside(current).slice(0, mostEditors);
    const shown = editors.map(async ({ document, seen }) => {
      const file = await this.#files.read(document.uri);
      if (!file) return [];
      const stretch = stretchNear(file.lines, seen, cap, this.#stretches.get(document));
      this.#stretches.set(document, stretch);
      return [excerptOf(file.path, file.lines, lineNumbers(stretch.start, stretch.end - 1))];
    });
    return [
      ...mergeExcerpts((await Promise.all(edited)).flat(), 'edit', cap),
      ...mergeExcerpts((await Promise.all(shown)).flat(), 'editor', cap),
    ];
  }
}

/** Waits for a promise, but not for long. @returns false once the signal has aborted */
async function inTime(promise: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const timer = setTimeout(end, patience);
  signal.addEventListener('abort', end);
  try {
    await Promise.race([promise, ended]);
    return !signal.aborted;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
