import { describe, expect, it } from 'vitest';
import { bytes, count, duration, percent, rate, short, size } from '../../../src/webview/shared/format.ts';
import { budgetAt, budgetStops, stopOf } from '../../../src/webview/chat/budget.ts';

/** Non-breaking spaces, made visible. */
const plain = (text: string): string => text.replaceAll('\u00a0', '_');

describe('times', () => {
  it.each([
    [0, '0_s'],
    [40, '0_s'],
    [430, '0.4_s'],
    [960, '1_s'],
    [1500, '2_s'],
    [12_300, '12_s'],
    [59_400, '59_s'],
    [59_600, '1_min'],
    [95_000, '1_min_35_s'],
    [3_600_000, '1_h'],
    [7_500_000, '2_h_5_min'],
    [-5, '0_s'],
  ])('%d ms is %s', (ms, text) => expect(plain(duration(ms))).toBe(text));
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [420, '420'],
    [1180, '1.2k'],
    [24_400, '24.4k'],
    [128_000, '128k'],
  ])('%d tokens are %s in short', (value, text) => expect(short(value)).toBe(text));

  it.each([
    [512, '512'],
    [1024, '1k'],
    [1536, '1.5k'],
    [4096, '4k'],
    [32_768, '32k'],
    [40_960, '40k'],
    [131_072, '128k'],
    [5000, '5k'],
  ])('a window of %d is %s', (value, text) => expect(size(value)).toBe(text));

  it('groups digits', () => expect(count(12_380)).toBe('12,380'));
  it('gives slow speeds a decimal', () => expect([rate(41.4), rate(3.24)].map(plain)).toEqual(['41_tok/s', '3.2_tok/s']));
  it('gives memory in GB', () => expect([bytes(10.9e9), bytes(8e9), bytes(640e6)].map(plain)).toEqual(['10.9_GB', '8.0_GB', '640_MB']));
  it('never rounds up to 100 percent', () => expect([percent(0.999), percent(1), percent(-1), percent(0.61)].map(plain)).toEqual(['99_%', '100_%', '0_%', '61_%']));
});

describe('the budget slider', () => {
  it('goes from 512 to 16k, each stop about half as much again', () => {
    expect(budgetStops[0]).toBe(512);
    expect(budgetStops.at(-1)).toBe(16_384);
    budgetStops.slice(1).forEach((stop, index) => {
      const ratio = stop / (budgetStops[index] ?? 0);
      expect(ratio).toBeGreaterThan(1.3);
      expect(ratio).toBeLessThanOrEqual(1.5);
    });
  });

  it('comes back to the same stop', () => {
    budgetStops.forEach((stop, index) => {
      expect(stopOf(stop)).toBe(index);
      expect(budgetAt(index)).toBe(stop);
    });
  });

  it('takes the nearest stop for other budgets and stays within its ends', () => {
    expect(budgetAt(stopOf(5000))).toBe(4096);
    expect(budgetAt(stopOf(5900))).toBe(6144);
    expect(budgetAt(-3)).toBe(512);
    expect(budgetAt(99)).toBe(16_384);
  });
});
