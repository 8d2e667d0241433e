import { expect, test } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

test.use({ settings: { ...settings, 'ponder.model.path': '' } });

test('without a model there is an invitation to choose one', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await expect(chat.frame.getByRole('heading', { name: 'Choose a model' })).toBeVisible();
  await expect(chat.frame.getByRole('button', { name: 'Choose file…' })).toBeVisible();
  // The engine has said what this computer has.
  await expect(chat.frame.locator('.model').first()).toBeVisible({ timeout: 60_000 });
  await ponder.screenshot('chat-no-model');
});
