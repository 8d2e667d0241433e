import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ThinkingState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';

/** Why there is nothing to read yet. */
export function NoThoughts({ thinking }: { readonly thinking: ThinkingState }): JSX.Element {
  return (
    <div class="none">
      <Icon name="thinking" />
      <p>{reason(thinking)}</p>
    </div>
  );
}

export function reason({ kind, mode, modelName }: Pick<ThinkingState, 'kind' | 'mode' | 'modelName'>): string {
  if (kind === 'never') return l10n.t('{0} answers without thinking.', modelName ?? l10n.t('This model'));
  if (kind !== 'always' && mode === 'off') return l10n.t('Thinking is off. Turn it on below the question to see how an answer comes about.');
  if (kind !== 'always' && mode === 'auto') {
    return l10n.t('No thoughts yet. They appear here when a question needs several steps.');
  }
  return l10n.t('No thoughts yet. They appear here while the model thinks.');
}
