/** An edit while it is being written. */
import { expect, test } from '../rig/test.ts';
import { onDisk, refactor } from './review.ts';
import { Chat, settings } from './support.ts';

const cart = `export function cartTotal(items: Item[]): number {
  let total = 0;
  for (const item of items) {
    total += item.price * item.qty;
  }
  return total;
}
`;

// Not the model that knows edits: that one copies a function in a dozen steps, faster than anyone can look.
test.use({ files: { 'cart.ts': cart }, settings: { ...settings, 'ponder.thinking.mode': 'off' } });

test('changes appear while they are written, and stopping leaves the bytes as they were', async ({ ponder }) => {
  const { page } = ponder;
  const chat = await Chat.open(ponder);
  await chat.ask('Hello');
  await chat.done();
  // A moment of work, then time for the workbench to show what came of it: however busy the machine, there is more to come.
  await ponder.slowDown(1 / 300, 1500);
  const review = await refactor(ponder, 'cart.ts', 'Write a function that reverses a string.');
  await expect(review.lens('Stop')).toBeVisible({ timeout: 120_000 });
  await ponder.slowDown(0);
  await expect(page.locator('.codelens-decoration').getByText(/change 1/i).first()).toBeVisible();
  await ponder.screenshot('actions-streaming');
  expect(onDisk(ponder, 'cart.ts')).toBe(cart);
  // Not above the lines, which may move under the mouse; and nobody waits for an engine that is held up.
  await page.locator('.editor-actions').getByRole('button', { name: /Stop the edit/ }).click();
  await expect(page.locator('.tab')).toHaveCount(1, { timeout: 45_000 });
  await expect(page.locator('.tab.dirty')).toHaveCount(0);
  expect(onDisk(ponder, 'cart.ts')).toBe(cart);
});
