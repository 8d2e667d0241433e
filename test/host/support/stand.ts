/** Stands in for the workbench's own dialogs, which no test can click. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

type Name = 'createQuickPick' | 'showOpenDialog' | 'showQuickPick' | 'showInputBox' | 'withProgress';

export interface ShownMenu {
  readonly title: string;
  readonly items: readonly vscode.QuickPickItem[];
}

export interface ShownInput {
  readonly prompt: string;
  /** What stood in it. */
  readonly value: string;
  /** Why what was typed could not be accepted; absent: it was. */
  readonly refused?: string;
}

export interface ShownProgress {
  readonly title: string;
  readonly reports: readonly { readonly message?: string; readonly increment?: number }[];
}

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

  /** In each of the next menus the first item is chosen that has the text in its label, or several; after the last, or at `undefined`, they are closed. */
  menus(...choices: readonly (string | readonly string[] | undefined)[]): readonly ShownMenu[] {
    const shown: ShownMenu[] = [];
    this.#replace('showQuickPick', async (given: readonly Item[] | Thenable<readonly Item[]>, { title = '' }: vscode.QuickPickOptions = {}) => {
      const items = await given;
      const choice = choices[shown.push({ title, items }) - 1];
      if (choice === undefined) return undefined;
      return typeof choice === 'string' ? itemOf(items, choice) : choice.map((each) => itemOf(items, each));
    });
    return shown;
  }

  /** Each text is typed into the next input box and confirmed, which is closed where it does not take it; after the last, or at `undefined`, they are closed. */
  inputs(...texts: readonly (string | undefined)[]): readonly ShownInput[] {
    const shown: ShownInput[] = [];
    this.#replace('showInputBox', async (options: vscode.InputBoxOptions = {}) => {
      const text = texts[shown.length];
      const problem = text === undefined ? undefined : await options.validateInput?.(text);
      const refused = (typeof problem === 'object' ? problem?.message : problem) ?? undefined;
      shown.push({ prompt: options.prompt ?? '', value: options.value ?? '', ...(refused === undefined ? {} : { refused }) });
      return refused === undefined ? text : undefined;
    });
    return shown;
  }

  /** Progress is shown as ever, and kept. @param cancel whether the user clicks Cancel at a report, or, before the first, as it opens */
  progress(cancel: (title: string, reports: number) => boolean = () => false): readonly ShownProgress[] {
    const shown: ShownProgress[] = [];
    const own = (this.#own.get('withProgress')?.value ?? vscode.window.withProgress) as typeof vscode.window.withProgress;
    this.#replace('withProgress', <R>(options: vscode.ProgressOptions, task: (bar: vscode.Progress<Report>, token: vscode.CancellationToken) => Thenable<R>) =>
      own(options, async (bar, token) => {
        const cancelled = new vscode.CancellationTokenSource();
        const listening = token.onCancellationRequested(() => cancelled.cancel());
        const [title, reports]: [string, Report[]] = [options.title ?? '', []];
        const maybeCancel = (): void => {
          if (cancel(title, reports.length)) cancelled.cancel();
        };
        shown.push({ title, reports });
        maybeCancel();
        try {
          return await task({ report: (report) => (bar.report(report), reports.push(report), maybeCancel()) }, cancelled.token);
        } finally {
          listening.dispose();
          cancelled.dispose();
        }
      }),
    );
    return shown;
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
type Report = ShownProgress['reports'][number];

function itemOf(items: readonly Item[], text: string): Item {
  const item = items.find(({ label, kind }) => kind !== vscode.QuickPickItemKind.Separator && label.includes(text));
  assert.ok(item, `${text} is not among ${items.map(({ label }) => label).join(', ')}`);
  return item;
}

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
