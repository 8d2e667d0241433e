/** Prompt files as they are chosen and run. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { formatItem } from '../../context/format.ts';
import type { Given } from '../../context/item.ts';
import { ReadableFiles } from '../../context/vscode/readable-files.ts';
import example from '../prompts/example-prompt.md';
import { editorVariablesOf, fillIn, inputsOf } from '../prompt-files/variables.ts';
import { promptFolder, type FoundPrompt, type PromptFiles } from './prompt-files.ts';
import { editorValues, inputValues, referencedFiles } from './prompt-values.ts';

export interface ReadyPrompt {
  readonly question: string;
  readonly given: Given;
}

export class PromptRunner implements Disposable {
  readonly #disposables = new DisposableStore();
  #files: ReadableFiles | undefined;

  constructor(
    private readonly prompts: PromptFiles,
    private readonly ask: (question: string, given: Given) => Promise<void>,
  ) {}

  dispose(): void {
    this.#disposables.dispose();
  }

  /** Lets the user choose one and runs it. @param wanted `{ name, argument }` of a keybinding, or anything else */
  async choose(wanted: unknown): Promise<void> {
    if (!vscode.workspace.isTrusted) return sayUntrusted();
    const prompts = await this.prompts.list({ fresh: true });
    const { name, argument = '' } = named(wanted);
    const prompt = name === undefined ? await pick(prompts) : prompts.find((each) => each.name === name);
    if (prompt === 'new') await createPrompt();
    else if (prompt) await this.run(prompt, argument);
    else if (name !== undefined) void vscode.window.showWarningMessage(l10n.t('There is no prompt file named {0}.', name));
  }

  /** Asks, or has the code in front changed. */
  async run(prompt: FoundPrompt, argument: string): Promise<void> {
    const ready = await this.prepare(prompt, argument);
    if (!ready) return;
    if (prompt.mode === 'edit') await this.edit(ready);
    else await this.ask(ready.question, ready.given);
  }

  /** Changes the selection, or what the caret stands in. */
  async edit({ question, given }: ReadyPrompt): Promise<void> {
    const instruction = [question, ...given.items.map((item) => formatItem(item).trim())].join('\n\n');
    await vscode.commands.executeCommand('ponder.refactor', { instruction });
  }

  /** With all variables filled in; undefined where that cannot be, which is said then. */
  async prepare(prompt: FoundPrompt, argument: string): Promise<ReadyPrompt | undefined> {
    if (prompt.problem !== undefined) {
      sayDamaged(prompt, prompt.problem);
      return undefined;
    }
    const editor = editorValues(editorVariablesOf(prompt.body));
    if (typeof editor === 'string') {
      void vscode.window.showInformationMessage(editor);
      return undefined;
    }
    const wanted = inputsOf(prompt.body);
    const inputs = await inputValues(wanted, argument);
    if (!inputs) return undefined;
    const body = fillIn(prompt.body, { editor, inputs });
    this.#files ??= this.#disposables.add(new ReadableFiles());
    return { question: wanted.length === 0 && argument !== '' ? `${body}\n\n${argument}` : body, given: await referencedFiles(prompt, this.#files) };
  }
}

export function sayUntrusted(): void {
  const manage = l10n.t('Manage workspace trust');
  void vscode.window.showInformationMessage(l10n.t('Prompt files are read only in a workspace that you trust: they tell the model what to do.'), manage).then((choice) => {
    if (choice === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
}

function sayDamaged({ path, uri }: FoundPrompt, problem: string): void {
  const open = l10n.t('Open file');
  void vscode.window.showWarningMessage(l10n.t('{0} cannot be run: {1}', path, problem), open).then((choice) => {
    if (choice === open) void vscode.window.showTextDocument(uri);
  });
}

function named(wanted: unknown): { readonly name?: string; readonly argument?: string } {
  if (typeof wanted !== 'object' || wanted === null || !('name' in wanted) || typeof wanted.name !== 'string') return {};
  const argument = 'argument' in wanted && typeof wanted.argument === 'string' ? wanted.argument : undefined;
  return { name: wanted.name, ...(argument === undefined ? {} : { argument }) };
}

interface PromptPick extends vscode.QuickPickItem {
  readonly prompt: FoundPrompt | 'new';
}

/** Each line has a button that opens the file; without any file there is one line, which makes one. */
async function pick(prompts: readonly FoundPrompt[]): Promise<FoundPrompt | 'new' | undefined> {
  const open: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: l10n.t('Open file') };
  const create: PromptPick = { label: `$(add) ${l10n.t('New prompt file…')}`, prompt: 'new', alwaysShow: true, ...(prompts.length === 0 ? { detail: l10n.t('There is no prompt file in this workspace yet.') } : {}) };
  const quickPick = vscode.window.createQuickPick<PromptPick>();
  quickPick.placeholder = l10n.t('The prompt to run');
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.items = [
    ...prompts.map((prompt) => ({
      label: prompt.problem === undefined ? prompt.name : `$(warning) ${prompt.name}`,
      description: prompt.path,
      detail: prompt.problem ?? [prompt.description, prompt.forAgent ? l10n.t('Written for an agent; it is asked as a question.') : undefined].filter((part) => part !== undefined).join(' · '),
      buttons: [open],
      prompt,
    })),
    create,
  ];
  return new Promise((resolve) => {
    quickPick.onDidAccept(() => {
      resolve(quickPick.selectedItems[0]?.prompt);
      quickPick.hide();
    });
    quickPick.onDidTriggerItemButton(({ item }) => {
      if (item.prompt !== 'new') void vscode.window.showTextDocument(item.prompt.uri);
      quickPick.hide();
    });
    quickPick.onDidHide(() => {
      resolve(undefined);
      quickPick.dispose();
    });
    quickPick.show();
  });
}

/** An editor with an example; saving puts the file where VS Code looks for it too. */
async function createPrompt(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    void vscode.window.showInformationMessage(l10n.t('Prompt files belong to a folder. Open one first.'));
    return;
  }
  const uri = await freeName(folder.uri);
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' })));
  if (editor.document.getText() === '') await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), example));
}

async function freeName(root: vscode.Uri): Promise<vscode.Uri> {
  for (let count = 1; ; count++) {
    const uri = vscode.Uri.joinPath(root, promptFolder, `example${count === 1 ? '' : `-${String(count)}`}.prompt.md`);
    if (!(await vscode.workspace.fs.stat(uri).then(() => true, () => false))) return uri;
  }
}
