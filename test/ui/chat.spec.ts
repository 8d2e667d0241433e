import { expect, test } from '../rig/test.ts';
import { Chat, longQuestion, settings } from './support.ts';

test.use({ settings });

test('asks and sees thought and answer stream', async ({ ponder }) => {
  const chat = await Chat.openSlow(ponder, 0.03);
  await chat.ask('Explain the function clamp.');
  await chat.status('thinking');
  await expect(chat.last.getByText(/Thinking for/)).toBeVisible();
  await ponder.screenshot('chat-thinking');
  await chat.status('writing');
  await ponder.screenshot('chat-writing');
  const early = await chat.answer();
  await chat.done();
  const whole = await chat.answer();
  expect(whole.length).toBeGreaterThan(early.length);
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
  expect(kept).toMatch(/^1/);
  await ponder.screenshot('chat-stopped');
  await ponder.page.waitForTimeout(500);
  expect(await chat.answer()).toBe(kept);
});
