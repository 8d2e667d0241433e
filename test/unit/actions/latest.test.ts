import { describe, expect, it } from 'vitest';
import { Latest } from '../../../src/actions/latest.ts';

describe('Latest', () => {
  it('shows the first and the last, and what there is time for in between', async () => {
    const shown: number[] = [];
    let go = (): void => undefined;
    const latest = new Latest<number>(async (value) => {
      shown.push(value);
      await new Promise<void>((resolve) => (go = resolve));
    });
    latest.offer(1);
    latest.offer(2);
    latest.offer(3);
    expect(shown).toEqual([1]);
    go();
    await new Promise(setImmediate);
    expect(shown).toEqual([1, 3]);
    const settled = latest.settled();
    go();
    await settled;
    latest.offer(4);
    expect(shown).toEqual([1, 3, 4]);
    go();
    await latest.settled();
  });

  it('says that showing failed, when asked and when more comes', async () => {
    const latest = new Latest<number>(() => Promise.reject(new Error('closed')));
    latest.offer(1);
    await expect(latest.settled()).rejects.toThrow('closed');
    expect(() => latest.offer(2)).toThrow('closed');
  });
});
