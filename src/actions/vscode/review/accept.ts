/** Writes accepted hunks into documents: one edit, one undo step, whatever it spans. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Lines } from '../../lines.ts';
import { accepted, editOf, type FileReview } from '../../review/file-review.ts';
import { staleSentence } from '../../review/lenses.ts';
import { textEdits } from '../../review/text-edits.ts';
import type { ReviewedFile } from './reviewed-file.ts';

export interface Acceptance {
  readonly file: ReviewedFile;
  readonly ids: readonly string[];
}

/** Applies what can be applied. What cannot be, or why nothing was, as a sentence; the files' states say the rest. */
export async function accept(wanted: readonly Acceptance[]): Promise<string | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const after: { file: ReviewedFile; state: FileReview; count: number }[] = [];
  let problem: string | undefined;
  for (const { file, ids } of wanted) {
    const document = await file.refresh();
    if (await isReadOnly(file.uri, document)) {
      problem = l10n.t('{0} is read-only. Nothing was changed in it.', file.path);
      continue;
    }
    const stale = file.state.hunks.find((hunk) => ids.includes(hunk.id) && hunk.stale !== undefined)?.stale;
    if (stale !== undefined) problem = `${file.path}: ${staleSentence(stale)}`;
    const live = ids.filter((id) => editOf(file.state, id));
    if (live.length === 0) continue;
    const state = live.reduce(accepted, file.state);
    if (document) put(edit, document, file.state.lines, live.flatMap((id) => editOf(file.state, id) ?? []));
    else edit.createFile(file.uri, { contents: Buffer.from(state.lines.join(newLine(file.uri))) });
    after.push({ file, state, count: live.length });
  }
  if (after.length === 0) return problem;
  // Each file hears of its own part of the edit.
  const apply = after.reduceRight<() => Thenable<boolean>>((rest, { file, state }) => () => file.expect(state, rest), () => vscode.workspace.applyEdit(edit));
  if (!(await apply())) {
    for (const { file } of after) await file.refresh();
    return l10n.t('VS Code could not apply the change. Nothing was changed.');
  }
  for (const { file, count } of after) file.decided += count;
  return problem;
}

function put(edit: vscode.WorkspaceEdit, document: vscode.TextDocument, lines: Lines, edits: Parameters<typeof textEdits>[1]): void {
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  for (const { start, end, text } of textEdits(lines, edits.toSorted((a, b) => a.start - b.start), eol)) {
    edit.replace(document.uri, new vscode.Range(start.line, start.character, end.line, end.character), text);
  }
}

/** What VS Code would end the lines of a new file with. */
function newLine(uri: vscode.Uri): string {
  const chosen = vscode.workspace.getConfiguration('files', uri).get<string>('eol');
  if (chosen === '\n' || chosen === '\r\n') return chosen;
  return process.platform === 'win32' ? '\r\n' : '\n';
}

async function isReadOnly(uri: vscode.Uri, document: vscode.TextDocument | undefined): Promise<boolean> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  if (!document) return false;
  try {
    if ((await vscode.workspace.fs.stat(uri)).permissions === vscode.FilePermission.Readonly) return true;
  } catch {
    // An untitled document is on no file system.
  }
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const matches = (setting: string): boolean =>
    Object.entries(vscode.workspace.getConfiguration('files', uri).get<Record<string, boolean>>(setting, {})).some(
      ([pattern, on]) => on && vscode.languages.match({ pattern: folder ? new vscode.RelativePattern(folder, pattern) : pattern }, document) > 0,
    );
  return matches('readonlyInclude') && !matches('readonlyExclude');
}
