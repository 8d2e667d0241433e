/** How it looks: four themes, three widths, no violation of the accessibility rules; pictures for the README. */
import path from 'node:path';
import { axeViolations, themes } from '../rig/index.mjs';
import { expect, test, type Ponder } from '../rig/test.ts';
import { root } from '../../scripts/lib/paths.mjs';
import { Chat, settings } from './support.ts';

test.use({ settings });

/** Drags the edge of the side bar until it is that wide, px. */
async function setWidth({ page }: Ponder, width: number): Promise<void> {
  const bar = page.locator('.part.sidebar');
  const box = await bar.boundingBox();
  if (!box) throw new Error('There is no side bar.');
  const edge = box.x + box.width;
  await page.mouse.move(edge, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(box.x + width, box.y + 300, { steps: 4 });
  await page.mouse.up();
}

for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
  test(`${theme}: chat and thinking at three widths`, async ({ ponder }) => {
    const chat = await Chat.open(ponder);
    await chat.ask('Explain the function clamp.');
    await chat.done();
    await chat.ask('What is 12 times 7?');
    await chat.done();
    await chat.last.getByRole('button', { name: /Thought for/ }).click();
    const thinking = await ponder.view('ponder.thinking');
    await expect(thinking.getByRole('list', { name: 'Steps of the thought' })).toBeVisible();
    await ponder.useTheme(theme);
    for (const width of [260, 360, 700]) {
      await setWidth(ponder, width);
      await ponder.page.waitForTimeout(200);
      await ponder.screenshot(`look-${theme}-${width}`);
    }
    expect(await axeViolations(chat.frame)).toEqual([]);
    expect(await axeViolations(thinking)).toEqual([]);
  });
}

test('pictures for the README', async ({ ponder }) => {
  const { page } = ponder;
  await ponder.openFile('math.ts');
  const chat = await Chat.open(ponder);
  await chat.ask('Write a function that reverses a string.');
  await chat.done();
  await chat.ask('What is 12 times 7?');
  await chat.done();
  await setWidth(ponder, 420);
  const shot = async (name: string): Promise<void> => {
    await page.screenshot({ path: path.join(root, 'test-results/screenshots', `readme-${name}.png`) });
  };
  await shot('chat-dark');
  await ponder.useTheme('light');
  await shot('chat-light');
  await ponder.useTheme('dark');
  await chat.last.getByRole('button', { name: /Thought for/ }).click();
  const thinking = await ponder.view('ponder.thinking');
  await expect(thinking.getByRole('list', { name: 'Steps of the thought' })).toBeVisible();
  await shot('thinking-dark');
});
