import type { ComponentChildren, JSX } from 'preact';
import type { ThoughtState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { totals } from './thought-view.tsx';

export interface EarlierProps {
  readonly thought: ThoughtState;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly children: ComponentChildren;
}

/** A thought of an earlier turn, folded to its question. */
export function Earlier({ thought, open, onToggle, children }: EarlierProps): JSX.Element {
  return (
    <li class="earlier" data-thought={thought.turnId}>
      <button type="button" class="earlier-head" aria-expanded={open} onClick={onToggle}>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} />
        <span class={open ? 'grow' : 'grow ellipsis'} dir="auto">
          {thought.question}
        </span>
        <span class="meta figures">{totals(thought)}</span>
      </button>
      {open && children}
    </li>
  );
}
