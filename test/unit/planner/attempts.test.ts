import { describe, expect, it } from 'vitest';
import { PonderError } from '../../../src/base/errors.ts';
import { attemptPlans } from '../../../src/planner/attempts.ts';
import { planWindow, type WindowFacts, type WindowPlan } from '../../../src/planner/window.ts';
import { GB, hybrid } from './models.ts';

const facts: WindowFacts = { model: hybrid, memory: { ram: 100 * GB }, wishes: {}, beside: 0 };
/** In the window of 16,384 tokens, for there is to be room for the next turn. */
const need = { prompt: 6000, output: 1024 };
const noMemory = new PonderError('context-too-large', 'no memory');

/** What is tried when everything up to a number of attempts fails. */
async function tried(failing: number, by = facts, wants = need): Promise<{ plans: WindowPlan[]; outcome: unknown; said: (WindowPlan | undefined)[] }> {
  const plans: WindowPlan[] = [];
  const said: (WindowPlan | undefined)[] = [];
  const open = (plan: WindowPlan): Promise<string> => {
    plans.push(plan);
    return plans.length <= failing ? Promise.reject(noMemory) : Promise.resolve('open');
  };
  const outcome: unknown = await attemptPlans(planWindow(wants, by), wants, by, open, (_, next) => said.push(next)).catch((error: unknown) => error);
  return { plans, outcome, said };
}

describe('a failed allocation', () => {
  it('is none: one attempt', async () => {
    expect(await tried(0)).toMatchObject({ outcome: 'open', plans: [{ contextSize: 16_384, kvType: 'f16' }], said: [] });
  });

  it('steps down in keys and values first, then in the window, and then no more', async () => {
    const { plans, outcome, said } = await tried(99);
    expect(plans).toMatchObject([
      { contextSize: 16_384, kvType: 'f16' },
      { contextSize: 16_384, kvType: 'q8_0' },
      { contextSize: 8192, kvType: 'q8_0' },
    ]);
    expect(said).toEqual([plans[1], plans[2], undefined]);
    expect(outcome).toBe(noMemory);
  });

  it('of the least window leaves nothing to try but its precision', async () => {
    const { plans } = await tried(99, facts, { prompt: 0, output: 0 });
    expect(plans.map(({ contextSize, kvType }) => [contextSize, kvType])).toEqual([[2048, 'f16'], [2048, 'q8_0']]);
  });

  it('never steps below what is needed', async () => {
    const { plans, outcome } = await tried(99, facts, { prompt: 15_000, output: 1000 });
    expect(plans.map(({ contextSize }) => contextSize)).toEqual([32_768, 32_768, 16_384]);
    expect(outcome).toBe(noMemory);
  });

  it('leaves a fixed precision alone', async () => {
    const { plans } = await tried(99, { ...facts, wishes: { kvType: 'f16' } });
    expect(plans.map(({ contextSize, kvType }) => [contextSize, kvType])).toEqual([[16_384, 'f16'], [8192, 'f16']]);
  });

  it('leaves a fixed window alone, and refuses at once what was too much from the start', async () => {
    const fixed = await tried(99, { ...facts, wishes: { contextSize: 65_536 } });
    expect(fixed.plans.map(({ contextSize, kvType }) => [contextSize, kvType])).toEqual([[65_536, 'f16'], [65_536, 'q8_0']]);
    const hopeless = await tried(99, { ...facts, memory: { ram: GB }, wishes: { contextSize: 65_536 } });
    expect(hopeless.plans).toHaveLength(1);
  });

  it('of another kind is passed on', async () => {
    const other = new Error('something else');
    const plan = planWindow(need, facts);
    await expect(attemptPlans(plan, need, facts, () => Promise.reject(other), () => undefined)).rejects.toBe(other);
  });
});
