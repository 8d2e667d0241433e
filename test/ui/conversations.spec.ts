import { readdirSync, readFileSync, truncateSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

test.use({ settings });

test('a conversation survives a reload, thoughts and all', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask('Explain the function clamp.');
  await chat.done();
  const answer = await chat.answer();
  await ponder.page.reload();
  const again = await Chat.open(ponder);
  await expect(again.turns).toHaveCount(1);
  expect(await again.answer()).toBe(answer);
  await again.last.getByRole('button', { name: /Thought for/ }).click();
  const thinking = await ponder.view('ponder.thinking');
  await expect(thinking.getByText('Explain the function clamp.')).toBeVisible();
});

test('a draft survives a reload', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.field.fill('Half a que');
  // Typing is written once it pauses.
  await ponder.page.waitForTimeout(1500);
  await ponder.page.reload();
  await expect((await Chat.open(ponder)).field).toHaveValue('Half a que');
});

test('a conversation file cut in half keeps its whole turns, and says so', async ({ ponder }) => {
  const { page, server } = ponder;
  const storage = path.join(server.profile.userData, 'User/workspaceStorage');
  const conversations = (): string[] =>
    readdirSync(storage, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => path.join(storage, name))
      .filter((file) => readFileSync(file, 'utf8').includes('half of this'));
  const chat = await Chat.open(ponder);
  await chat.ask('Hello, half of this');
  await chat.done();
  await chat.ask('Write a function that reverses a string.');
  await chat.done();
  await expect.poll(() => conversations().map((file) => readFileSync(file, 'utf8').includes('"done"'))).toEqual([true]);
  const [file = ''] = conversations();
  // Leaving the page ends its extension host, so that nothing is saved over the cut.
  await page.goto('about:blank');
  const { size } = statSync(file);
  truncateSync(file, size - 40);
  await page.goBack();
  const again = await Chat.open(ponder);
  await expect(again.turns).toHaveCount(1);
  const warning = page.locator('.notification-toast');
  await expect(warning).toContainText('A conversation file was damaged. Turns kept: 1. Turns lost: 1.');
  await warning.hover();
  await ponder.screenshot('damaged-conversation');
  await warning.getByRole('button', { name: 'Open the damaged file' }).click();
  await expect(page.locator('.editor-instance .view-lines').first()).toContainText('half of this');
});

test('conversations are listed, searched, deleted and brought back', async ({ ponder }) => {
  const { page } = ponder;
  const chat = await Chat.open(ponder);
  await chat.ask('Hello');
  await chat.done();
  await ponder.run('Ponder: New conversation');
  await expect(chat.turns).toHaveCount(0);
  await chat.ask('What is 12 times 7?');
  await chat.done();

  await ponder.run('Ponder: Show conversations');
  const rows = page.locator('.quick-input-widget .monaco-list-row');
  await expect(rows).toHaveCount(2);
  await ponder.screenshot('conversations');
  await page.locator('.quick-input-widget input').first().fill('84');
  await expect(rows).toHaveCount(1);
  await page.locator('.quick-input-widget input').first().fill('hello');
  await expect(rows).toHaveCount(1);
  await rows.first().click();
  await expect(chat.last).toHaveAttribute('aria-label', 'Hello');

  await ponder.run('Ponder: Delete conversation');
  await expect(chat.turns).toHaveCount(0);
  await page.locator('.notification-toast').getByRole('button', { name: 'Undo' }).click();
  await expect(chat.last).toHaveAttribute('aria-label', 'Hello');
});

test('a conversation is exported as a transcript and imported again', async ({ ponder }) => {
  const { page } = ponder;
  const chat = await Chat.open(ponder);
  await chat.ask('Explain the function clamp.');
  await chat.done();
  const answer = await chat.answer();
  await ponder.run('Ponder: Export conversation');
  const editor = page.locator('.editor-instance .view-lines').first();
  await expect(editor).toContainText('Thought for');
  await expect(page.locator('.statusbar-item', { hasText: 'Ponder transcript' })).toBeVisible();
  await ponder.screenshot('transcript');
  await ponder.run('Ponder: New conversation');
  await expect(chat.turns).toHaveCount(0);
  await editor.click();
  await ponder.run('Ponder: Import transcript…');
  await expect(chat.turns).toHaveCount(1);
  expect(await chat.answer()).toBe(answer);
});
