/** An edit while it is being written. */
import { expect, test } from '../rig/test.ts';
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

// Not the model that knows edits: that one copies a function in a dozen steps, faster than anyone can look.
test.use({ files: { 'cart.ts': cart }, settings: { ...settings, 'ponder.thinking.mode': 'off' } });

test('changes appear while they are written, and stopping leaves the bytes as they were', async ({ ponder }) => {
  const { page } = ponder;
  const chat = await Chat.open(ponder);
  await chat.ask('Hello');
  await chat.done();
  const review = new Review(ponder);
  // In the title bar, where nothing moves under the mouse while lines come in.
  const stop = page.locator('.editor-actions').getByRole('button', { name: /Stop the edit/ });
  let held = false;
  // On a busy machine a slow engine may be through before anything of it is drawn; then it is asked again.
  for (let attempts = 5; attempts > 0 && !held; attempts--) {
    await ponder.slowDown(1 / 300, 1500);
    await refactor(ponder, 'cart.ts', 'Write a function that reverses a string.');
    await expect(review.lens('Stop').or(review.lens('Accept all'))).toBeVisible({ timeout: 120_000 });
    await ponder.slowDown(0);
    // What it wrote before is drawn by then.
    await page.waitForTimeout(1500);
    held = await stop.isVisible();
    if (!held) await page.keyboard.press('Control+Shift+Backspace');
  }
  await expect(review.lens('Stop')).toBeVisible();
  await expect(page.locator('.codelens-decoration').getByText(/change 1/i).first()).toBeVisible();
  await ponder.screenshot('actions-streaming');
  expect(onDisk(ponder, 'cart.ts')).toBe(cart);
  // Nobody waits for an engine that is held up.
  await stop.click();
  await expect(page.locator('.tab')).toHaveCount(1, { timeout: 45_000 });
  await expect(page.locator('.tab.dirty')).toHaveCount(0);
  expect(onDisk(ponder, 'cart.ts')).toBe(cart);
});
