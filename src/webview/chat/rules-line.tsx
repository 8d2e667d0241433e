import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ChatState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { count } from '../shared/format.ts';
import { exactly, told, total } from './chips/tokens.ts';
import { useSend } from './send.ts';

/** The rules of the workspace that every question is read with; a press opens the file. */
export function RulesLine({ rules = [] }: Pick<ChatState, 'rules'>): JSX.Element | null {
  const send = useSend();
  if (rules.length === 0) return null;
  const all = total(rules);
  return (
    <div class="rules-line">
      <Icon name="law" />
      <span class="rules-name">{l10n.t('Rules:')}</span>
      {rules.map(({ path, tokens }) => (
        <button
          key={path}
          type="button"
          class="rule-link"
          aria-label={told([l10n.t('Open {0}', path), exactly(tokens)]).join(', ')}
          title={told([path, exactly(tokens), l10n.t('Goes with every question')]).join('\n')}
          onClick={() => send({ type: 'openRule', path })}
        >
          <span class="ellipsis">{path}</span>
        </button>
      ))}
      {all !== undefined && <span class="rules-tokens figures">{`· ${all === 1 ? l10n.t('1 token') : l10n.t('{0} tokens', count(all))}`}</span>}
    </div>
  );
}
