/** What the variables and references of a prompt file stand for now. */
import path from 'node:path/posix';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ContextItem, Given, LeftOut } from '../../context/item.ts';
import { problemText } from '../../context/problem-line.ts';
import type { ReadableFiles } from '../../context/vscode/readable-files.ts';
import { mostReferences, referencesOf } from '../prompt-files/references.ts';
import type { EditorVariable, InputVariable } from '../prompt-files/variables.ts';
import type { FoundPrompt } from './prompt-files.ts';

/** Of `${diagnostics}`, at most. */
const mostProblems = 50;

/**
 * The values of variables that a prompt asks for.
 * @returns a sentence instead where one of them has none: no file is open, or nothing is selected
 */
export function editorValues(wanted: ReadonlySet<EditorVariable>): Partial<Record<EditorVariable, string>> | string {
  const editor = vscode.window.activeTextEditor;
  const folder = (editor && vscode.workspace.getWorkspaceFolder(editor.document.uri)) ?? vscode.workspace.workspaceFolders?.[0];
  const values: Partial<Record<EditorVariable, string>> = {};
  for (const name of wanted) {
    if (name === 'workspaceFolder' || name === 'workspaceFolderBasename') {
      if (!folder) return l10n.t('This prompt needs an open folder.');
      values[name] = name === 'workspaceFolder' ? folder.uri.fsPath : path.basename(folder.uri.path);
      continue;
    }
    if (!editor) return l10n.t('This prompt needs an open file.');
    if ((name === 'selection' || name === 'selectedText') && editor.selection.isEmpty) return l10n.t('This prompt needs a selection.');
    values[name] = ofEditor(name, editor);
  }
  return values;
}

function ofEditor(name: Exclude<EditorVariable, 'workspaceFolder' | 'workspaceFolderBasename'>, { document, selection }: vscode.TextEditor): string {
  const base = path.basename(document.uri.path);
  switch (name) {
    case 'selection':
    case 'selectedText':
      return document.getText(selection);
    case 'file':
      return document.uri.fsPath;
    case 'relativeFile':
      return vscode.workspace.asRelativePath(document.uri);
    case 'fileBasename':
      return base;
    case 'fileBasenameNoExtension':
      return base.slice(0, base.length - path.extname(base).length);
    case 'fileDirname':
      return vscode.Uri.joinPath(document.uri, '..').fsPath;
    case 'language':
      return document.languageId;
    case 'diagnostics':
      return diagnostics(document, selection);
  }
}

/** Of the selection, or of the whole file where nothing is selected; "12:3: error: No such name". */
function diagnostics({ uri }: vscode.TextDocument, selection: vscode.Selection): string {
  const all = vscode.languages.getDiagnostics(uri).filter(({ range }) => selection.isEmpty || selection.intersection(range) !== undefined);
  const sorted = all.toSorted((a, b) => a.severity - b.severity || a.range.start.compareTo(b.range.start)).slice(0, mostProblems);
  return sorted.map((each) => `${String(each.range.start.line + 1)}:${String(each.range.start.character + 1)}: ${problemText(each)}`).join('\n');
}

/** Asks for what a prompt leaves open; the first is what followed its name. Undefined where the user gave up. */
export async function inputValues(inputs: readonly InputVariable[], argument: string): Promise<ReadonlyMap<string, string> | undefined> {
  const values = new Map<string, string>();
  for (const [index, { name, placeholder }] of inputs.entries()) {
    const given = index === 0 && argument !== '' ? argument : await vscode.window.showInputBox({ title: name, placeHolder: placeholder, ignoreFocusOut: true });
    if (given === undefined) return undefined;
    values.set(name, given);
  }
  return values;
}

/** The files that a prompt refers to, as far as they may be read. */
export async function referencedFiles({ body, uri: prompt }: FoundPrompt, files: ReadableFiles): Promise<Given> {
  const references = referencesOf(body);
  const items: ContextItem[] = [];
  const leftOut: LeftOut[] = references.length > mostReferences ? [{ label: l10n.t('All files after the first {0}', mostReferences), why: 'many' }] : [];
  for (const reference of references.slice(0, mostReferences)) {
    const uri = await locate(reference, prompt);
    const judgement = await files.judge(uri);
    const text = 'path' in judgement ? await files.read(uri) : undefined;
    if (text) items.push({ path: text.path, content: text.lines.join('\n') });
    else leftOut.push({ label: reference, why: 'why' in judgement ? judgement.why : 'binary' });
  }
  return { items, automatic: [], leftOut };
}

/** Relative to the prompt file; else to the root of its workspace folder, as `#file:` is often written. */
async function locate(reference: string, prompt: vscode.Uri): Promise<vscode.Uri> {
  const root = vscode.workspace.getWorkspaceFolder(prompt)?.uri;
  const beside = vscode.Uri.joinPath(reference.startsWith('/') && root ? root : vscode.Uri.joinPath(prompt, '..'), reference);
  const exists = await vscode.workspace.fs.stat(beside).then(() => true, () => false);
  return exists || !root ? beside : vscode.Uri.joinPath(root, reference);
}
