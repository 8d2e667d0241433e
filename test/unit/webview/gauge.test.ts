import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gauge } from '../../../src/webview/chat/gauge.ts';

describe('the meter', () => {
  it('tells what is cached, new and free', () => {
    expect(gauge({ used: 12_380, cached: 11_070, size: 32_768 })).toMatchObject({ cached: 11_070, fresh: 1310, over: 0, free: 20_388, limit: 32_768, scale: 32_768, growsTo: undefined });
  });
  it('says how far the window can grow, when it has to', () => {
    expect(gauge({ used: 40_960, cached: 0, size: 32_768, largest: 131_072 })).toMatchObject({ growsTo: 131_072, over: 0, limit: 32_768, scale: 40_960 });
    expect(gauge({ used: 100, cached: 0, size: 32_768, largest: 131_072 }).growsTo).toBeUndefined();
  });
  it('tells what fits in no way, measured against the largest window', () => {
    expect(gauge({ used: 140_000, cached: 11_070, size: 65_536, largest: 131_072 })).toMatchObject({ over: 8928, growsTo: undefined, limit: 131_072 });
    expect(gauge({ used: 33_000, cached: 0, size: 32_768 }).over).toBe(232);
  });
  it('marks the native window only within the present one', () => {
    expect(gauge({ used: 1, cached: 0, size: 65_536, native: 32_768 }).native).toBe(32_768);
    expect(gauge({ used: 1, cached: 0, size: 16_384, native: 32_768 }).native).toBeUndefined();
  });
  it('has parts that add up and fit', () => {
    const tokens = fc.nat(300_000);
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 1, max: 300_000 }), tokens, (used, cached, size, largest) => {
        const { cached: known, fresh, over, scale } = gauge({ used, cached, size, largest });
        expect(Math.min(known, fresh, over)).toBeGreaterThanOrEqual(0);
        expect(known + fresh + over).toBe(used);
        expect(used).toBeLessThanOrEqual(scale);
      }),
    );
  });
});
