import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ChipState } from '../../../protocol/webview.ts';
import { Icon } from '../../shared/controls.tsx';
import { short } from '../../shared/format.ts';
import { kindIcons, kindName } from './kinds.ts';
import { exactly, told } from './tokens.ts';

export interface ChipProps {
  readonly chip: ChipState;
  /** By Tab; one of all is. */
  readonly reachable: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
  readonly onRemove: () => void;
}

/** One thing in the context: a press on its name opens it, the cross takes it away, and so does Delete. */
export function Chip({ chip, reachable, onFocus, onOpen, onRemove }: ChipProps): JSX.Element {
  const parts = about(chip);
  const remove = l10n.t('Remove {0}', chip.label);
  return (
    <span class={chip.problem === undefined ? 'chip' : 'chip problem'} data-chip={chip.id}>
      <button
        type="button"
        class="chip-name"
        data-stop
        tabIndex={reachable ? 0 : -1}
        aria-keyshortcuts="Delete"
        title={parts.join('\n')}
        onFocus={onFocus}
        onClick={onOpen}
      >
        <Icon name={kindIcons[chip.kind]} />
        <span class="ellipsis">{chip.label}</span>
        <span class="hidden">{`, ${parts.slice(1).join(', ')}`}</span>
        {chip.problem !== undefined && <Icon name="warning" class="warns" />}
        {(chip.problem === undefined || chip.tokens !== undefined) && (
          <span class="chip-tokens figures" aria-hidden="true">{chip.tokens === undefined ? '…' : short(chip.tokens)}</span>
        )}
      </button>
      <button type="button" class="chip-remove" tabIndex={-1} aria-label={remove} title={remove} onMouseDown={(event) => event.preventDefault()} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}

/** All there is to say of a chip, its name first. */
export function about(chip: ChipState): string[] {
  return told([
    chip.label,
    kindName(chip.kind) === chip.label ? undefined : kindName(chip.kind),
    chip.detail,
    chip.problem === undefined || chip.tokens !== undefined ? exactly(chip.tokens) : undefined,
    chip.problem,
    chip.pinned ? l10n.t('Stays for the next questions') : l10n.t('Goes with the next question'),
  ]);
}
