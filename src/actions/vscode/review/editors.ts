/** The editors of reviews: opened in place of the file, and the file in place of them when all is decided. */
import * as vscode from 'vscode';
import { proposalScheme } from '../../../host/manifest.ts';
import { hunkAt, toDocument, toShown, type ShownHunk } from '../../review/render.ts';
import type { ReviewDocuments } from './documents.ts';
import { exists, type ReviewedFile } from './reviewed-file.ts';

/** Lines of the document, from 0. */
export interface DocumentPlace {
  readonly line: number;
  /** First one that can be seen. */
  readonly top: number;
}

export class ReviewEditors {
  /** Tabs that we close ourselves, by the URI of their document. */
  readonly closing = new Set<string>();

  constructor(private readonly documents: ReviewDocuments) {}

  /** Opens the review where the file is, or brings it to the front; with the cursor at a hunk. */
  async show(file: ReviewedFile, id?: string): Promise<void> {
    const open = tabsOf(file.reviewUri)[0];
    const beside = editorOf(file.uri);
    const document = await inLanguageOf(file, await vscode.workspace.openTextDocument(file.reviewUri));
    const viewColumn = open?.group.viewColumn ?? beside?.viewColumn;
    const top = beside?.visibleRanges[0]?.start.line;
    const editor = await vscode.window.showTextDocument(document, { preview: false, ...(viewColumn === undefined ? {} : { viewColumn }) });
    await this.documents.flush(file);
    if (!open && top !== undefined) {
      const line = toShown(file.rendering, top);
      editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
    }
    const shown = file.rendering.hunks.find(({ hunk }) => hunk.id === id);
    if (shown) reveal(editor, shown);
  }

  /** The file whose review has the focus, with the line of the cursor. */
  active(): { file: ReviewedFile; editor: vscode.TextEditor; line: number } | undefined {
    const editor = vscode.window.activeTextEditor;
    const file = editor && this.documents.fileOf(editor.document.uri);
    return editor && file ? { file, editor, line: editor.selection.active.line } : undefined;
  }

  hunkAtCursor(): { file: ReviewedFile; id: string } | undefined {
    const active = this.active();
    const shown = active && hunkAt(active.file.rendering, active.line);
    return active && shown ? { file: active.file, id: shown.hunk.id } : undefined;
  }

  /** Where the user is in the document, by what its review shows. */
  placeOf(file: ReviewedFile): DocumentPlace | undefined {
    const editor = editorOf(file.reviewUri);
    if (!editor) return undefined;
    const line = (shown: number): number => toDocument(file.rendering, shown);
    return { line: line(editor.selection.active.line), top: line(editor.visibleRanges[0]?.start.line ?? 0) };
  }

  /** Closes the review. Where it was in sight, the file takes its place. */
  async close(file: ReviewedFile, place: DocumentPlace | undefined): Promise<void> {
    const tabs = tabsOf(file.reviewUri);
    const inFront = tabs.find((tab) => tab.isActive);
    if (inFront && (await exists(file.uri))) {
      const document = await vscode.workspace.openTextDocument(file.uri);
      const editor = await vscode.window.showTextDocument(document, { viewColumn: inFront.group.viewColumn, preserveFocus: !inFront.group.isActive, preview: false });
      if (place) {
        const line = document.lineAt(Math.min(place.line, document.lineCount - 1));
        const at = new vscode.Position(line.lineNumber, line.firstNonWhitespaceCharacterIndex);
        editor.selection = new vscode.Selection(at, at);
        editor.revealRange(new vscode.Range(place.top, 0, place.top, 0), vscode.TextEditorRevealType.AtTop);
        editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.Default);
      }
    }
    const keys = [file.reviewUri, file.proposalUri].map(String);
    for (const key of keys) this.closing.add(key);
    try {
      await closeTabs((uri) => keys.includes(uri.with({ fragment: '' }).toString()));
    } finally {
      for (const key of keys) this.closing.delete(key);
    }
  }
}

/** Closes tabs of documents of ours, and diff editors in which one is the right side. */
export async function closeTabs(ours: (uri: vscode.Uri) => boolean): Promise<void> {
  const tabs = allTabs().filter(({ input }) => (input instanceof vscode.TabInputText && ours(input.uri)) || (input instanceof vscode.TabInputTextDiff && input.modified.scheme === proposalScheme && ours(input.modified)));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

export function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  return allTabs().filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

function allTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
}

function editorOf(uri: vscode.Uri): vscode.TextEditor | undefined {
  const editors = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());
  return editors.find((editor) => editor === vscode.window.activeTextEditor) ?? editors[0];
}

function reveal(editor: vscode.TextEditor, { start, end }: ShownHunk): void {
  const line = Math.min(start, editor.document.lineCount - 1);
  editor.selection = new vscode.Selection(line, 0, line, 0);
  editor.revealRange(new vscode.Range(Math.max(0, line - 1), 0, Math.max(line, end - 1), 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The path tells most languages; one that the user chose is known by the document alone. */
async function inLanguageOf(file: ReviewedFile, document: vscode.TextDocument): Promise<vscode.TextDocument> {
  const real = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.key);
  return real && real.languageId !== document.languageId ? vscode.languages.setTextDocumentLanguage(document, real.languageId) : document;
}
