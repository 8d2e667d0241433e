import { describe, expect, it } from 'vitest';
import { SpeedMeter, secondsLeft } from '../../../../src/models/download/speed.ts';

describe('the speed of a download', () => {
  it('is that of the last seconds, not of all the time', () => {
    const meter = new SpeedMeter();
    let bytes = 0;
    for (let at = 0; at <= 60_000; at += 250) meter.add(at, (bytes += 1000));
    expect(meter.bytesPerSecond).toBeCloseTo(4000);
    for (let at = 60_250; at <= 68_000; at += 250) meter.add(at, (bytes += 100));
    expect(meter.bytesPerSecond).toBeCloseTo(400);
  });

  it('is not told from one sample, and begins anew when bytes are thrown away', () => {
    const meter = new SpeedMeter();
    meter.add(0, 500);
    expect(meter.bytesPerSecond).toBe(0);
    meter.add(1000, 1500);
    expect(meter.bytesPerSecond).toBe(1000);
    meter.add(2000, 0);
    expect(meter.bytesPerSecond).toBe(0);
  });

  it('gives the time that is left, where it can be told', () => {
    expect(secondsLeft(500, 1500, 100)).toBe(10);
    expect(secondsLeft(500, undefined, 100)).toBeUndefined();
    expect(secondsLeft(500, 1500, 0)).toBeUndefined();
  });
});
