import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** Puts code where the caret of the last used editor is, in place of the selection; one undo step. */
export async function insertAtCursor(code: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (!editor) {
    const newFile = l10n.t('New file');
    const choice = await vscode.window.showInformationMessage(l10n.t('No editor is open to insert into.'), newFile);
    if (choice === newFile) await openNewFile(code, '');
    return;
  }
  await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, code);
  });
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
}

/** What fences call a language, where VS Code's id differs. */
const languageIds: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescriptreact',
  js: 'javascript',
  jsx: 'javascriptreact',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  cs: 'csharp',
  kt: 'kotlin',
  sh: 'shellscript',
  bash: 'shellscript',
  shell: 'shellscript',
  yml: 'yaml',
  md: 'markdown',
  'c++': 'cpp',
};

/** Opens code in an untitled editor; nothing is written to disk. */
export async function openNewFile(code: string, fenceLanguage: string): Promise<void> {
  const wanted = languageIds[fenceLanguage.toLowerCase()] ?? fenceLanguage.toLowerCase();
  const known = await vscode.languages.getLanguages();
  const document = await vscode.workspace.openTextDocument({ content: code, language: known.includes(wanted) ? wanted : 'plaintext' });
  await vscode.window.showTextDocument(document);
}
