import path from 'node:path';
import { expect, test } from '../rig/test.ts';
import { tinyModel } from '../../scripts/lib/paths.mjs';
import { Chat, settings } from './support.ts';

test.use({ settings: { ...settings, 'ponder.model.path': path.join(path.dirname(tinyModel), 'gone.gguf') } });

test('a model file that is gone is named, with a way out', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask('Hello');
  await chat.status('failed');
  const card = chat.last.getByRole('alert');
  await expect(card).toContainText('The model file is not there any more');
  await expect(card.getByRole('button', { name: 'Choose a model…' })).toBeVisible();
  await ponder.screenshot('error-model-missing');
});
