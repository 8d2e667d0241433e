import { expect, test } from '../rig/test.ts';
import { Chat, longQuestion, settings } from './support.ts';

test.use({ settings });

test('an empty conversation says what the model is and offers questions', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await expect(chat.frame.getByRole('heading', { name: 'Ask a coding question' })).toBeVisible();
  await ponder.screenshot('chat-empty');
  await chat.frame.getByRole('list', { name: 'Questions to start with' }).getByRole('button').first().click();
  await chat.done();
  expect(await chat.answer()).not.toBe('');
});

test('asks and sees thought and answer stream', async ({ ponder }) => {
  const chat = await Chat.openSlow(ponder, 0.04);
  await chat.ask('Explain the function clamp.');
  await chat.status('thinking');
  await expect(chat.last.getByText(/Thinking for/)).toBeVisible();
  await ponder.screenshot('chat-thinking');
  await chat.status('writing');
  const early = await chat.answer();
  await ponder.screenshot('chat-writing');
  await chat.done();
  expect((await chat.answer()).length).toBeGreaterThan(early.length);
  await expect(chat.last.getByRole('button', { name: /Thought for/ })).toBeVisible();
  await expect(chat.last.getByText(/tok\/s/)).toBeVisible();
  await ponder.screenshot('chat-done');
});

test('stops at once and keeps what was written', async ({ ponder }) => {
  const chat = await Chat.openSlow(ponder, 0.05);
  await chat.ask(`${longQuestion} /no_think`);
  await chat.status('writing');
  await chat.stop.click();
  await chat.status('stopped');
  const kept = await chat.answer();
  expect(kept).not.toBe('');
  await ponder.screenshot('chat-stopped');
  await ponder.page.waitForTimeout(500);
  expect(await chat.answer()).toBe(kept);
});

test('Escape stops', async ({ ponder }) => {
  const chat = await Chat.openSlow(ponder, 0.05);
  await chat.ask(`${longQuestion} /no_think`);
  await chat.status('writing');
  await chat.field.press('Escape');
  await chat.status('stopped');
});

test('regenerates, edits and resends', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask('Hello');
  await chat.done();
  const turn = await chat.last.getAttribute('data-turn');
  await chat.last.getByRole('button', { name: 'Regenerate' }).click();
  await expect(chat.last).not.toHaveAttribute('data-turn', turn ?? '');
  await chat.done();
  await expect(chat.turns).toHaveCount(1);

  await chat.last.hover();
  await chat.last.getByRole('button', { name: 'Edit and resend' }).click();
  await chat.frame.getByRole('textbox', { name: 'Edit the question' }).fill('What can you do?');
  await chat.frame.getByRole('textbox', { name: 'Edit the question' }).press('Enter');
  await expect(chat.last).toHaveAttribute('aria-label', 'What can you do?');
  await chat.done();
  await expect(chat.turns).toHaveCount(1);
});

test('code blocks are copied, inserted at the cursor and opened as a file', async ({ ponder }) => {
  await ponder.openFile('math.ts');
  const chat = await Chat.open(ponder);
  await chat.ask('Write a function that reverses a string.');
  await chat.done();
  const code = chat.last.locator('.code').first();
  const text = await code.locator('code').innerText();
  expect(text).toContain('reverse');

  await code.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => ponder.page.evaluate(() => navigator.clipboard.readText())).toBe(text);

  await code.getByRole('button', { name: 'Insert' }).click();
  await expect(ponder.page.locator('.editor-instance .view-lines').first()).toContainText('reverse');

  await code.getByRole('button', { name: 'New file' }).click();
  await expect(ponder.page.locator('.tab.active')).toContainText('Untitled');
});

test('maths is shown as maths', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask('What is 12 times 7?');
  await chat.done();
  await expect(chat.last.locator('math').first()).toBeVisible();
  await expect(chat.last.locator('math', { hasText: '84' }).first()).toBeVisible();
  await ponder.screenshot('chat-maths');
});

test('the thinking switch and budget by the composer are kept as settings', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  const pill = chat.frame.locator('.thinking-pill, .pill').first();
  await pill.click();
  await chat.frame.getByRole('dialog', { name: 'Thinking' }).getByRole('radio', { name: 'Off' }).click();
  await ponder.screenshot('chat-thinking-menu');
  await chat.field.click();
  await chat.ask('What can you do?');
  await chat.done();
  await expect(chat.last.getByRole('button', { name: /Thought for/ })).toHaveCount(0);
  await pill.click();
  await chat.frame.getByRole('dialog', { name: 'Thinking' }).getByRole('radio', { name: 'On' }).click();
});
