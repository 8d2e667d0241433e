import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { SetupState } from '../../../protocol/setup.ts';
import { Button, Icon, LinkButton } from '../../shared/controls.tsx';
import { useSend } from '../send.ts';
import { ModelCard } from './model-card.tsx';

/** Cards that are shown before "More models" is asked for. */
const atFirst = 3;

/** A chat without a model: choose one, get it, ask. */
export function FirstRun({ setup }: { readonly setup: SetupState }): JSX.Element {
  const send = useSend();
  return (
    <div class="first" aria-busy={setup.status === 'reading'}>
      <div class="first-in">
        <header class="lede">
          <h2>{l10n.t('Choose a model')}</h2>
          <p class="quiet">{l10n.t('It runs on this computer. You can switch at any time.')}</p>
        </header>
        {setup.status === 'reading' && (
          <p class="aside" role="status">
            <Icon name="loading" class="codicon-modifier-spin" />
            {l10n.t('Looking at what this computer has…')}
          </p>
        )}
        {setup.status === 'failed' && <Failed problem={setup.problem} />}
        {setup.machine !== undefined && (
          <p class="aside">
            <Icon name="chip" />
            {setup.machine}
          </p>
        )}
        {setup.nothingFits !== undefined && (
          <section class="nothing-fits" aria-label={l10n.t('No model fits this computer')}>
            <p class="strong">
              <Icon name="warning" />
              <span>{l10n.t('No model fits this computer')}</span>
            </p>
            <p class="small">{setup.nothingFits}</p>
          </section>
        )}
        <FoundHere setup={setup} />
        <Cards setup={setup} />
        <ul class="tail">
          <li>
            <Icon name="folder-opened" />
            <span>
              {l10n.t('Already have a GGUF file?')} <LinkButton onClick={() => send({ type: 'setupFile' })}>{l10n.t('Choose file…')}</LinkButton>
            </span>
          </li>
          {setup.source !== '' && (
            <li>
              <Icon name="lock" />
              <span>{l10n.t('Downloads come from {0}. After that, Ponder works offline.', setup.source)}</span>
            </li>
          )}
        </ul>
        <News setup={setup} />
      </div>
    </div>
  );
}

function Failed({ problem }: { readonly problem: string | undefined }): JSX.Element {
  const send = useSend();
  return (
    <section class="nothing-fits" role="alert">
      <p class="strong">
        <Icon name="warning" />
        <span>{l10n.t('What this computer has could not be found out')}</span>
      </p>
      {problem !== undefined && <p class="small">{problem}</p>}
      <Button onClick={() => send({ type: 'setupAgain' })}>{l10n.t('Try again')}</Button>
    </section>
  );
}

/** What is here already costs no download, so it comes first. */
function FoundHere({ setup }: { readonly setup: SetupState }): JSX.Element | null {
  const send = useSend();
  if (setup.found.length === 0) return null;
  return (
    <section class="found" aria-label={l10n.t('Already on this computer')}>
      <h3>{l10n.t('Already on this computer')}</h3>
      <ul>
        {setup.found.map((model, index) => (
          <li key={model.path}>
            <div class="grow">
              <p class="found-name">{model.name}</p>
              <p class="meta">{model.where}</p>
            </div>
            <Button primary={index === 0} onClick={() => send({ type: 'setupUse', path: model.path })} label={l10n.t('Use it: {0}', model.name)}>
              {l10n.t('Use it')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cards({ setup }: { readonly setup: SetupState }): JSX.Element | null {
  const [unfolded, setUnfolded] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // The button is gone: the first of what it has brought is next.
    if (unfolded) Array.from(list.current?.querySelectorAll<HTMLElement>('.model') ?? []).at(atFirst)?.focus();
  }, [unfolded]);
  if (setup.cards.length === 0) return null;
  // What is being downloaded is never folded away.
  const shown = setup.cards.filter((card, index) => unfolded || index < atFirst || card.download);
  return (
    <>
      {setup.found.length > 0 && <h3 class="or">{l10n.t('Or download one')}</h3>}
      <ul class="models" ref={list}>
        {shown.map((card) => (
          <li key={card.id}>
            <ModelCard card={card} leads={setup.found.length === 0} />
          </li>
        ))}
      </ul>
      {shown.length < setup.cards.length && (
        <button type="button" class="disclosure more-models" aria-expanded={false} onClick={() => setUnfolded(true)}>
          <Icon name="chevron-down" />
          {l10n.t('More models')}
        </button>
      )}
    </>
  );
}

/** Tells a screen reader how downloads go: at each quarter and each turn, never at each per cent. */
function News({ setup }: { readonly setup: SetupState }): JSX.Element {
  const news = setup.cards.flatMap(({ download }) => (download ? [download.news] : [])).join('. ');
  return (
    <div class="hidden" role="status">
      {news}
    </div>
  );
}
