/** What tests of actions share: files of their own, and messages answered as a user would. */
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause(100);
  }
  assert.fail(`timed out waiting for ${what}`);
}

/** A folder in the workspace. */
export class Files {
  constructor(private readonly name: string) {}

  uri(name: string): vscode.Uri {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace);
    return vscode.Uri.joinPath(workspace.uri, this.name, name);
  }

  write(name: string, text: string): vscode.Uri {
    const uri = this.uri(name);
    mkdirSync(path.dirname(uri.fsPath), { recursive: true });
    writeFileSync(uri.fsPath, text);
    return uri;
  }

  /** With the caret, or a selection, where `at` first stands. */
  async show(name: string, at = '', { select = false } = {}): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showTextDocument(this.uri(name), { preview: false });
    const offset = editor.document.getText().indexOf(at);
    assert.ok(offset >= 0, at);
    const start = editor.document.positionAt(offset);
    editor.selection = new vscode.Selection(start, select ? editor.document.positionAt(offset + at.length) : start);
    return editor;
  }

  dispose(): void {
    rmSync(this.uri('.').fsPath, { recursive: true, force: true });
  }
}

type Message = 'showInformationMessage' | 'showWarningMessage' | 'showErrorMessage';

/** Takes messages in place of the workbench, and answers them. */
export class Messages {
  readonly seen: { readonly text: string; readonly buttons: readonly string[] }[] = [];
  /** What is clicked; else a message stays open. By a part of its text. */
  answers: Readonly<Record<string, string | undefined>> = {};
  readonly #own = new Map<Message, PropertyDescriptor>();

  constructor() {
    for (const name of ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const) {
      const own = Object.getOwnPropertyDescriptor(vscode.window, name);
      assert.ok(own);
      this.#own.set(name, own);
      Object.defineProperty(vscode.window, name, { configurable: true, value: (text: string, ...rest: unknown[]) => this.#take(text, rest) });
    }
  }

  get texts(): string[] {
    return this.seen.map(({ text }) => text);
  }

  restore(): void {
    for (const [name, own] of this.#own) Object.defineProperty(vscode.window, name, own);
  }

  #take(text: string, rest: readonly unknown[]): Promise<unknown> {
    const buttons = rest.filter(isButton);
    this.seen.push({ text, buttons: buttons.map(titleOf) });
    const [, answer] = Object.entries(this.answers).find(([part]) => text.includes(part)) ?? [];
    return Promise.resolve(buttons.find((button) => titleOf(button) === answer) ?? answer);
  }
}

function isButton(value: unknown): value is string | vscode.MessageItem {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'title' in value);
}

function titleOf(button: string | vscode.MessageItem): string {
  return typeof button === 'string' ? button : button.title;
}
