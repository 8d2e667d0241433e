/** The ways to show a model a hole, and which of them it is best at. Pure. */
import { infillForms, type InfillForm, type InfillInfo } from '../protocol/engine.ts';

/**
 * `file`: infill tokens around the current file. `repository`: the same, behind other files of the repository.
 * `chat`: the model is asked in a conversation, and its answer begun for it.
 */
export const strategies = infillForms;
export type Strategy = InfillForm;

/** Mean log-probability per token of middles that are known, at most 0; those strategies that the model has. */
export type Scores = Readonly<Partial<Record<Strategy, number>>>;

/** Differences below this are chance, in nats per token; then the strategy with the shorter prompt is taken. */
const chance = 0.02;

export function strategiesOf(forms: InfillInfo['forms']): Strategy[] {
  return strategies.filter((strategy) => forms[strategy]);
}

export function bestStrategy(scores: Scores): Strategy | undefined {
  const best = Math.max(...strategies.map((strategy) => scores[strategy] ?? -Infinity));
  return strategies.find((strategy) => (scores[strategy] ?? -Infinity) >= best - chance && best > -Infinity);
}

/** Before the model has been tested: tokens made for the purpose, if it has some. */
export function provisionalStrategy(forms: InfillInfo['forms']): Strategy | undefined {
  return (['repository', 'file', 'chat'] as const).find((strategy) => forms[strategy]);
}
