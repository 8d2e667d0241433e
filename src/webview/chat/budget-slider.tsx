import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { thoughtBudget } from '../../protocol/webview.ts';
import { count, duration, size } from '../shared/format.ts';
import { budgetAt, budgetStops, stopOf } from './budget.ts';
import { useSend } from './send.ts';

export interface BudgetSliderProps {
  readonly budget: number;
  /** Of the last answer; absent before there was one. */
  readonly tokensPerSecond: number | undefined;
  readonly disabled: boolean;
}

/** How many tokens a thought may take, and how long that is at the speed of the last answer. */
export function BudgetSlider({ budget, tokensPerSecond, disabled }: BudgetSliderProps): JSX.Element {
  const send = useSend();
  const id = useId();
  const [shown, setShown] = useState(budget);
  useEffect(() => {
    setShown(budget);
  }, [budget]);
  const last = budgetStops.length - 1;
  const tokens = l10n.t('{0} tokens', count(shown));
  const time =
    tokensPerSecond !== undefined && tokensPerSecond > 0
      ? l10n.t('about {0} at most', duration((shown / tokensPerSecond) * 1000))
      : undefined;
  return (
    <div class="budget">
      <div class="row">
        <label for={id}>{l10n.t('Budget')}</label>
        <span class="figures">{tokens}</span>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        disabled={disabled}
        value={stopOf(shown)}
        aria-valuetext={time === undefined ? tokens : `${tokens}, ${time}`}
        style={{ '--w': `${(stopOf(shown) / last) * 100}%` }}
        onInput={(event) => setShown(budgetAt(event.currentTarget.valueAsNumber))}
        onChange={(event) => send({ type: 'setBudget', tokens: budgetAt(event.currentTarget.valueAsNumber) })}
      />
      <div class="row meta" aria-hidden="true">
        <span>{count(thoughtBudget.min)}</span>
        {time !== undefined && <span>{time}</span>}
        <span>{size(thoughtBudget.max)}</span>
      </div>
    </div>
  );
}
