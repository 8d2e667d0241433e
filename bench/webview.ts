import { openBrowser } from '../test/rig/browser.mjs';
import type { Suite } from './row.ts';
import { brief, median } from './stats.ts';
import { openChatView } from './webview/page.ts';
import { playInPage, type Played } from './webview/play.ts';
import { streamedAnswer } from './webview/stream.ts';

const name = 'webview.fps';

/**
 * Frames per second of the chat view while an answer of 2,000 tokens streams in at 300 tokens/s: the lowest number in
 * any one second of the stream, by requestAnimationFrame, in the bundle that ships, with the messages that the
 * extension sends and at their times. A frame counts when its callback runs, so one that is late is late here too.
 * The median of five streams, each in a fresh page: a machine that stands still for half a second hits one of them.
 * The note has them all, and how often the answer itself was redrawn.
 */
export const webview: Suite = {
  rows: [{ name, unit: 'frames/s', target: { relation: '>=', value: 30 } }],
  needs: ['browser'],
  async *measure() {
    const { messages, tokens, ms } = streamedAnswer();
    const { page, close } = await openBrowser();
    try {
      const runs: Played[] = [];
      for (let run = 0; run < 5; run++) {
        await openChatView(page);
        runs.push(await page.evaluate(playInPage, messages));
      }
      const each = (value: (run: Played) => number): string => runs.map((run) => brief(value(run))).join(', ');
      yield {
        row: name,
        value: median(runs.map(({ lowestFps }) => lowestFps)),
        note: `${String(runs.length)} streams of ${String(tokens)} tokens in ${brief(ms / 1000)} s: lowest ${each(({ lowestFps }) => lowestFps)}, mean ${each(({ meanFps }) => meanFps)}; longest frame ${each(({ longestFrame }) => longestFrame)} ms; answer redrawn at least ${each(({ lowestDraws }) => lowestDraws)} times a second; last text shown ${each(({ lag }) => lag)} ms after it was sent`,
      };
    } finally {
      await close();
    }
  },
};
