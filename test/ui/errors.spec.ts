import path from 'node:path';
import { expect, test } from '../rig/test.ts';
import { tinyModel } from '../../scripts/lib/paths.mjs';
import { Chat, settings } from './support.ts';

test.describe('a model file that is gone', () => {
  test.use({ settings: { ...settings, 'ponder.model.path': path.join(path.dirname(tinyModel), 'gone.gguf') } });
  test('is named, with a way out', async ({ ponder }) => {
    const chat = await Chat.open(ponder);
    await chat.ask('Hello');
    await chat.status('failed');
    const card = chat.last.getByRole('alert');
    await expect(card).toContainText('The model file is not there any more');
    await expect(card.getByRole('button', { name: 'Choose a model file…' })).toBeVisible();
    await ponder.screenshot('error-model-missing');
  });
});

test.describe('no model', () => {
  test.use({ settings: { ...settings, 'ponder.model.path': '' } });
  test('is an invitation to choose one', async ({ ponder }) => {
    const chat = await Chat.open(ponder);
    await expect(chat.frame.getByText('No model yet')).toBeVisible();
    await expect(chat.frame.getByRole('button', { name: 'Choose a model file…' })).toBeVisible();
    await ponder.screenshot('chat-no-model');
  });
});

test.describe('a prompt longer than the window', () => {
  test.use({ settings: { ...settings, 'ponder.model.contextSize': 512 } });
  test('is counted, and answered in a larger window', async ({ ponder }) => {
    const chat = await Chat.open(ponder);
    await chat.ask(`${'alpha beta gamma delta '.repeat(200)} What can you do? /no_think`);
    await chat.status('failed');
    const card = chat.last.getByRole('alert');
    await expect(card).toContainText('The conversation is longer than the context window');
    await ponder.screenshot('error-prompt-too-long');
    await card.getByRole('button', { name: 'Use 8k' }).click();
    await chat.done();
    await expect(chat.frame.getByText('of 8k')).toBeVisible();
  });
});
