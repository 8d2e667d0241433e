import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ThoughtState } from '../../protocol/webview.ts';
import type { Match, Range } from './find.ts';
import { stepsOf } from './steps.ts';
import { StepView } from './step-view.tsx';

export interface ThoughtStepsProps {
  readonly thought: ThoughtState;
  readonly matches: readonly Match[];
  readonly current: Match | undefined;
  /** Changes when all steps are to be folded. */
  readonly collapses: number;
}

const none: readonly Range[] = [];

/** The timeline of one thought. */
export function ThoughtSteps({ thought, matches, current, collapses }: ThoughtStepsProps): JSX.Element {
  const steps = useMemo(() => stepsOf(thought), [thought]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const toggle = useCallback((index: number) => {
    setFolded((known) => {
      const next = new Set(known);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  }, []);

  useEffect(() => {
    if (collapses > 0) setFolded(new Set(steps.keys()));
  }, [collapses]);

  // A match is shown even where its step was folded.
  const currentStep = current ? steps.findIndex((step) => current.start < step.end && current.end > step.start) : -1;
  useEffect(() => {
    if (currentStep >= 0 && folded.has(currentStep)) toggle(currentStep);
  }, [current]);

  return (
    <ol class="steps" aria-label={l10n.t('Steps of the thought')}>
      {steps.map((step, index) => {
        const inside = matches.filter((match) => match.start < step.end && match.end > step.start);
        const own = inside.map((match) => ({ start: match.start - step.start, end: match.end - step.start }));
        const at = current ? inside.indexOf(current) : -1;
        return (
          <StepView
            key={step.start}
            index={index}
            text={thought.text.slice(step.start, step.end)}
            titleEnd={step.titleEnd - step.start}
            brokenOff={step.brokenOff}
            bodyStart={step.bodyStart - step.start}
            ms={step.ms}
            folded={folded.has(index)}
            matches={own.length === 0 ? none : own}
            current={at < 0 ? undefined : own[at]}
            onToggle={toggle}
          />
        );
      })}
    </ol>
  );
}
