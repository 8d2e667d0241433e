import type { JSX } from 'preact';
import { memo } from '../shared/memo.ts';
import type { EngineState, TurnState } from '../../protocol/webview.ts';
import { Answer } from './answer.tsx';
import { Question } from './question.tsx';

export interface TurnProps {
  readonly turn: TurnState;
  /** True while any answer is on its way: nothing may be asked again. */
  readonly locked: boolean;
  readonly engine: EngineState;
}

/** A question and its answer. */
export const Turn = memo(function Turn({ turn, locked, engine }: TurnProps): JSX.Element {
  return (
    <article class="turn" data-turn={turn.id} data-status={turn.status} aria-label={turn.question.slice(0, 80)}>
      <Question turn={turn} locked={locked} />
      <Answer turn={turn} locked={locked} engine={engine} />
    </article>
  );
});
