/** A file under review: its state, and the documents that show it. */
import * as vscode from 'vscode';
import { linesOf, sameLines, type Lines } from '../../lines.ts';
import { documentChanged, obstructed, proposed, type FileReview } from '../../review/file-review.ts';
import { edited, type LineEdit } from '../../review/alignment.ts';
import { render, type Rendering } from '../../review/render.ts';
import { lineEdit } from '../../review/text-edits.ts';
import { proposalScheme, reviewScheme } from '../../../host/manifest.ts';

export class ReviewedFile {
  readonly key: string;
  /** The document with the hunks in it. */
  readonly reviewUri: vscode.Uri;
  /** The right side of a diff editor. */
  readonly proposalUri: vscode.Uri;
  /** More may come. */
  streaming = true;
  /** Hunks decided so far. */
  decided = 0;
  #rendering: Rendering;
  #growing: string | undefined;
  /** What it will be once an edit is made that is under way. */
  #expected: FileReview | undefined;

  /** @param isNew it is not there before it is accepted */
  constructor(
    readonly uri: vscode.Uri,
    readonly title: string,
    readonly isNew: boolean,
    private state_: FileReview,
  ) {
    this.key = uri.toString();
    this.reviewUri = uri.with({ scheme: reviewScheme, authority: '', query: this.key, fragment: '' });
    this.proposalUri = this.reviewUri.with({ scheme: proposalScheme });
    this.#rendering = render(state_);
  }

  get state(): FileReview {
    return this.state_;
  }

  set state(state: FileReview) {
    this.state_ = state;
    this.#rendering = render(state);
  }

  get rendering(): Rendering {
    return this.#rendering;
  }

  /** Relative to the workspace. */
  get path(): string {
    return vscode.workspace.asRelativePath(this.uri);
  }

  /** The hunk that is still being written. */
  get growing(): string | undefined {
    return this.streaming ? this.#growing : undefined;
  }

  propose(proposal: Lines): void {
    const before = new Map(this.state.hunks.map((hunk) => [hunk.id, hunk]));
    this.state = proposed(this.state, proposal);
    const grown = this.state.hunks.findLast(({ id, removed, added }) => {
      const old = before.get(id);
      return !old || !sameLines(old.added, added) || !sameLines(old.removed, removed);
    });
    if (grown) this.#growing = grown.id;
  }

  /** While `work` makes the edit that leads to it, the edit is not taken for one of the user's. */
  async expect(state: FileReview, work: () => Thenable<boolean>): Promise<boolean> {
    this.#expected = state;
    try {
      const done = await work();
      if (done) this.#reached(state);
      return done;
    } finally {
      this.#expected = undefined;
    }
  }

  /** Files that are made anew are not heard of as documents. */
  #reached(state: FileReview): void {
    if (this.#expected === state) this.state = state;
  }

  onDocumentChange({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const now = linesOf(document.getText());
    if (this.#expected && sameLines(this.#expected.lines, now)) {
      this.state = this.#expected;
      this.#expected = undefined;
      return;
    }
    const edits: LineEdit[] = [];
    let lines = this.state.lines;
    for (const { range, text } of contentChanges) {
      const edit = lineEdit(lines, { start: range.start, end: range.end, text });
      edits.push(edit);
      lines = edited(lines, edit);
    }
    this.state = documentChanged(this.state, now, edits);
  }

  /** Looks at the file as it is now. The document, where there is one. */
  async refresh(): Promise<vscode.TextDocument | undefined> {
    const there = await exists(this.uri);
    this.state = obstructed(this.state, this.isNew ? (there ? 'appeared' : undefined) : there ? undefined : 'deleted');
    if (this.isNew || !there) return undefined;
    const document = await vscode.workspace.openTextDocument(this.uri);
    const lines = linesOf(document.getText());
    if (!sameLines(lines, this.state.lines)) this.state = documentChanged(this.state, lines);
    return document;
  }
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme === 'untitled') return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
