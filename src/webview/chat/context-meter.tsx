import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ChatState } from '../../protocol/webview.ts';
import { count, size } from '../shared/format.ts';

/** How full the context window is: what is cached solid, what is new striped, the rest empty. */
export function ContextMeter({ chat }: { readonly chat: ChatState }): JSX.Element | null {
  const meter = chat.window ?? (chat.engine.kind === 'ready' ? { used: 0, cached: 0, size: chat.engine.model.contextSize } : undefined);
  if (!meter || meter.size <= 0) return null;
  const cached = Math.min(meter.cached, meter.used);
  const fresh = meter.used - cached;
  const share = (tokens: number): string => `${Math.min(100, (tokens / meter.size) * 100)}%`;
  const native = chat.window?.native;
  const scaled = native !== undefined && native < meter.size;
  return (
    <div class="context">
      <div
        class="meter"
        role="meter"
        aria-label={l10n.t('Context window')}
        aria-valuemin={0}
        aria-valuemax={meter.size}
        aria-valuenow={Math.min(meter.used, meter.size)}
        aria-valuetext={l10n.t('{0} of {1} tokens used, {2} cached', count(meter.used), size(meter.size), count(cached))}
      >
        {cached > 0 && <i class="cached" style={{ '--w': share(cached) }} />}
        {fresh > 0 && <i class="fresh" style={{ '--w': share(fresh) }} />}
        {scaled && <b style={{ '--w': share(native) }} />}
      </div>
      <span class="used figures" title={l10n.t('Context window: {0} cached, {1} new', count(cached), count(fresh))}>
        <span class="now">{count(meter.used)}</span> {l10n.t('of {0}', size(meter.size))}
      </span>
      {scaled && <span class="tag">{`YaRN ×${Math.round((meter.size / native) * 10) / 10}`}</span>}
      <span class="legend figures" aria-hidden="true">
        <span>
          <i class="swatch cached" />
          {l10n.t('Cached {0}', count(cached))}
        </span>
        <span>
          <i class="swatch fresh" />
          {l10n.t('New {0}', count(fresh))}
        </span>
        <span>
          <i class="swatch free" />
          {l10n.t('Free {0}', count(Math.max(0, meter.size - meter.used)))}
        </span>
      </span>
    </div>
  );
}
