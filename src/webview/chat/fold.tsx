import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ChatState } from '../../protocol/webview.ts';
import { Bar, Icon } from '../shared/controls.tsx';
import { Markdown } from '../shared/markdown/markdown.tsx';
import { Mark } from '../shared/mark.tsx';
import { Disclosure } from './chips/disclosure.tsx';
import { useSend } from './send.ts';

export interface FoldProps {
  readonly folded: NonNullable<ChatState['folded']>;
  /** True while an answer is on its way: nothing may be asked of the model. */
  readonly locked: boolean;
}

/** Where the model's reading begins: what stands above is not read any more, or only in short. */
export function Fold({ folded, locked }: FoldProps): JSX.Element {
  const send = useSend();
  const { summary, busy } = folded;
  const text = summary === undefined ? unread(folded.turns) : l10n.t('Above is summarised for the model');
  return (
    <section class="fold" aria-label={l10n.t('What the model no longer reads')}>
      <div class="fold-line" role="separator" aria-label={text}>
        <span>
          <Icon name="fold-up" />
          {text}
        </span>
      </div>
      {busy ? (
        <div class="progress">
          <div class="progress-line live">
            <Mark size={18} />
            {l10n.t('Summarising them')}
          </div>
          <Bar label={l10n.t('Summarising them')} share={undefined} text={l10n.t('Summarising them')} />
        </div>
      ) : (
        <div class="fold-actions">
          {summary === undefined ? (
            <button type="button" class="disclosure" disabled={locked} title={l10n.t('Summarise them for the model')} onClick={() => send({ type: 'compact' })}>
              <Icon name="fold" />
              <span>{l10n.t('Compact')}</span>
              <span class="fold-hint">{l10n.t('Summarise them for the model')}</span>
            </button>
          ) : (
            <>
              <Disclosure icon="note" label={l10n.t('Summary')}>
                <Markdown text={summary} streaming={false} />
              </Disclosure>
              <button type="button" class="disclosure fold-undo" disabled={locked} onClick={() => send({ type: 'undoCompact' })}>
                <Icon name="discard" />
                {l10n.t('Undo')}
              </button>
            </>
          )}
        </div>
      )}
    </section>
  );
}

function unread(turns: number): string {
  return turns === 1 ? l10n.t('The model no longer reads the turn above') : l10n.t('The model no longer reads the {0} turns above', turns);
}
