import { expect, test } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

test.use({ settings: { ...settings, 'ponder.model.contextSize': 512 } });

test('a prompt longer than the window is counted, and answered in a larger one', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask(`${'alpha beta gamma delta '.repeat(200)} What can you do? /no_think`);
  await chat.status('failed');
  const card = chat.last.getByRole('alert');
  await expect(card).toContainText('The conversation is longer than the context window');
  await ponder.screenshot('error-prompt-too-long');
  await card.getByRole('button', { name: 'Use 8k' }).click();
  await expect(chat.frame.getByText('of 8k')).toBeVisible({ timeout: 60_000 });
});
