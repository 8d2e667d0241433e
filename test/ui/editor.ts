import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, type Ponder } from '../rig/test.ts';

/** A text editor and its ghost text, as a person sees them. */
export class Editor {
  private constructor(
    readonly ponder: Ponder,
    private readonly name: string,
  ) {}

  static async open(ponder: Ponder, name: string): Promise<Editor> {
    await ponder.openFile(name);
    // The item comes with the extension, which comes with the first document.
    const editor = new Editor(ponder, name);
    await expect(editor.status).toBeVisible({ timeout: 30_000 });
    return editor;
  }

  get ghost(): Locator {
    return this.ponder.page.locator('.ghost-text-decoration, .ghost-text-decoration-preview, .suggest-preview-text .ghost-text');
  }

  /** The item in the status bar; its name is what a screen reader says. */
  get status(): Locator {
    return this.ponder.page.getByRole('button', { name: /^Ponder( completions)?: / });
  }

  async says(text: string | RegExp, timeout = 20_000): Promise<void> {
    await expect(this.status).toHaveAttribute('aria-label', text instanceof RegExp ? text : `Ponder completions: ${text}`, { timeout });
  }

  /** The menu of completions, by way of Ponder's. */
  async completionMenu(): Promise<void> {
    await this.status.click();
    await this.ponder.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: 'Completions…' }).click();
    await expect(this.ponder.page.locator('.quick-input-widget .quick-input-title')).toHaveText('Ponder completions');
  }

  async goTo(line: number, column = 1): Promise<void> {
    const { keyboard } = this.ponder.page;
    await keyboard.press('Control+g');
    await keyboard.type(`${String(line)}:${String(column)}`);
    await keyboard.press('Enter');
  }

  async type(text: string, delay = 50): Promise<void> {
    await this.ponder.page.keyboard.type(text, { delay });
  }

  async press(key: string): Promise<void> {
    await this.ponder.page.keyboard.press(key);
  }

  /** Takes the ghost text. A key that comes as it appears is not for it yet, as far as VS Code is concerned. */
  async accept(): Promise<void> {
    await expect(async () => {
      await this.ponder.page.waitForTimeout(300);
      await this.press('Tab');
      await expect(this.ghost).toHaveCount(0, { timeout: 1000 });
    }).toPass({ timeout: 20_000 });
  }

  /** The file's text once it is saved. */
  async saved(): Promise<string> {
    await this.press('Control+s');
    await expect(this.ponder.page.locator('.tab.active.dirty')).toHaveCount(0);
    return readFileSync(path.join(this.ponder.workspace, this.name), 'utf8');
  }

  /**
   * Types until ghost text appears. In a window that has just opened VS Code now and then asks no provider at a key,
   * as its log shows; whoever types presses another.
   */
  async typeForGhost(text: string, ghost: string): Promise<void> {
    await this.type(text);
    await expect(async () => {
      if ((await this.ghostText()) === ghost) return;
      await this.press('Backspace');
      await this.type(text.slice(-1));
      await expect.poll(() => this.ghostText(), { timeout: 8000 }).toBe(ghost);
    }).toPass({ timeout: 40_000, intervals: [8000, 1000] });
  }

  async ghostText(): Promise<string> {
    return (await this.ghost.allInnerTexts()).join('').replaceAll('\u00a0', ' ');
  }

  async expectGhost(text: string): Promise<void> {
    await expect.poll(() => this.ghostText(), { timeout: 30_000 }).toBe(text);
  }
}

export const multiply = 'export function multiply(seed: number, shape: number): number {\n\n}\n';
