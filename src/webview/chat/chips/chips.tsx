import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ContextState } from '../../../protocol/webview.ts';
import { Icon } from '../../shared/controls.tsx';
import { useSend } from '../send.ts';
import { Chip } from './chip.tsx';
import { kindName } from './kinds.ts';
import { told } from './tokens.ts';

export interface ChipsProps {
  readonly context: ContextState;
  /** True while the menu is open that the first button opens. */
  readonly open: boolean;
  readonly onAdd: () => void;
  /** Back to the field. */
  readonly onLeave: () => void;
}

/** What the next question is read with, and what is offered: one stop for Tab, arrow keys within. */
export function Chips({ context, open, onAdd, onLeave }: ChipsProps): JSX.Element {
  const send = useSend();
  const bar = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const { chips, offers } = context;
  const last = chips.length + offers.length;
  const at = Math.min(stop, last);
  const stops = (): HTMLElement[] => [...(bar.current?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])];

  /** Takes a chip away; the focus goes to its neighbour, where the chip had it. */
  const remove = (index: number): void => {
    const chip = chips[index];
    if (!chip) return;
    if (bar.current?.contains(document.activeElement)) {
      const neighbour = index + 1 < chips.length ? index + 1 : index - 1;
      if (neighbour < 0) onLeave();
      else stops()[neighbour + 1]?.focus();
    }
    send({ type: 'removeContext', id: chip.id });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const all = stops();
    const now = all.indexOf(stopOf(document.activeElement));
    const next = target(event.key, now, all.length - 1);
    if (next !== undefined) all[next]?.focus();
    else if ((event.key === 'Delete' || event.key === 'Backspace') && now > 0) remove(now - 1);
    else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // What was added is seen.
  useLayoutEffect(() => {
    if (chips.length > 0) stops()[chips.length]?.scrollIntoView({ block: 'nearest' });
  }, [chips.length]);

  // The chip that had the next place has it still once its neighbour is gone.
  useLayoutEffect(() => {
    const now = stops().findIndex((element) => element === document.activeElement);
    if (now >= 0) setStop(now);
  }, [chips, offers]);

  return (
    <div ref={bar} class="chips" role="toolbar" aria-label={l10n.t('Context')} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="add-context"
        data-stop
        tabIndex={at === 0 ? 0 : -1}
        aria-expanded={open}
        aria-haspopup="listbox"
        title={l10n.t('Add context (@)')}
        onFocus={() => setStop(0)}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onAdd}
      >
        <Icon name="add" />
        {l10n.t('Add context')}
      </button>
      {chips.map((chip, index) => (
        <Chip
          key={chip.id}
          chip={chip}
          reachable={at === index + 1}
          onFocus={() => setStop(index + 1)}
          onOpen={() => send({ type: 'openContext', id: chip.id })}
          onRemove={() => remove(index)}
        />
      ))}
      {offers.map((offer, index) => (
        <button
          key={offer.id}
          type="button"
          class="offer"
          data-stop
          tabIndex={at === chips.length + index + 1 ? 0 : -1}
          aria-label={l10n.t('Add {0}', offer.label)}
          title={told([l10n.t('Add {0}', offer.label), kindName(offer.kind), offer.detail]).join('\n')}
          onFocus={() => setStop(chips.length + index + 1)}
          onClick={() => {
            send({ type: 'addContext', id: offer.id });
            onLeave();
          }}
        >
          <Icon name="add" />
          <span class="ellipsis">{offer.label}</span>
        </button>
      ))}
    </div>
  );
}

/** The stop that a focused part of the bar belongs to. */
function stopOf(focused: Element | null): HTMLElement {
  const chip = focused?.closest('.chip')?.querySelector<HTMLElement>('[data-stop]');
  return chip ?? (focused as HTMLElement);
}

/** Where an arrow key leads among the stops 0 to `last`. */
function target(key: string, now: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, now + 1);
    case 'ArrowLeft':
      return Math.max(0, now - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** Puts the focus on the last chip of the composer; false where there is none. */
export function focusLastChip(composer: ParentNode | null): boolean {
  const last = [...(composer?.querySelectorAll<HTMLElement>('.chip [data-stop]') ?? [])].at(-1);
  last?.focus();
  return last !== undefined;
}
