import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { TurnState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { duration } from '../shared/format.ts';
import { Mark } from '../shared/mark.tsx';
import { useElapsed } from '../shared/use-elapsed.ts';
import { useSend } from './send.ts';

/** "Thought for 12 s", which opens the thought; while it lasts, also the way to end it. */
export function ThoughtLine({ turn }: { readonly turn: TurnState }): JSX.Element | null {
  const send = useSend();
  const thinking = turn.status === 'thinking';
  const elapsed = useElapsed(turn.thought?.ms ?? 0, thinking);
  if (!turn.thought && !thinking) return null;
  const time = duration(elapsed);
  return (
    <div class="provenance">
      <button type="button" class="disclosure" data-thought onClick={() => send({ type: 'openThought', turnId: turn.id })}>
        {thinking ? (
          <span class="live">
            <Mark size={16} />
          </span>
        ) : (
          <Icon name="thinking" />
        )}
        <span class="figures">{thinking ? l10n.t('Thinking for {0}', time) : l10n.t('Thought for {0}', time)}</span>
        <Icon name="chevron-right" />
      </button>
      {thinking && (
        <button type="button" class="disclosure" onClick={() => send({ type: 'answerNow' })}>
          <Icon name="debug-step-over" />
          {l10n.t('Answer now')}
        </button>
      )}
    </div>
  );
}
