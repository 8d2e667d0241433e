import { expect, test } from '../rig/test.ts';
import { Chat, longQuestion, settings } from './support.ts';

test.use({ settings });

for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
  test(`${signal} in mid-answer: the text stays, a card says so, Retry answers`, async ({ ponder }) => {
    const chat = await Chat.open(ponder);
    await chat.ask('Hello');
    await chat.done();
    const engine = await ponder.engine();
    const release = await ponder.slowDown(0.05);
    await chat.ask(`${longQuestion} /no_think`);
    await chat.status('writing');
    // Answers are sampled, so their words are not sure, only that they stream.
    await expect.poll(async () => (await chat.answer()).length).toBeGreaterThan(3);
    const kept = await chat.answer();
    release();
    process.kill(engine, signal);
    await chat.status('failed');
    expect(await chat.answer()).toContain(kept.slice(0, 4));
    const card = chat.last.getByRole('alert');
    await expect(card).toContainText('The engine stopped unexpectedly');
    await ponder.screenshot(`chat-crashed-${signal}`);

    // The host lives: other extensions' commands still answer.
    await ponder.openFile('cart.ts');
    await card.getByRole('button', { name: 'Retry' }).click();
    await chat.done();
    expect(await ponder.engine()).not.toBe(engine);
    expect(await chat.answer()).not.toBe('');
  });
}

test('after three crashes in a row it stays down and says so, until restarted', async ({ ponder }) => {
  const chat = await Chat.open(ponder);
  await chat.ask('Hello');
  await chat.done();
  for (let crash = 1; crash <= 3; crash++) {
    const engine = await ponder.engine();
    process.kill(engine, 'SIGKILL');
    if (crash < 3) await expect.poll(() => ponder.engine(), { timeout: 30_000 }).not.toBe(engine);
  }
  await ponder.page.waitForTimeout(1000);
  await chat.ask('Hello');
  await chat.status('failed');
  const card = chat.last.getByRole('alert');
  await expect(card).toContainText('The engine stopped 3 times in a row');
  await ponder.screenshot('chat-unstable');
  await card.getByRole('button', { name: 'Restart engine' }).click();
  await chat.done();
});
