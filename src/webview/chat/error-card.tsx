import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ErrorCard as Card } from '../../protocol/webview.ts';
import { Button, Icon } from '../shared/controls.tsx';
import { bytes } from '../shared/format.ts';
import { useSend } from './send.ts';

/** What went wrong in one sentence, and the ways out with what each costs. */
export function ErrorCard({ turnId, error }: { readonly turnId: string; readonly error: Card }): JSX.Element {
  const send = useSend();
  const title = useRef(`error-${turnId}`).current;
  return (
    <section class="card error" role="alert" aria-labelledby={title} data-error={error.code}>
      <p class="card-title" id={title}>
        <Icon name="error" />
        <span>{error.title}</span>
      </p>
      {error.memory && <Memory needed={error.memory.needed} free={error.memory.free} />}
      {error.detail !== undefined && error.detail !== '' && <p class="card-detail">{error.detail}</p>}
      {error.actions.length > 0 && (
        <ul class="ways-out">
          {error.actions.map((action, index) => (
            <li key={action.id}>
              <Button primary={index === 0} onClick={() => send({ type: 'errorAction', turnId, action: action.id })}>
                {action.label}
              </Button>
              {action.detail !== undefined && <span class="meta">{action.detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Memory({ needed, free }: { readonly needed: number; readonly free: number }): JSX.Element {
  const share = needed > 0 ? Math.min(100, (free / needed) * 100) : 100;
  return (
    <div class="memory">
      <div class="memory-bar" aria-hidden="true">
        <i class="free" style={{ '--w': `${share}%` }} />
        {share < 100 && <i class="over" />}
      </div>
      <dl>
        <div>
          <dt>{l10n.t('Free')}</dt>
          <dd>{bytes(free)}</dd>
        </div>
        <div>
          <dt>{l10n.t('Needs')}</dt>
          <dd>{bytes(needed)}</dd>
        </div>
      </dl>
    </div>
  );
}
