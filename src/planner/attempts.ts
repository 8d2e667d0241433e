import { PonderError } from '../base/errors.ts';
import { stepDown, type WindowFacts, type WindowNeed, type WindowPlan } from './window.ts';

/**
 * Carries a plan out, and where its memory is not to be had, a lesser one: three attempts at most.
 * @param open throws `context-too-large` when an allocation fails
 * @param onFailure hears of each failure, with what is tried next; undefined: nothing is left
 * @throws what the last attempt threw
 */
export async function attemptPlans<T>(
  first: WindowPlan,
  need: WindowNeed,
  facts: WindowFacts,
  open: (plan: WindowPlan) => Promise<T>,
  onFailure: (plan: WindowPlan, next: WindowPlan | undefined) => void,
): Promise<T> {
  for (let plan = first, failures = 1; ; failures++) {
    try {
      return await open(plan);
    } catch (error) {
      if (!(error instanceof PonderError) || error.code !== 'context-too-large') throw error;
      const next = stepDown(plan, failures, need, facts);
      onFailure(plan, next);
      if (!next) throw error;
      plan = next;
    }
  }
}
