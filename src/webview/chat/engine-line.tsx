import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { EngineState } from '../../protocol/webview.ts';
import { Bar, Button, Dots, Icon, LinkButton } from '../shared/controls.tsx';
import { percent, size } from '../shared/format.ts';
import { useSend } from './send.ts';

/** Who answers, and how it is placed; or what is missing for an answer. */
export function EngineLine({ engine }: { readonly engine: EngineState }): JSX.Element {
  const send = useSend();
  const change = <LinkButton onClick={() => send({ type: 'pickModel' })}>{l10n.t('Change')}</LinkButton>;
  switch (engine.kind) {
    case 'missing':
      return (
        <section class="engine missing" aria-label={l10n.t('Model')}>
          <p class="engine-name">{l10n.t('No model yet')}</p>
          <p class="meta">{l10n.t('Ponder answers with a model file on this computer.')}</p>
          <Button primary onClick={() => send({ type: 'pickModel' })}>
            {l10n.t('Choose a model…')}
          </Button>
        </section>
      );
    case 'idle':
      return (
        <section class="engine" aria-label={l10n.t('Model')}>
          <Icon name="circle-outline" class="idle" />
          <div class="grow">
            <p class="engine-name">
              <span class="grow">{engine.name}</span>
              {change}
            </p>
            <p class="meta">{l10n.t('Loads with the first question')}</p>
          </div>
        </section>
      );
    case 'loading':
      return (
        <section class="engine" aria-label={l10n.t('Model')}>
          <Icon name="loading" class="codicon-modifier-spin" />
          <div class="grow">
            <p class="engine-name">{l10n.t('Loading {0}', engine.name)}</p>
            <Bar label={l10n.t('Loading {0}', engine.name)} share={engine.fraction} text={percent(engine.fraction)} />
          </div>
        </section>
      );
    case 'ready': {
      const { model } = engine;
      return (
        <section class="engine" aria-label={l10n.t('Model')}>
          <Icon name="pass-filled" class="ready" />
          <div class="grow">
            <p class="engine-name">
              <span class="grow">{l10n.t('{0} is ready', model.name)}</span>
              {change}
            </p>
            <p class="meta">
              <Dots parts={[model.quantisation, model.placement, l10n.t('{0} context', size(model.contextSize))]} />
            </p>
            {model.demo && <p class="tag">{l10n.t('Demo model: knows a few dozen questions')}</p>}
          </div>
        </section>
      );
    }
    case 'down':
      return <EngineDown message={engine.message} />;
    case 'off':
      return <Off />;
  }
}

/** Shown above the composer of a conversation, where the last answer has not already `said` it. */
export function EngineNotice({ engine, said }: { readonly engine: EngineState; readonly said: string | undefined }): JSX.Element | null {
  if (engine.kind === 'off') {
    return (
      <div class="notice">
        <Off />
      </div>
    );
  }
  return engine.kind === 'down' && engine.message !== said ? (
    <div class="notice bad">
      <EngineDown message={engine.message} />
    </div>
  ) : null;
}

function Off(): JSX.Element {
  const send = useSend();
  return (
    <section class="engine off" role="status" aria-label={l10n.t('Model')}>
      <Icon name="circle-slash" class="idle" />
      <p class="grow">{l10n.t('Ponder is off')}</p>
      <Button onClick={() => send({ type: 'turnOn' })}>{l10n.t('Turn on')}</Button>
    </section>
  );
}

function EngineDown({ message }: { readonly message: string }): JSX.Element {
  const send = useSend();
  return (
    <section class="engine down" role="alert">
      <Icon name="error" class="bad" />
      <p class="grow">{message}</p>
      <Button onClick={() => send({ type: 'restartEngine' })}>{l10n.t('Restart')}</Button>
    </section>
  );
}
