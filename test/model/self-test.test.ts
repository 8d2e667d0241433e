/** The self-test with the real engine: a model is asked in a way that it has learnt. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { testStrategies } from '../../src/completion/self-test.ts';
import { bestStrategy, provisionalStrategy } from '../../src/completion/strategy.ts';
import { createBackend } from './support/backend.ts';

let backend: LocalBackend;
beforeAll(() => {
  backend = createBackend();
});
afterAll(() => backend.dispose());

const clock = { now: () => performance.now(), delay: () => Promise.resolve() };

describe('the self-test', () => {
  it('finds that the tiny model has learnt infill tokens, and no filling by conversation', async () => {
    const { forms } = await backend.ensureInfill();
    const progress: number[] = [];
    const scores = await testStrategies({ backend, clock }, forms, new AbortController().signal, (fraction) => progress.push(fraction));
    expect(['file', 'repository']).toContain(bestStrategy(scores));
    expect(Math.max(scores.file ?? -Infinity, scores.repository ?? -Infinity)).toBeGreaterThan((scores.chat ?? 0) + 0.3);
    expect(progress.at(-1)).toBe(1);
    expect(['file', 'repository']).toContain(provisionalStrategy(forms));
  });
});
