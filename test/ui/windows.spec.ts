/** Two windows of one user: two extension hosts, and one engine. */
import { enginePids, openView, openWorkbench, webviewFrame } from '../rig/index.mjs';
import { expect, test, type Ponder } from '../rig/test.ts';
import { Chat, settings } from './support.ts';

test.use({ settings });

/** Another window of the same server, on the same folder's copy. */
async function secondWindow(ponder: Ponder): Promise<Ponder> {
  const page = await ponder.page.context().newPage();
  await openWorkbench(page, ponder.server, { folder: ponder.workspace });
  return {
    ...ponder,
    page,
    async view(viewId) {
      await openView(page, viewId);
      return webviewFrame(page, viewId);
    },
  };
}

async function answered(chat: Chat): Promise<void> {
  await chat.ask('Hello');
  await chat.done();
  expect(await chat.answer()).not.toBe('');
}

test('both answer from one engine, which the first one’s going leaves alone, and which is killed for both', async ({ ponder }) => {
  const other = await secondWindow(ponder);
  const [first, second] = [await Chat.open(ponder), await Chat.open(other)];
  // To look costs nothing: neither window has an engine yet.
  expect(enginePids(ponder.server)).toEqual([]);
  await answered(first);
  const engine = await ponder.engine();
  await answered(second);
  await expect.poll(() => enginePids(ponder.server)).toEqual([engine]);

  process.kill(engine, 'SIGKILL');
  await expect.poll(() => enginePids(ponder.server).filter((pid) => pid !== engine).length, { timeout: 30_000 }).toBeGreaterThan(0);
  await answered(first);
  await answered(second);
  await expect.poll(() => enginePids(ponder.server).length).toBe(1);
  const next = await ponder.engine();
  expect(next).not.toBe(engine);

  // The window that started it goes, extension host and all.
  await ponder.page.goto('about:blank');
  await ponder.page.waitForTimeout(6000);
  await answered(second);
  expect(enginePids(ponder.server)).toEqual([next]);

  await other.page.close();
  await expect.poll(() => enginePids(ponder.server), { timeout: 20_000 }).toEqual([]);
});
