import type { TimedMessage } from './stream.ts';

export interface Played {
  readonly lowestFps: number;
  readonly meanFps: number;
  /** Longest time between two frames, ms. */
  readonly longestFrame: number;
  /** Fewest changes of the page's content in any second. */
  readonly lowestDraws: number;
  /** From the last message to the last change of the content, ms. */
  readonly lag: number;
}

/** Runs inside the page, so it stands alone: posts the messages at their times and counts frames meanwhile. */
export async function playInPage(messages: readonly TimedMessage[]): Promise<Played> {
  const frames: number[] = [];
  const draws: number[] = [];
  const end = messages.at(-1)?.at ?? 0;
  let playing = true;

  const observer = new MutationObserver(() => draws.push(performance.now() - start));
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  const frame = (): void => {
    frames.push(performance.now() - start);
    if (playing) requestAnimationFrame(frame);
  };
  const start = performance.now();
  requestAnimationFrame(frame);

  let next = 0;
  await new Promise<void>((resolve) => {
    const post = (): void => {
      const now = performance.now() - start;
      for (let due = messages[next]; due && due.at <= now; due = messages[++next]) window.postMessage(due.message, '*');
      const waiting = messages[next];
      if (waiting) setTimeout(post, Math.max(0, waiting.at - (performance.now() - start)));
      else setTimeout(resolve, 1000);
    };
    post();
  });
  playing = false;
  observer.disconnect();

  const during = (times: readonly number[]): number[] => times.filter((time) => time <= end);
  const lowestInASecond = (times: readonly number[]): number => {
    // Just behind each of them begins the second that has the fewest.
    const counts = [0, ...times].filter((from) => from + 1000 <= end).map((from) => times.filter((time) => time > from && time <= from + 1000).length);
    return Math.min(...counts);
  };
  const gaps = during(frames).map((time, index, all) => time - (all[index - 1] ?? 0));
  return {
    lowestFps: lowestInASecond(during(frames)),
    meanFps: (during(frames).length / end) * 1000,
    longestFrame: Math.max(...gaps),
    lowestDraws: lowestInASecond(during(draws)),
    lag: (draws.at(-1) ?? 0) - end,
  };
}
