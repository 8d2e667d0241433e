/** Where tests of code are to be written, and what the model reads for it. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ContextItem } from '../../context/item.ts';
import type { ReadableFiles } from '../../context/vscode/readable-files.ts';
import type { Target } from '../target.ts';
import { exampleTest, isTestFile, testPlace, type TestPlace } from '../test-file.ts';
import { codeItem, type Place } from './find-target.ts';
import { isWritable } from './writable.ts';

export interface TestTarget {
  readonly target: Target;
  readonly place: TestPlace;
  readonly items: readonly ContextItem[];
  /** Path of a file with tests to write them like. */
  readonly example: string | undefined;
}

const mostTests = 500;
/** What is built holds tests that nobody writes. */
const built = '**/{node_modules,dist,out,build,target,vendor}/**';
/** Of the example: what it imports, and how its first tests look. */
const exampleLines = 40;

/** Or why there is none, in a sentence. */
export async function testTarget({ document, target: code }: Place, files: Pick<ReadableFiles, 'read'>): Promise<TestTarget | { readonly problem: string }> {
  const { uri } = document;
  if (uri.scheme === 'untitled') return { problem: l10n.t('Save this file first: its tests go beside it.') };
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..');
  const relative = (file: vscode.Uri): string => file.path.slice(root.path.replace(/\/$/, '').length + 1);
  const file = relative(uri);
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(root, '**/*{test,Test,spec,Spec}*'), built, mostTests);
  const tests = found.map(relative).filter(isTestFile);
  const chosen = testPlace(file, tests);
  const there = vscode.Uri.joinPath(root, chosen.path);
  // What is ignored is not found, and may be there all the same.
  const exists = chosen.place !== 'new' || (await vscode.workspace.fs.stat(there).then(() => true, () => false));
  const testDocument = exists ? await vscode.workspace.openTextDocument(there) : undefined;
  if (testDocument && !(await isWritable(testDocument))) return { problem: l10n.t('{0} cannot be changed: it is read-only.', chosen.path) };
  const path = vscode.workspace.asRelativePath(there);
  const place: TestPlace = { path, place: chosen.place === 'new' && exists ? 'existing' : chosen.place };
  const lines = testDocument ? Array.from({ length: testDocument.lineCount }, (_, line) => testDocument.lineAt(line).text) : [];
  const target: Target = { uri: there.toString(), path, languageId: testDocument?.languageId ?? document.languageId, lines, start: 0, end: lines.length };
  const example = place.place === 'new' && vscode.workspace.isTrusted ? exampleTest(file, tests) : undefined;
  const shown = example === undefined ? undefined : await exampleItem(vscode.Uri.joinPath(root, example), files);
  // In the file itself the model reads the code anyway.
  const items = [...(shown ? [shown] : []), ...(place.place === 'same' ? [] : [codeItem(code)])];
  return { target, place, items, example: shown?.path };
}

async function exampleItem(uri: vscode.Uri, files: Pick<ReadableFiles, 'read'>): Promise<ContextItem | undefined> {
  const file = await files.read(uri);
  if (!file) return undefined;
  const end = Math.min(exampleLines, file.lines.length);
  return { path: file.path, content: file.lines.slice(0, end).join('\n'), lines: { start: 1, end } };
}
