import type { Frame, Locator } from '@playwright/test';
import { expect, type Ponder } from '../rig/test.ts';

/** One thread: the tiny model gains nothing from two, and the machine has other things to do. */
export const settings = { 'ponder.engine.threads': 1, 'ponder.thinking.mode': 'on' };

export const longQuestion = 'Count from 1 to 100.';
export const longThought = 'Think about every number from 1 to 100, then say done.';

/** The chat as a person sees it. */
export class Chat {
  private constructor(
    readonly ponder: Ponder,
    readonly frame: Frame,
  ) {}

  static async open(ponder: Ponder): Promise<Chat> {
    const chat = new Chat(ponder, await ponder.view('ponder.chat'));
    await expect(chat.field).toBeVisible();
    return chat;
  }

  /** With the engine up, and slow enough to be watched. */
  static async openSlow(ponder: Ponder, duty: number): Promise<Chat> {
    const chat = await Chat.open(ponder);
    await chat.ask('Hello');
    await chat.done();
    await ponder.slowDown(duty);
    return chat;
  }

  get field(): Locator {
    return this.frame.getByRole('textbox', { name: 'Question', exact: true });
  }

  get turns(): Locator {
    return this.frame.locator('article.turn');
  }

  get last(): Locator {
    return this.turns.last();
  }

  /** What is in the context, by its label. */
  chip(label: string): Locator {
    return this.frame.locator('.chip').filter({ hasText: label });
  }

  get stop(): Locator {
    return this.frame.getByRole('button', { name: 'Stop', exact: true });
  }

  async ask(question: string): Promise<void> {
    const before = await this.turns.count();
    await this.field.fill(question);
    await this.field.press('Enter');
    await expect(this.turns).toHaveCount(before + 1);
  }

  async status(expected: string): Promise<void> {
    await expect(this.last).toHaveAttribute('data-status', expected, { timeout: 60_000 });
  }

  async done(): Promise<void> {
    await this.status('done');
  }

  /** The answer's text as shown. */
  async answer(): Promise<string> {
    return this.last.locator('.markdown, .md').first().innerText();
  }
}
