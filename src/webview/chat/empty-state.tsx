import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ChatState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { Mark } from '../shared/mark.tsx';
import { EngineLine } from './engine-line.tsx';
import { useSend } from './send.ts';

/** A conversation before its first question. */
export function EmptyState({ chat }: { readonly chat: ChatState }): JSX.Element {
  const send = useSend();
  const answers = chat.engine.kind !== 'missing' && chat.engine.kind !== 'down' && chat.engine.kind !== 'off';
  return (
    <div class="empty">
      <div class="empty-in">
        <div class="hero">
          <Mark size={48} />
          <h2>{l10n.t('Ask a coding question')}</h2>
          <p>{l10n.t('Answers come from a model on this computer. Your code stays here.')}</p>
        </div>
        {answers && chat.starters.length > 0 && (
          <ul class="starters" aria-label={l10n.t('Questions to start with')}>
            {chat.starters.map((starter) => (
              <li key={starter.text}>
                <button type="button" onClick={() => send({ type: 'send', text: starter.text })}>
                  <Icon name={starter.icon} />
                  <span class="grow">{starter.text}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <EngineLine engine={chat.engine} />
      </div>
    </div>
  );
}
