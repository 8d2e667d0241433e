import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from '../../shared/controls.tsx';

export interface DisclosureProps {
  readonly icon: string;
  readonly label: string;
  readonly children: ComponentChildren;
  /** Unfolded from the start. */
  readonly open?: boolean;
}

/** A line that unfolds what it speaks of. */
export function Disclosure({ icon, label, children, open: initially }: DisclosureProps): JSX.Element {
  const [open, setOpen] = useState(initially ?? false);
  const id = useId();
  return (
    <>
      <button type="button" class="disclosure" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        <Icon name={icon} />
        <span class="ellipsis figures">{label}</span>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} />
      </button>
      {open && (
        <div class="disclosed" id={id}>
          {children}
        </div>
      )}
    </>
  );
}
