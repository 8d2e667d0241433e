import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { setupActions, SetupCard, SetupDownload, SetupFile, SetupFit } from '../../../protocol/setup.ts';
import { Bar, Button, Dots, Icon, IconButton } from '../../shared/controls.tsx';
import { useSend } from '../send.ts';

type Act = (action: (typeof setupActions)[number], quantisation?: string) => void;

/** @param leads whether the recommended card's button is the primary one of the view */
export function ModelCard({ card, leads }: { readonly card: SetupCard; readonly leads: boolean }): JSX.Element {
  const send = useSend();
  const title = useRef(`model-${card.id}`).current;
  const file = card.files.find(({ quantisation }) => quantisation === card.chosen) ?? card.files[0];
  const act: Act = (action, quantisation = card.chosen) => send({ type: 'setupModel', action, model: card.id, quantisation });
  return (
    <section class="model" aria-labelledby={title} tabIndex={-1} data-model={card.id}>
      <div class="model-head">
        <h3 id={title}>{card.name}</h3>
        {card.recommended !== undefined && <span class="badge">{l10n.t('Recommended')}</span>}
      </div>
      <p class="model-says">
        {card.description}
        {card.recommended !== undefined && <span class="why"> {card.recommended}</span>}
      </p>
      {file && (
        <>
          <div class="spec">
            <Quantisation card={card} act={act} />
            <span>{file.size}</span>
            <span class="quiet">{file.window}</span>
          </div>
          <Fit fit={file.fit} />
          {card.download ? <Download card={card} download={card.download} act={act} /> : <Get card={card} file={file} act={act} primary={leads && card.recommended !== undefined} />}
        </>
      )}
    </section>
  );
}

function Quantisation({ card, act }: { readonly card: SetupCard; readonly act: Act }): JSX.Element {
  const [only] = card.files;
  if (card.files.length === 1 && only) return <span class="tag">{only.quantisation}</span>;
  return (
    <span class="select">
      <select aria-label={l10n.t('Quantisation of {0}', card.name)} value={card.chosen} onChange={(event) => act('choose', event.currentTarget.value)}>
        {card.files.map(({ quantisation, size }) => (
          <option key={quantisation} value={quantisation} aria-label={l10n.t('{0}, {1}', quantisation, size)}>
            {quantisation}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" />
    </span>
  );
}

const fitIcons = { well: 'pass-filled', partly: 'warning', none: 'error' } as const;

function Fit({ fit }: { readonly fit: SetupFit }): JSX.Element {
  return (
    <div class={`fit ${fit.kind}`}>
      <Icon name={fitIcons[fit.kind]} />
      <span>{fit.text}</span>
      {fit.layers && <Layers {...fit.layers} />}
    </div>
  );
}

/** A tick for each layer: filled on the GPU, hollow on the CPU. The words beside it say the same. */
function Layers({ gpu, all }: NonNullable<SetupFit['layers']>): JSX.Element {
  return (
    <div class="layers" aria-hidden="true">
      {Array.from({ length: Math.min(all, 128) }, (_, index) => (
        <i key={index} class={index < gpu ? 'on-gpu' : ''} />
      ))}
    </div>
  );
}

function Get({ card, file, act, primary }: { readonly card: SetupCard; readonly file: SetupFile; readonly act: Act; readonly primary: boolean }): JSX.Element {
  const send = useSend();
  const { path } = file;
  return (
    <div class="get">
      {path === undefined ? (
        <Button primary={primary} icon="cloud-download" onClick={() => act('download')} label={l10n.t('Download {0}: {1}', file.size, card.name)}>
          {l10n.t('Download {0}', file.size)}
        </Button>
      ) : (
        <>
          <Button primary={primary} icon="check" onClick={() => send({ type: 'setupUse', path })} label={l10n.t('Use it: {0}', card.name)}>
            {l10n.t('Use it')}
          </Button>
          <span class="meta">{l10n.t('Already on this computer')}</span>
        </>
      )}
    </div>
  );
}

function Download({ card, download, act }: { readonly card: SetupCard; readonly download: SetupDownload; readonly act: Act }): JSX.Element {
  const send = useSend();
  const { kind, share, parts, error, ways } = download;
  return (
    <div class={`strip ${kind}`}>
      {error !== undefined && (
        <p class="strip-error" role="alert">
          <Icon name="error" />
          <span>{error}</span>
        </p>
      )}
      <div class="strip-line">
        <Dots parts={parts} />
        <span class="strip-acts">
          {kind === 'busy' && <IconButton icon="debug-pause" label={l10n.t('Pause the download of {0}', card.name)} onClick={() => act('pause')} />}
          {kind === 'paused' && (
            <Button icon="debug-start" onClick={() => act('resume')} label={l10n.t('Resume the download of {0}', card.name)}>
              {l10n.t('Resume')}
            </Button>
          )}
          <IconButton icon="close" label={l10n.t('Cancel the download of {0}', card.name)} onClick={() => act('cancel')} />
        </span>
      </div>
      {ways.length > 0 && (
        <ul class="strip-ways">
          {ways.map((title, way) => (
            <li key={title}>
              <Button primary={way === 0} onClick={() => send({ type: 'setupWay', model: card.id, quantisation: card.chosen, way })}>
                {title}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Bar label={l10n.t('Download of {0}', card.name)} share={kind === 'busy' ? share : (share ?? 0)} text={parts.join(', ')} />
    </div>
  );
}
