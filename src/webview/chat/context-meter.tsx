import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ChatState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { count, duration, size } from '../shared/format.ts';
import { gauge } from './gauge.ts';
import type { Gauge } from './gauge.ts';

/** How full the context window is: what is cached solid, what is new striped, the rest empty. */
export function ContextMeter({ chat }: { readonly chat: ChatState }): JSX.Element | null {
  const meter = chat.window ?? (chat.engine.kind === 'ready' ? { used: 0, cached: 0, size: chat.engine.model.contextSize } : undefined);
  if (!meter || meter.size <= 0) return null;
  const shown = gauge(meter);
  const wait = chat.window?.firstTokenMs === undefined ? undefined : duration(chat.window.firstTokenMs);
  const first = wait === undefined ? undefined : l10n.t('first word in about {0}', wait);
  const spoken = [
    l10n.t('{0} of {1} tokens used, {2} cached', count(meter.used), size(shown.limit), count(shown.cached)),
    shown.over > 0 ? l10n.t('{0} too many', count(shown.over)) : undefined,
    growing(shown),
    first,
  ];
  const tooltip = [l10n.t('Context window: {0} cached, {1} new', count(shown.cached), count(shown.fresh)), growing(shown), first];
  return (
    <div class={shown.over > 0 ? 'context over' : 'context'} title={lines(tooltip, '\n')}>
      <Meter shown={shown} size={meter.size} used={meter.used} text={lines(spoken, ', ')} />
      <span class="used figures">
        <span class="now">{count(meter.used)}</span> {l10n.t('of {0}', size(shown.limit))}
      </span>
      {shown.over > 0 && (
        <span class="too-many figures">
          <Icon name="warning" class="warns" />
          {l10n.t('{0} too many', count(shown.over))}
        </span>
      )}
      {shown.growsTo !== undefined && <span class="grows">{growing(shown)}</span>}
      {shown.native !== undefined && <span class="tag">{`YaRN ×${Math.round((meter.size / shown.native) * 10) / 10}`}</span>}
      <Legend shown={shown} first={wait === undefined ? undefined : l10n.t('First word in about {0}', wait)} />
    </div>
  );
}

interface MeterProps {
  readonly shown: Gauge;
  readonly size: number;
  readonly used: number;
  readonly text: string;
}

function Meter({ shown, size: window, used, text }: MeterProps): JSX.Element {
  const share = (tokens: number): string => `${Math.min(100, (tokens / shown.scale) * 100)}%`;
  const parts = [
    ['cached', shown.cached],
    ['fresh', shown.fresh],
    ['beyond', shown.over],
  ] as const;
  return (
    <div
      class="meter"
      role="meter"
      aria-label={l10n.t('Context window')}
      aria-valuemin={0}
      aria-valuemax={shown.limit}
      aria-valuenow={Math.min(used, shown.limit)}
      aria-valuetext={text}
    >
      {parts.map(([name, tokens]) => tokens > 0 && <i key={name} class={name} style={{ '--w': share(tokens) }} />)}
      {shown.native !== undefined && <b style={{ '--w': share(shown.native) }} />}
      {shown.growsTo !== undefined && <b style={{ '--w': share(window) }} />}
    </div>
  );
}

function Legend({ shown, first }: { readonly shown: Gauge; readonly first: string | undefined }): JSX.Element {
  return (
    <span class="legend figures" aria-hidden="true">
      <span>
        <i class="swatch cached" />
        {l10n.t('Cached {0}', count(shown.cached))}
      </span>
      <span>
        <i class="swatch fresh" />
        {l10n.t('New {0}', count(shown.fresh))}
      </span>
      {shown.free > 0 && (
        <span class="legend-free">
          <i class="swatch free" />
          {l10n.t('Free {0}', count(shown.free))}
        </span>
      )}
      {first !== undefined && <span class="legend-first">{first}</span>}
    </span>
  );
}

function growing({ growsTo }: Gauge): string | undefined {
  return growsTo === undefined ? undefined : l10n.t('can grow to {0}', size(growsTo));
}

function lines(parts: readonly (string | undefined)[], between: string): string {
  return parts.filter((part) => part !== undefined).join(between);
}
