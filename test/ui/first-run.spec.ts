import { expect, test } from '../rig/test.ts';
import { startHub, type Hub } from './hub.ts';
import { Chat, settings } from './support.ts';

/** Settings of a machine are read as its window opens, so the address is known before. */
const port = 38_471;
let hub: Hub;

test.use({ settings: { ...settings, 'ponder.model.path': '', 'ponder.models.endpoint': `http://127.0.0.1:${String(port)}`, 'ponder.models.endpointFallback': false } });
test.beforeEach(async () => {
  hub = await startHub(port, 12);
});
test.afterEach(() => hub.close());

test('a newcomer clicks once, watches a progress bar, and chats', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  const { frame, page } = { frame: chat.frame, page: ponder.page };
  await expect(frame.getByRole('heading', { name: 'Choose a model' })).toBeVisible();
  const card = frame.locator('.model').filter({ has: frame.locator('.badge') });
  await expect(card).toBeVisible({ timeout: 60_000 });
  await expect(frame.getByText(`Downloads come from ${new URL(hub.url).host}.`)).toBeVisible();
  await expect(card.locator('.fit')).toHaveText(/GPU|CPU/);
  await ponder.screenshot('first-run');

  await card.getByRole('button', { name: /^Download/ }).click();
  const bar = card.getByRole('progressbar');
  await expect(bar).toHaveAttribute('aria-valuetext', /\d+\s%.*MB\/s.*left/, { timeout: 30_000 });
  const item = page.getByRole('button', { name: /^Ponder: downloading / });
  await expect(item).toContainText('%');
  await expect(page.locator('.notification-list-item').filter({ hasText: 'Downloading' })).toBeVisible();
  await ponder.screenshot('first-run-downloading');

  await card.getByRole('button', { name: /^Pause/ }).click();
  await expect(card.getByText(/Paused\sat/)).toBeVisible();
  await card.getByRole('button', { name: /^Resume/ }).click();
  await expect(bar).toHaveAttribute('aria-valuetext', /left/);

  // The hub says how large the file is, not the catalogue; and nothing has to be clicked any more.
  await expect(frame.getByRole('heading', { name: 'Ask a coding question' })).toBeVisible({ timeout: 60_000 });
  await expect(chat.field).toBeFocused();
  await chat.field.pressSequentially('Hello');
  await chat.field.press('Enter');
  await chat.done();
  expect(await chat.answer()).not.toBe('');
  expect(hub.asked.length).toBeGreaterThan(1);
  await ponder.screenshot('first-run-answer');
});

test('the walkthrough opens, and its first step is a model', async ({ ponder }) => {
  await ponder.run('Ponder: Get started');
  const { page } = ponder;
  await expect(page.getByText('Get started with Ponder').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Choose a model', { exact: true }).first()).toBeVisible();
  await ponder.screenshot('walkthrough');
});
