/** Whether the user could change a document by hand: a model is not asked for what cannot be done. */
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';

/** In doubt it is. */
export async function isWritable(document: vscode.TextDocument): Promise<boolean> {
  const { uri } = document;
  if (uri.scheme === 'untitled') return true;
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false || isReadonlyBySetting(document)) return false;
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(uri);
    if (permissions & vscode.FilePermission.Readonly) return false;
    // VS Code tells extensions nothing of the permissions of files on disk; this is how it sees them itself.
    return uri.scheme !== 'file' || ((await stat(uri.fsPath)).mode & 0o200) !== 0;
  } catch {
    // Deleted since, say: the editor still has the text.
    return true;
  }
}

/** `files.readonlyInclude` and `files.readonlyExclude`: nothing tells extensions what they come to. */
function isReadonlyBySetting(document: vscode.TextDocument): boolean {
  const files = vscode.workspace.getConfiguration('files', document.uri);
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const matches = (key: 'readonlyInclude' | 'readonlyExclude'): boolean =>
    Object.entries(files.get<Readonly<Record<string, unknown>>>(key, {})).some(([glob, on]) => {
      const pattern = folder && !glob.startsWith('/') ? new vscode.RelativePattern(folder, glob) : glob;
      return on === true && vscode.languages.match({ pattern }, document) > 0;
    });
  return matches('readonlyInclude') && !matches('readonlyExclude');
}
