/** Choosing what the model reads, and seeing what it has read. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Ponder } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

test.use({ settings: { ...settings, 'ponder.thinking.mode': 'off' } });

test('attaches a file at @, asks about it, and the file stays', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.field.click();
  await chat.field.pressSequentially('Explain @cart');
  const option = chat.frame.getByRole('option', { name: /cart\.ts/ }).first();
  await expect(option).toBeVisible({ timeout: 20_000 });
  await ponder.page.waitForTimeout(300);
  await ponder.screenshot('context-mention');
  await chat.field.press('Enter');
  await expect(chat.field).toHaveValue('Explain cart.ts ');
  const chip = chat.chip('cart.ts');
  await expect(chip).toContainText(/\d/, { timeout: 30_000 });
  await ponder.screenshot('context-chip');

  await chat.field.fill('What does the function total do?');
  await chat.field.press('Enter');
  await chat.done();
  await expect(chip).toBeVisible();
  await expect(chat.frame.getByRole('meter', { name: 'Context window' })).toHaveAttribute('aria-valuetext', /of .* tokens used/);
  await ponder.screenshot('context-answered');

  await chip.getByRole('button', { name: /Remove/ }).click();
  await expect(chip).toBeHidden();
});

test('a file added from the explorer is asked about in a new window view', async ({ ponder }) => {
  await ponder.openFile('text.ts');
  await ponder.run('Ponder: Add to Ponder');
  const chat = await Chat.open(ponder);
  await expect(chat.chip('text.ts')).toBeVisible();
});

test('a file that looks like a secret is added only when one says so again', async ({ ponder }) => {
  writeFileSync(path.join(ponder.workspace, '.env'), 'KEY=1\n');
  const chat = await Chat.open(ponder);
  await ponder.openFile('.env');
  await ponder.run('Ponder: Add to Ponder');
  const dialog = ponder.page.locator('.monaco-dialog-box');
  await expect(dialog).toContainText('.env looks as if it held secrets.');
  await ponder.screenshot('context-secret');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(chat.chip('.env')).toBeHidden();
  await ponder.page.locator('.monaco-editor .view-line').first().click();
  await ponder.page.keyboard.press('Control+A');
  await ponder.run('Ponder: Add selection to Ponder');
  await expect(dialog).toContainText('.env looks as if it held secrets.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(chat.frame.locator('[data-chip]')).toHaveCount(0);
  await ponder.run('Ponder: Add to Ponder');
  await dialog.getByRole('button', { name: 'Add anyway' }).click();
  await expect(chat.chip('.env')).toBeVisible();
});

test('the selection is offered, goes with one question, and is in the menu of the editor', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await ponder.openFile('math.ts');
  await ponder.page.keyboard.press('Control+A');
  const offer = chat.frame.getByRole('button', { name: /Add Lines/ });
  await expect(offer).toBeVisible();
  await expect(chat.frame.locator('[data-chip]')).toHaveCount(0);
  await ponder.screenshot('context-offers');
  await ponder.page.locator('.monaco-editor .view-line').first().click({ button: 'right' });
  await ponder.page.locator('.monaco-menu').getByText('Ponder', { exact: true }).hover();
  await expect(ponder.page.locator('.monaco-submenu').getByText(/Add (selection )?to Ponder/)).toBeVisible();
  await ponder.screenshot('editor-menu');
  await ponder.page.mouse.move(600, 500);
  for (let open = 2; open > 0; open--) await ponder.page.keyboard.press('Escape');
  await expect(ponder.page.locator('.monaco-menu')).toHaveCount(0);
  await ponder.page.keyboard.press('Control+A');
  await offer.click();
  await chat.ask('What is this?');
  await chat.done();
  await expect(chat.last.getByText(/math\.ts:1-/)).toBeVisible();
  await expect(chat.chip('Lines')).toHaveCount(0);
});

test.describe('with more than fits', () => {
  const line = 'export const value = compute(first, second, third);\n';
  test.use({
    files: {
      'small.ts': 'export const small = 1;\n',
      'config/parse.ts': `export function parseConfig(): void {}\n${line.repeat(20)}`,
      'config/load.ts': `import { parseConfig } from './parse';\nexport function loadConfig(): void { parseConfig(); }\n${line.repeat(90)}`,
      'config/write.ts': `export function writeConfig(): void {}\n${line.repeat(90)}`,
    },
  });

  test('picked files are shown before they are sent, and what does not fit is named', async ({ ponder }) => {
    const chat = await Chat.open(ponder);
    await chat.field.pressSequentially('@workspace');
    await chat.frame.getByRole('option', { name: /Workspace/ }).first().click({ timeout: 20_000 });
    await expect(chat.chip('Workspace')).toBeVisible();
    await chat.field.pressSequentially('Where does parseConfig come from, and what do loadConfig and writeConfig do?');
    await expect(chat.frame.getByText(/3 files picked/)).toBeVisible({ timeout: 60_000 });
    await expect(chat.frame.getByText(/left out/).first()).toBeVisible({ timeout: 30_000 });
    await ponder.screenshot('context-picks');
    await chat.field.press('Enter');
    await expect(chat.turns).toHaveCount(1);
    await chat.done();
    await expect(chat.last.getByText(/left out/)).toBeVisible();
    await chat.last.getByText(/left out/).click();
    await expect(chat.last.getByText('Does not fit').first()).toBeVisible();
    await ponder.screenshot('context-left-out');
  });
});

test('a conversation longer than the window folds, and is summarised and taken back', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  const much = 'const value = compute(first, second, third);\n'.repeat(35);
  for (let round = 0; round < 8; round++) {
    await chat.ask(`What is this? (${String(round)})\n${much}`);
    await chat.done();
    if (await chat.frame.getByText(/no longer reads/).isVisible()) break;
  }
  const marker = chat.frame.getByText(/no longer reads/);
  await expect(marker).toBeVisible();
  await marker.scrollIntoViewIfNeeded();
  await ponder.screenshot('context-folded');
  await chat.frame.getByRole('button', { name: /Compact/ }).click();
  await expect(chat.frame.getByText(/is summarised/)).toBeVisible({ timeout: 60_000 });
  await ponder.screenshot('context-summarised');
  await chat.frame.getByRole('button', { name: 'Undo' }).click();
  await expect(marker).toBeVisible();
});

test('what the model has read is there again after a restart of the engine', async ({ ponder }) => {
  const value = 'export const measured = compute(first, second, third, fourth, fifth);\n';
  writeFileSync(path.join(ponder.workspace, 'long.ts'), value.repeat(45));
  const chat = await Chat.open(ponder);
  await ponder.openFile('long.ts');
  await ponder.run('Ponder: Add to Ponder');
  await expect(chat.chip('long.ts')).toContainText(/\d/, { timeout: 30_000 });
  await chat.ask('What is measured?');
  await chat.done();
  await expect.poll(() => snapshots(ponder), { message: 'a snapshot on disk', timeout: 60_000 }).toBe(true);
  await ponder.run('Ponder: Restart engine');
  // Nothing has been read by the new engine, and yet the next question would find the file read.
  await expect.poll(() => cached(chat), { message: 'tokens cached after the restart', timeout: 30_000 }).toBeGreaterThan(1000);
  await chat.ask('And what is computed?');
  await chat.done();
  expect(logOf(ponder)).toMatch(/snapshots: loaded \d{4,} tokens/);
  await ponder.screenshot('context-restored');
});

/** Tokens that the meter says are cached. */
async function cached(chat: Chat): Promise<number> {
  const text = (await chat.frame.getByRole('meter', { name: 'Context window' }).getAttribute('aria-valuetext')) ?? '';
  return Number((/([\d,]+) cached/.exec(text)?.[1] ?? '0').replaceAll(',', ''));
}

/** What all windows of this server have logged. */
function logOf(ponder: Ponder): string {
  const logs = path.join(ponder.server.profile.userData, 'logs');
  const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => /ponder[^/]*\.log$/i.test(name));
  return files.map((name) => readFileSync(path.join(logs, name), 'utf8')).join('\n');
}

async function snapshots(ponder: Ponder): Promise<boolean> {
  await ponder.run('Ponder: Show snapshots of the KV cache…');
  const note = ponder.page.locator('.notification-list-item-message').filter({ hasText: 'snapshots of the KV cache' }).or(ponder.page.locator('.notification-list-item-message').filter({ hasText: 'Snapshots of the KV cache' }));
  const text = await note.last().innerText();
  await ponder.run('Notifications: Clear All Notifications');
  return text.startsWith('Snapshots');
}
