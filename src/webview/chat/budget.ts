/** The budget slider's scale: doubling steps with one stop between, so that small budgets are as easy to reach. */
import { thoughtBudget } from '../../protocol/webview.ts';

export const budgetStops: readonly number[] = stops();

function stops(): number[] {
  const values: number[] = [];
  for (let value: number = thoughtBudget.min; value <= thoughtBudget.max; value *= 2) {
    values.push(value);
    if (value * 1.5 < thoughtBudget.max) values.push(value * 1.5);
  }
  return values;
}

/** The stop nearest to a budget, by ratio. */
export function stopOf(budget: number): number {
  let best = 0;
  budgetStops.forEach((stop, index) => {
    const distance = Math.abs(Math.log(stop / budget));
    if (distance < Math.abs(Math.log((budgetStops[best] ?? stop) / budget))) best = index;
  });
  return best;
}

export function budgetAt(stop: number): number {
  const bounded = Math.min(budgetStops.length - 1, Math.max(0, Math.round(stop)));
  return budgetStops[bounded] ?? thoughtBudget.default;
}
