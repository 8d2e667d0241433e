/** The item in the status bar: one place for what runs, and for stopping it. */
import type { Locator } from '@playwright/test';
import { enginePids } from '../rig/index.mjs';
import { expect, test, type Ponder } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

test.use({ settings });

async function menu({ page }: Ponder): Promise<Locator> {
  await page.getByRole('button', { name: /^Ponder( completions)?: / }).click();
  const rows = page.locator('.quick-input-widget .monaco-list-row');
  await expect(rows.filter({ hasText: 'Diagnose' })).toBeVisible();
  return rows;
}

test('its menu tells what runs, unloads it, and turns Ponder off and on', async ({ ponder }) => {
  const { page } = ponder;
  const chat = await Chat.open(ponder);
  expect(enginePids(ponder.server)).toEqual([]);
  let rows = await menu(ponder);
  await expect(rows.first()).toContainText('not loaded');
  await rows.filter({ hasText: 'Load the model' }).click();
  await ponder.engine();

  await chat.ask('Hello');
  await chat.done();
  rows = await menu(ponder);
  await expect(rows.first()).toContainText(/CPU, 1 thread · \d+ tokens\/s in the last answer/);
  await expect(rows.first()).toContainText(/Window of \d+k? tokens · no YaRN · KV cache in \d+ bits/);
  await expect(rows.filter({ hasText: 'Unload the model' })).toContainText(/Weights .+ · context .+ · the engine holds .+ of RAM/);
  await ponder.screenshot('status-menu');
  await rows.filter({ hasText: 'Unload the model' }).click();
  rows = await menu(ponder);
  await expect(rows.first()).toContainText('not loaded');

  await rows.filter({ hasText: 'Turn Ponder off' }).click();
  await expect(page.getByRole('button', { name: 'Ponder: turned off' })).toBeVisible();
  await expect.poll(() => enginePids(ponder.server), { timeout: 30_000 }).toEqual([]);
  await ponder.screenshot('turned-off');
  rows = await menu(ponder);
  await expect(chat.frame.getByText('Ponder is off')).toBeVisible();
  await rows.filter({ hasText: 'Turn Ponder on' }).click();
  await expect(chat.frame.getByText('Ponder is off')).toBeHidden();
  await chat.ask('Hello');
  await chat.done();
});
