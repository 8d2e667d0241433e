import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SkippingClock } from '../../../../bench/completion/clock.ts';

const never = new AbortController().signal;

describe('the clock', () => {
  it('is put forward while nothing works', async () => {
    const clock = new SkippingClock();
    const real = performance.now();
    const start = clock.now();
    const rung: number[] = [];
    for (const ms of [4000, 2000, 9000]) void clock.delay(ms, never).then(() => rung.push(ms));
    await clock.passUntil(start + 5000);
    expect(clock.now() - start).toBeGreaterThanOrEqual(5000);
    expect(performance.now() - real).toBeLessThan(2000);
    expect(rung).toEqual([2000, 4000]);
  });

  it('lets time pass as it does during work', async () => {
    const clock = new SkippingClock();
    const real = performance.now();
    void clock.during(() => sleep(100));
    await clock.passUntil(clock.now() + 50);
    expect(performance.now() - real).toBeGreaterThan(45);
    await clock.passUntil(clock.now() + 60_000);
    expect(performance.now() - real).toBeGreaterThan(95);
    expect(performance.now() - real).toBeLessThan(5000);
  });

  it('stands still for what is done aside', async () => {
    const clock = new SkippingClock();
    const start = clock.now();
    await clock.aside(() => sleep(100));
    expect(clock.now() - start).toBeLessThan(50);
  });

  it('gives up a delay that is aborted', async () => {
    const clock = new SkippingClock();
    const aborter = new AbortController();
    const delay = clock.delay(1000, aborter.signal);
    aborter.abort();
    await expect(delay).rejects.toMatchObject({ name: 'AbortError' });
    await expect(clock.delay(1000, aborter.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
