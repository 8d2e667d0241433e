import { expect, test } from '../rig/test.ts';
import { Chat, longThought, settings } from './support.ts';

test.use({ settings });

test('follows the thought, answers now, and links thoughts and answers', async ({ ponder }) => {
  const chat = await Chat.openSlow(ponder, 0.012);
  await chat.ask(longThought);
  await chat.status('thinking');
  await chat.last.getByRole('button', { name: /Thinking for/ }).click();
  const thinking = await ponder.view('ponder.thinking');
  const now = thinking.getByRole('region', { name: 'Thinking now' });
  await expect(now).toBeVisible();
  await expect(now.getByRole('progressbar', { name: 'Thinking budget' })).toBeVisible();
  await expect(thinking.getByText(longThought)).toBeVisible();
  const steps = thinking.getByRole('list', { name: 'Steps of the thought' });
  await expect(steps).toBeVisible();
  const early = (await steps.innerText()).length;
  await expect.poll(async () => (await steps.innerText()).length).toBeGreaterThan(early);
  await ponder.screenshot('thinking-live');

  await now.getByRole('button', { name: 'Answer now' }).click();
  await chat.done();
  await expect(thinking.getByText('Closed early by Answer now.')).toBeVisible();
  await expect(chat.last.getByRole('button', { name: /Thought for/ })).toBeVisible();
  await ponder.screenshot('thinking-answered');

  await expect(thinking.getByText('Earlier in this chat')).toBeVisible();
  await thinking.getByRole('button', { name: /Hello/ }).click();
  await thinking.getByRole('button', { name: 'Show answer' }).last().click();
  await expect(chat.turns.first()).toBeInViewport();
});

test('finds words in thoughts', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask('Explain the function clamp.');
  await chat.done();
  const thinking = await ponder.view('ponder.thinking');
  await ponder.run('Ponder: Find in thoughts');
  const find = thinking.getByRole('searchbox', { name: 'Find in thoughts' }).or(thinking.getByRole('textbox', { name: 'Find in thoughts' }));
  await find.fill('clamp');
  await expect(thinking.locator('mark').first()).toBeVisible();
  await ponder.screenshot('thinking-find');
});

test('says so when nothing was thought', async ({ ponder }) => {
  const thinking = await ponder.view('ponder.thinking');
  await expect(thinking.getByText(/No thoughts yet/)).toBeVisible();
  await ponder.screenshot('thinking-empty');
});
