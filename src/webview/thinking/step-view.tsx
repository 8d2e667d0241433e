import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { Icon } from '../shared/controls.tsx';
import { duration } from '../shared/format.ts';
import { memo } from '../shared/memo.ts';
import type { Range } from './find.ts';
import { Prose } from './prose.tsx';

export interface StepViewProps {
  /** The text of this step; offsets below count from its start. */
  readonly text: string;
  readonly titleEnd: number;
  readonly brokenOff: boolean;
  readonly bodyStart: number;
  /** Absent while the step goes on. */
  readonly ms: number | undefined;
  readonly folded: boolean;
  readonly matches: readonly Range[];
  readonly current: Range | undefined;
  readonly index: number;
  readonly onToggle: (index: number) => void;
}

/** One step of a thought: its title opens and closes its text. */
export const StepView = memo(function StepView(props: StepViewProps): JSX.Element {
  const { text, titleEnd, brokenOff, bodyStart, ms, folded, matches, current } = props;
  const live = ms === undefined;
  const hasBody = bodyStart < text.length;
  const time = live ? l10n.t('now') : ms >= 500 ? duration(ms) : '';
  const title = (
    <>
      <span class="step-title prose" dir="auto">
        <Prose text={text} range={{ start: 0, end: titleEnd }} matches={brokenOff ? [] : matches} current={current} />
        {brokenOff && '…'}
      </span>
      {hasBody && <Icon name={folded ? 'chevron-right' : 'chevron-down'} />}
      <span class="step-time figures">{time}</span>
    </>
  );
  return (
    <li class={live ? 'step on' : 'step'}>
      <span class="node" aria-hidden="true" />
      {hasBody ? (
        <button type="button" class="step-head" aria-expanded={!folded} onClick={() => props.onToggle(props.index)}>
          {title}
        </button>
      ) : (
        <p class={live ? 'step-head caret' : 'step-head'}>{title}</p>
      )}
      {hasBody && (
        <p class={`step-text prose${folded ? ' clamp' : ''}${live && !folded ? ' caret' : ''}`} dir="auto">
          <Prose text={text} range={{ start: bodyStart, end: text.length }} matches={matches} current={current} />
        </p>
      )}
    </li>
  );
});
