import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, type Ponder } from '../rig/test.ts';

/** The editor of a review, as a person sees it. */
export class Review {
  constructor(private readonly ponder: Ponder) {}

  lens(title: string | RegExp): Locator {
    return this.ponder.page.locator('.codelens-decoration').getByRole('button', { name: title }).first();
  }
}

export function onDisk(ponder: Ponder, name: string): string {
  return readFileSync(path.join(ponder.workspace, name), 'utf8');
}

/** Of a whole file, by keyboard. */
export async function refactor(ponder: Ponder, name: string, instruction: string): Promise<Review> {
  const { page } = ponder;
  await ponder.openFile(name);
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press("Control+'");
  await page.keyboard.press('r');
  const input = page.locator('.quick-input-widget input');
  await expect(page.locator('.quick-input-widget')).toContainText('Rename for clarity');
  await ponder.screenshot('actions-menu');
  await input.fill(instruction);
  await page.keyboard.press('Enter');
  return new Review(ponder);
}
