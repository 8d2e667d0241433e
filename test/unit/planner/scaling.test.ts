import { describe, expect, it } from 'vitest';
import { factorFor, windowsOf, windowSteps } from '../../../src/planner/scaling.ts';
import { hybrid } from './models.ts';

describe('windows that are known better than the file says them', () => {
  const known = { ...hybrid, windows: { native: 16_384, largest: 49_152 } };
  it('go before those of the file', () => {
    expect(windowsOf(hybrid)).toEqual({ native: 32_768, largest: 131_072 });
    expect(windowsOf(known)).toEqual({ native: 16_384, largest: 49_152 });
  });
  it('are what YaRN is reckoned from', () => {
    expect(factorFor(known, 16_384)).toBe(1);
    expect(factorFor(known, 49_152)).toBe(3);
  });
  it('are not grown beyond', () => expect(Math.max(...windowSteps(known))).toBe(49_152));
});
