import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleUnload } from '../../../src/backends/idle-unload.ts';

const minute = 60_000;

describe('an idle model', () => {
  let unloads = 0;
  let idle = new IdleUnload(() => undefined);
  beforeEach(() => {
    vi.useFakeTimers();
    unloads = 0;
    idle = new IdleUnload(() => unloads++);
  });
  afterEach(() => {
    idle.dispose();
    vi.useRealTimers();
  });

  it('goes so long after the last use, and once', () => {
    idle.minutes = 30;
    idle.begin()();
    vi.advanceTimersByTime(30 * minute - 1);
    expect(unloads).toBe(0);
    vi.advanceTimersByTime(1);
    expect(unloads).toBe(1);
    vi.advanceTimersByTime(300 * minute);
    expect(unloads).toBe(1);
  });

  it('stays while it is used, however long that takes, by whomever', () => {
    idle.minutes = 1;
    const [chat, completion] = [idle.begin(), idle.begin()];
    completion();
    completion();
    vi.advanceTimersByTime(100 * minute);
    expect(unloads).toBe(0);
    chat();
    vi.advanceTimersByTime(minute);
    expect(unloads).toBe(1);
  });

  it('begins to wait anew with each use', () => {
    idle.minutes = 2;
    for (let times = 0; times < 10; times++) {
      vi.advanceTimersByTime(1.5 * minute);
      idle.begin()();
    }
    expect(unloads).toBe(0);
  });

  it('stays for ever where that is wanted', () => {
    idle.minutes = 0;
    idle.begin()();
    vi.advanceTimersByTime(10_000 * minute);
    expect(unloads).toBe(0);
  });

  it('hears of another time at once', () => {
    idle.minutes = 1000;
    idle.begin()();
    idle.minutes = 1;
    vi.advanceTimersByTime(minute);
    expect(unloads).toBe(1);
    idle.begin()();
    idle.minutes = 0;
    vi.advanceTimersByTime(1000 * minute);
    expect(unloads).toBe(1);
    idle.minutes = 5;
    vi.advanceTimersByTime(5 * minute);
    expect(unloads).toBe(2);
  });

  it('is waited for again when a use has failed', async () => {
    idle.minutes = 1;
    await expect(idle.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    vi.advanceTimersByTime(minute);
    expect(unloads).toBe(1);
  });

  it('is let be once nobody looks after it', () => {
    idle.minutes = 1;
    idle.begin()();
    idle.dispose();
    vi.advanceTimersByTime(100 * minute);
    expect(unloads).toBe(0);
  });
});
