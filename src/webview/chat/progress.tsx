import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { EngineState, TurnState } from '../../protocol/webview.ts';
import { Bar, Dots } from '../shared/controls.tsx';
import { count, duration, percent } from '../shared/format.ts';
import { Mark } from '../shared/mark.tsx';

/** What the engine does before there is anything to read: the model loads, the prompt is read. */
export function Progress({ turn, engine }: { readonly turn: TurnState; readonly engine: EngineState }): JSX.Element | null {
  if (turn.status === 'loading') return <Loading turn={turn} engine={engine} />;
  if (turn.status === 'reading') return <Reading turn={turn} />;
  return null;
}

function Loading({ turn, engine }: { readonly turn: TurnState; readonly engine: EngineState }): JSX.Element {
  const name = engine.kind === 'loading' || engine.kind === 'idle' ? engine.name : undefined;
  const label = name === undefined ? l10n.t('Loading the model') : l10n.t('Loading {0}', name);
  const share = turn.loaded ?? (engine.kind === 'loading' ? engine.fraction : undefined);
  return (
    <div class="progress">
      <div class="progress-line live">
        <Mark size={18} />
        <Dots parts={[label, share === undefined ? undefined : percent(share)]} />
      </div>
      <Bar label={label} share={share} text={share === undefined ? label : percent(share)} />
    </div>
  );
}

function Reading({ turn }: { readonly turn: TurnState }): JSX.Element {
  const { reading } = turn;
  if (!reading || reading.total <= reading.cached) {
    return (
      <div class="progress">
        <div class="progress-line live">
          <Mark size={18} />
          {l10n.t('Reading')}
        </div>
      </div>
    );
  }
  const toRead = reading.total - reading.cached;
  const share = (reading.done - reading.cached) / toRead;
  const left = reading.msLeft === undefined ? undefined : l10n.t('about {0} left', duration(Math.max(1000, reading.msLeft)));
  return (
    <div class="progress">
      <div class="progress-line live">
        <Mark size={18} />
        <Dots parts={[l10n.t('Reading {0} tokens', count(toRead)), percent(share), left]} />
      </div>
      <Bar
        label={l10n.t('Reading the question and its context')}
        share={share}
        text={left === undefined ? percent(share) : `${percent(share)}, ${left}`}
      />
      <p class="meta">
        {kept(reading)}
      </p>
    </div>
  );
}

/** What need not be read, and what a stop leaves. */
function kept({ cached, restored }: NonNullable<TurnState['reading']>): string {
  if (cached === 0) return l10n.t('Stop keeps what is read.');
  if (restored === undefined || restored === 0) return l10n.t('{0} already cached. Stop keeps what is read.', count(cached));
  return l10n.t('{0} already cached, {1} restored from disk. Stop keeps what is read.', count(cached), count(restored));
}
