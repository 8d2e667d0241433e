import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { Icon, IconButton } from '../shared/controls.tsx';
import { count } from '../shared/format.ts';

export interface FindBoxProps {
  readonly query: string;
  readonly found: number;
  /** Index of the current match. */
  readonly at: number;
  /** Changes when the box is called for again. */
  readonly calls: number;
  readonly onQuery: (query: string) => void;
  readonly onStep: (by: 1 | -1) => void;
  readonly onClose: () => void;
}

export function FindBox({ query, found, at, calls, onQuery, onStep, onClose }: FindBoxProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [calls]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const tally = query.trim() === '' ? '' : found === 0 ? l10n.t('No results') : l10n.t('{0} of {1}', count(at + 1), count(found));
  return (
    <div class="find-frame">
      <div class="find" role="search" onKeyDown={onKeyDown}>
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          value={query}
          dir="auto"
          spellcheck={false}
          placeholder={l10n.t('Find in thoughts')}
          aria-label={l10n.t('Find in thoughts')}
          onInput={(event) => onQuery(event.currentTarget.value)}
        />
        <span class="meta figures" role="status">
          {tally}
        </span>
        <IconButton icon="arrow-up" label={l10n.t('Previous match')} disabled={found === 0} onClick={() => onStep(-1)} />
        <IconButton icon="arrow-down" label={l10n.t('Next match')} disabled={found === 0} onClick={() => onStep(1)} />
        <IconButton icon="close" label={l10n.t('Close find')} onClick={onClose} />
      </div>
    </div>
  );
}
