import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { namedCode } from '../../protocol/fences.ts';
import type { TurnState } from '../../protocol/webview.ts';
import { IconButton } from '../shared/controls.tsx';
import { count, duration, rate } from '../shared/format.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { Mark } from '../shared/mark.tsx';
import { isRunning } from './reduce.ts';
import { useSend } from './send.ts';

/** Below an answer: how fast it comes, or how it came and what can be done with it. */
export function AnswerFooter({ turn, locked }: { readonly turn: TurnState; readonly locked: boolean }): JSX.Element | null {
  const send = useSend();
  const running = isRunning(turn);
  const severalFiles = useMemo(() => !running && new Set(namedCode(turn.answer).map(({ path }) => path)).size > 1, [running, turn.answer]);
  if (turn.status === 'writing') return <Writing turn={turn} />;
  if (running) return null;
  // An error brings its own ways out.
  if (turn.answer === '' && turn.error && turn.error.actions.length > 0) return null;
  return (
    <div class="footer">
      {turn.stats && turn.stats.tokens > 0 && <Stats stats={turn.stats} />}
      <span class="actions">
        {severalFiles && <IconButton icon="git-pull-request-go-to-changes" label={l10n.t('Apply all')} wide={l10n.t('Apply all')} onClick={() => send({ type: 'applyAll', turnId: turn.id })} />}
        {turn.answer !== '' && <CopyButton label={l10n.t('Copy answer')} onCopy={() => send({ type: 'copy', text: turn.answer })} />}
        <IconButton icon="refresh" label={l10n.t('Regenerate')} disabled={locked} onClick={() => send({ type: 'regenerate', turnId: turn.id })} />
      </span>
    </div>
  );
}

function Writing({ turn }: { readonly turn: TurnState }): JSX.Element {
  return (
    <div class="footer">
      <span class="live writing">
        <Mark size={18} />
        {l10n.t('Writing')}
      </span>
      {turn.stats && (
        <span class="stats figures">
          <span>{rate(turn.stats.tokensPerSecond)}</span>
          <span>{tokens(turn.stats.tokens)}</span>
        </span>
      )}
    </div>
  );
}

function Stats({ stats }: { readonly stats: NonNullable<TurnState['stats']> }): JSX.Element {
  return (
    <span class="stats" title={l10n.t('First token after {0}', seconds(stats.firstTokenMs))}>
      <span>{rate(stats.tokensPerSecond)}</span>
      <span>{tokens(stats.tokens)}</span>
      <span class="model-name">{stats.model}</span>
    </span>
  );
}

function tokens(value: number): string {
  return value === 1 ? l10n.t('1 token') : l10n.t('{0} tokens', count(value));
}

function seconds(ms: number): string {
  return ms < 10_000 ? l10n.t('{0} s', Math.round(ms / 100) / 10) : duration(ms);
}
