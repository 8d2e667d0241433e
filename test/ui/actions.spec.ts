/** Actions about code: from a selection to reviewed changes on disk. */
import { editsModel } from '../../scripts/lib/paths.mjs';
import { expect, test } from '../rig/test.ts';
import { Editor } from './editor.ts';
import { onDisk, refactor, Review } from './review.ts';
import { Chat, settings } from './support.ts';

const cart = `export function cartTotal(items: Item[]): number {
  let total = 0;
  for (const item of items) {
    total += item.price * item.qty;
  }
  return total;
}
`;
const misspelt = `export function count(values: number[]): number {
  let result = 0;
  for (const value of values) {
    result += value;
  }
  return resutl;
}
`;

test.use({
  files: { 'cart.ts': cart, 'count.ts': misspelt },
  settings: { ...settings, 'ponder.model.path': editsModel, 'ponder.thinking.mode': 'off', 'git.enabled': true },
});

test('a selection is refactored: one change is accepted, one rejected, and the file on disk is right', async ({ ponder }) => {
  const { page } = ponder;
  await Chat.open(ponder);
  const review = await refactor(ponder, 'cart.ts', 'Rename `total` to `sum`.');
  await expect(review.lens(/Accept change 1 of 3/)).toBeVisible({ timeout: 60_000 });
  await ponder.screenshot('review-dark');
  await ponder.useTheme('light');
  await ponder.screenshot('review-light');
  await ponder.useTheme('contrast');
  await ponder.screenshot('review-contrast');
  await ponder.useTheme('dark');

  await review.lens(/Accept change 1 of 3/).click();
  await expect(review.lens(/Accept change 1 of 2/)).toBeVisible();
  await review.lens(/Reject$/).click();
  await expect(review.lens(/Accept change 1 of 1/)).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.tab')).toHaveCount(1);
  await page.keyboard.press('Control+s');
  await expect(page.locator('.tab.dirty')).toHaveCount(0);
  expect(onDisk(ponder, 'cart.ts')).toBe(cart.replace('let total', 'let sum').replace('return total', 'return sum'));
});

test('the lightbulb fixes a problem', async ({ ponder }) => {
  const { page } = ponder;
  const editor = await Editor.open(ponder, 'count.ts');
  await expect(page.locator('.squiggly-error')).toHaveCount(1, { timeout: 60_000 });
  await editor.goTo(6, 12);
  await page.keyboard.press('Control+.');
  const action = page.locator('.action-widget').getByText('Fix with Ponder');
  await expect(action).toBeVisible({ timeout: 20_000 });
  await ponder.screenshot('actions-lightbulb');
  await action.click();
  const review = new Review(ponder);
  await expect(review.lens(/Accept change 1 of 1/)).toBeVisible({ timeout: 60_000 });
  await review.lens(/Accept change 1 of 1/).click();
  await expect(page.locator('.tab')).toHaveCount(1);
  await page.keyboard.press('Control+s');
  await expect(page.locator('.tab.dirty')).toHaveCount(0);
  expect(onDisk(ponder, 'count.ts')).toBe(misspelt.replace('resutl', 'result'));
});

test('a commit message fills the input box of a real repository', async ({ ponder }) => {
  const { page } = ponder;
  await ponder.run('Git: Initialize Repository');
  await page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: 'workspace-' }).first().click();
  await ponder.run('Source Control: Focus on Changes View');
  const box = page.locator('.scm-editor .view-lines');
  await expect(box).toBeVisible({ timeout: 30_000 });
  await ponder.run('Git: Stage All Changes');
  await ponder.run('Ponder: Generate commit message');
  await expect.poll(async () => (await box.innerText()).trim(), { timeout: 90_000 }).not.toBe('');
  await ponder.screenshot('actions-commit');
});

test('commands stand at / in the composer, with what may follow', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await ponder.openFile('cart.ts');
  await chat.field.click();
  await chat.field.pressSequentially('/re');
  await expect(chat.frame.getByRole('option', { name: /refactor/ })).toBeVisible({ timeout: 20_000 });
  await ponder.screenshot('slash-menu');
  await chat.field.press('Enter');
  await expect(chat.field).toHaveValue('/refactor ');
  await chat.field.pressSequentially('Rename `total` to `sum`.');
  await chat.field.press('Enter');
  await expect(new Review(ponder).lens(/Accept change 1/)).toBeVisible({ timeout: 60_000 });
  await expect(chat.turns).toHaveCount(0);
});
