import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ThoughtState } from '../../protocol/webview.ts';
import { Icon, LinkButton } from '../shared/controls.tsx';
import { count, duration } from '../shared/format.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import type { Match } from './find.ts';
import { ThoughtSteps } from './thought-steps.tsx';

export interface ThoughtViewProps {
  readonly thought: ThoughtState;
  readonly matches: readonly Match[];
  readonly current: Match | undefined;
  readonly collapses: number;
  readonly onOpenAnswer: (turnId: string) => void;
  readonly onCopy: (text: string) => void;
}

/** A thought unfolded: what was asked, its steps, and how it ended. */
export function ThoughtView({ thought, matches, current, collapses, onOpenAnswer, onCopy }: ThoughtViewProps): JSX.Element {
  return (
    <div class="thought" data-turn={thought.turnId} data-status={thought.status}>
      <ThoughtSteps thought={thought} matches={matches} current={current} collapses={collapses} />
      {thought.status !== 'streaming' && (
        <>
          <Ending thought={thought} />
          <p class="thought-links">
            <LinkButton onClick={() => onOpenAnswer(thought.turnId)}>{l10n.t('Show answer')}</LinkButton>
            <CopyButton label={l10n.t('Copy thought')} onCopy={() => onCopy(thought.text)} />
          </p>
        </>
      )}
    </div>
  );
}

function Ending({ thought }: { readonly thought: ThoughtState }): JSX.Element | null {
  const note = endingOf(thought);
  return note === undefined ? null : (
    <p class="ending">
      <Icon name={thought.status === 'stopped' ? 'debug-stop' : 'debug-step-over'} />
      <span>{note}</span>
    </p>
  );
}

/** Why a thought ended other than by itself. */
export function endingOf(thought: Pick<ThoughtState, 'status' | 'endedBy' | 'budget'>): string | undefined {
  if (thought.status === 'stopped') return l10n.t('Stopped here.');
  if (thought.endedBy === 'budget') return l10n.t('Closed at the budget of {0} tokens.', count(thought.budget));
  if (thought.endedBy === 'user') return l10n.t('Closed early by Answer now.');
  return undefined;
}

/** "3 s · 128 tok". */
export function totals(thought: ThoughtState): string {
  return `${duration(thought.ms)} · ${l10n.t('{0} tok', count(thought.tokens))}`;
}
