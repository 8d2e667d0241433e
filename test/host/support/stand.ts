/** Stands in for the workbench's own dialogs, which no test can click. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

type Name = 'createQuickPick' | 'showOpenDialog';

export class Stand {
  readonly #own = new Map<Name, PropertyDescriptor>();

  /** The next dialogs are answered with this file. */
  openDialog(file: string): void {
    this.#replace('showOpenDialog', () => Promise.resolve([vscode.Uri.file(file)]));
  }

  /** The next quick pick is this one. */
  quickPick(): PickerStand {
    const stand = new PickerStand();
    this.#replace('createQuickPick', () => stand);
    return stand;
  }

  restore(): void {
    for (const [name, own] of this.#own) Object.defineProperty(vscode.window, name, own);
    this.#own.clear();
  }

  #replace(name: Name, value: unknown): void {
    const own = Object.getOwnPropertyDescriptor(vscode.window, name);
    assert.ok(own);
    if (!this.#own.has(name)) this.#own.set(name, own);
    Object.defineProperty(vscode.window, name, { configurable: true, value });
  }
}

type Item = vscode.QuickPickItem;

class PickerStand {
  readonly #accept = new vscode.EventEmitter<void>();
  readonly #hide = new vscode.EventEmitter<void>();
  readonly #itemButton = new vscode.EventEmitter<{ item: Item }>();
  readonly #button = new vscode.EventEmitter<void>();
  readonly onDidAccept = this.#accept.event;
  readonly onDidHide = this.#hide.event;
  readonly onDidTriggerItemButton = this.#itemButton.event;
  readonly onDidTriggerButton = this.#button.event;
  items: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  buttons: readonly unknown[] = [];
  title = '';
  value = '';
  placeholder = '';
  busy = false;

  get labels(): string[] {
    return this.items.map(({ label }) => label);
  }

  show(): void {
    this.busy = true;
  }

  hide(): void {
    this.#hide.fire();
  }

  accept(item: Item): void {
    this.selectedItems = [item];
    this.#accept.fire();
  }

  press(item: Item): void {
    this.#itemButton.fire({ item });
  }

  dispose(): void {
    this.items = [];
  }
}
