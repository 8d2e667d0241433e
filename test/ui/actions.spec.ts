/** Actions about code: from a selection to reviewed changes on disk. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Ponder } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

const cart = `export function cartTotal(items: Item[]): number {
  let total = 0;
  for (const item of items) {
    total += item.price * item.qty;
  }
  return total;
}
`;

test.use({ files: { 'cart.ts': cart }, settings: { ...settings, 'ponder.thinking.mode': 'off' } });

async function select(ponder: Ponder, name: string): Promise<void> {
  await ponder.openFile(name);
  await ponder.page.locator('.monaco-editor .view-line').first().click();
  await ponder.page.keyboard.press('Control+A');
}

test('looks', async ({ ponder }) => {
  const { page } = ponder;
  await Chat.open(ponder);
  await select(ponder, 'cart.ts');
  await ponder.run('Ponder: Refactor…');
  await expect(page.locator('.quick-input-widget')).toContainText('Simplify');
  await ponder.screenshot('actions-refactor-menu');
  await page.locator('.quick-input-widget input').fill('Rename `total` to `sum`.');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(4000);
  await ponder.screenshot('actions-streaming');
  await page.waitForTimeout(15000);
  await ponder.screenshot('actions-done');
  await ponder.run('Ponder: Go to the next change');
  await page.waitForTimeout(500);
  await ponder.screenshot('actions-next');
  console.log(readFileSync(path.join(ponder.workspace, 'cart.ts'), 'utf8'), execFileSync('ls', [ponder.workspace]).toString());
});
