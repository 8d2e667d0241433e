import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { EngineState, TurnState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { Markdown } from '../shared/markdown/markdown.tsx';
import { AnswerFooter } from './answer-footer.tsx';
import { ErrorCard } from './error-card.tsx';
import { Progress } from './progress.tsx';
import { ThoughtLine } from './thought-line.tsx';

export interface AnswerProps {
  readonly turn: TurnState;
  readonly locked: boolean;
  readonly engine: EngineState;
}

export function Answer({ turn, locked, engine }: AnswerProps): JSX.Element {
  return (
    <div class="answer">
      <h2 class="hidden">{l10n.t('Answer')}</h2>
      {turn.notices && turn.notices.length > 0 && <Notices notices={turn.notices} />}
      <ThoughtLine turn={turn} />
      <Progress turn={turn} engine={engine} />
      {turn.answer !== '' && <Markdown text={turn.answer} streaming={turn.status === 'writing'} />}
      {turn.toolCalls.length > 0 && <ToolCalls calls={turn.toolCalls} />}
      {turn.cut === 'length' && <Note icon="warning">{l10n.t('Cut off: the answer reached its length limit.')}</Note>}
      {turn.status === 'stopped' && (
        <Note icon="debug-stop">{turn.answer === '' ? l10n.t('Stopped before an answer.') : l10n.t('Stopped. What was written stays.')}</Note>
      )}
      {turn.error && <ErrorCard turnId={turn.id} error={turn.error} />}
      <AnswerFooter turn={turn} locked={locked} />
    </div>
  );
}

/** What the engine did so that it could answer. */
function Notices({ notices }: { readonly notices: readonly string[] }): JSX.Element {
  return (
    <ul class="notices" aria-label={l10n.t('What the engine did')}>
      {notices.map((notice) => (
        <li key={notice} class="note">
          <Icon name="check" class="done" />
          <span>{notice}</span>
        </li>
      ))}
    </ul>
  );
}

function ToolCalls({ calls }: { readonly calls: TurnState['toolCalls'] }): JSX.Element {
  return (
    <ul class="tool-calls" aria-label={l10n.t('Tool calls')}>
      {calls.map((call, index) => (
        <li key={index} title={call.arguments}>
          <Icon name="tools" />
          <span>{call.name}</span>
          <code class="ellipsis">{call.arguments}</code>
        </li>
      ))}
    </ul>
  );
}

function Note({ icon, children }: { readonly icon: string; readonly children: string }): JSX.Element {
  return (
    <p class="note">
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  );
}
