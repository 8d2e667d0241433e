/** What lies at hand: the file and the selection in the editor in front. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Attachment } from '../attachment.ts';

/** Never a document that is none of the user's, such as a log. */
export function currentFile(): (Attachment & { readonly kind: 'file' }) | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (!document || !(vscode.workspace.getWorkspaceFolder(document.uri) || document.uri.scheme === 'untitled')) return undefined;
  return { kind: 'file', uri: document.uri.toString() };
}

/** Whole lines, since half of one says little. */
export function currentSelection(): (Attachment & { readonly kind: 'selection' }) | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return undefined;
  const { document, selection } = editor;
  // A selection that ends before a line's first character does not mean that line.
  const last = selection.end.character === 0 && selection.end.line > selection.start.line ? selection.end.line - 1 : selection.end.line;
  return selectionOf(document, new vscode.Range(selection.start.line, 0, last, document.lineAt(last).text.length));
}

function selectionOf(document: vscode.TextDocument, range: vscode.Range): Attachment & { readonly kind: 'selection' } {
  const lines = { start: range.start.line + 1, end: range.end.line + 1 };
  const label = lines.start === lines.end ? l10n.t('Line {0}', lines.start) : l10n.t('Lines {0}–{1}', lines.start, lines.end);
  const item = { kind: 'selection', path: vscode.workspace.asRelativePath(document.uri), content: document.getText(range), lines } as const;
  return { kind: 'selection', uri: document.uri.toString(), label, item };
}
