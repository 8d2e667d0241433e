import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ThoughtState } from '../../protocol/webview.ts';
import { Bar, Button } from '../shared/controls.tsx';
import { count, duration, rate } from '../shared/format.ts';
import { Mark } from '../shared/mark.tsx';
import { useElapsed } from '../shared/use-elapsed.ts';

/** The thought that goes on: for how long, how fast, and how much of its budget is used. */
export function NowHeader({ thought, onAnswerNow }: { readonly thought: ThoughtState; readonly onAnswerNow: () => void }): JSX.Element {
  const elapsed = useElapsed(thought.ms, true);
  const share = thought.budget > 0 ? thought.tokens / thought.budget : undefined;
  const used = l10n.t('{0} of {1} tokens', count(thought.tokens), count(thought.budget));
  return (
    <section class="now" aria-label={l10n.t('Thinking now')} data-status="streaming">
      <div class="now-line">
        <span class="live now-title">
          <Mark size={20} />
          {l10n.t('Thinking')}
        </span>
        <span class="meta figures now-figures">
          <span>{duration(elapsed)}</span>
          {thought.tokensPerSecond > 0 && <span class="now-rate">{rate(thought.tokensPerSecond)}</span>}
        </span>
        <span class="grow" />
        <Button icon="debug-step-over" onClick={onAnswerNow}>
          {l10n.t('Answer now')}
        </Button>
      </div>
      <Bar label={l10n.t('Thinking budget')} share={share} text={used} />
      <div class="now-budget meta figures">
        <span>{l10n.t('{0} tokens', count(thought.tokens))}</span>
        <span>{l10n.t('Budget {0}', count(thought.budget))}</span>
      </div>
    </section>
  );
}
