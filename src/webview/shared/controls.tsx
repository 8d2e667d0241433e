/** The small parts that both views are built from. */
import type { ComponentChildren, JSX } from 'preact';
import * as l10n from '@vscode/l10n';

export function Icon({ name, class: extra }: { readonly name: string; readonly class?: string }): JSX.Element {
  return <span class={`codicon codicon-${name}${extra ? ` ${extra}` : ''}`} aria-hidden="true" />;
}

export interface IconButtonProps {
  readonly icon: string;
  /** Spoken, shown as a tooltip, and written out where `wide` is set and there is room. */
  readonly label: string;
  readonly onClick: () => void;
  readonly wide?: string;
  readonly disabled?: boolean;
}

export function IconButton({ icon, label, onClick, wide, disabled }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} disabled={disabled ?? false} onClick={onClick}>
      <Icon name={icon} />
      {wide !== undefined && <span class="when-wide">{wide}</span>}
    </button>
  );
}

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly icon?: string;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Spoken instead of what it shows, and beginning with it where several say the same. */
  readonly label?: string;
}

export function Button({ children, onClick, icon, primary, disabled, label }: ButtonProps): JSX.Element {
  return (
    <button type="button" class={primary ? 'button primary' : 'button'} aria-label={label} disabled={disabled ?? false} onClick={onClick}>
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export function LinkButton({ children, onClick }: { readonly children: ComponentChildren; readonly onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="link" onClick={onClick}>
      {children}
    </button>
  );
}

export interface BarProps {
  readonly label: string;
  /** Share done, 0 to 1; absent while unknown. */
  readonly share: number | undefined;
  /** Spoken instead of the share. */
  readonly text: string;
}

export function Bar({ label, share, text }: BarProps): JSX.Element {
  const width = share === undefined ? 100 : Math.min(100, Math.max(0, share * 100));
  const range =
    share === undefined ? {} : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(width) };
  return (
    <div class={share === undefined ? 'bar unknown' : 'bar'} role="progressbar" aria-label={label} aria-valuetext={text} {...range}>
      <i style={{ '--w': `${String(width)}%` }} />
    </div>
  );
}

/** Parts on one line with a dot between; a line breaks only between parts. */
export function Dots({ parts }: { readonly parts: readonly (string | undefined)[] }): JSX.Element {
  return (
    <span class="dots">
      {parts
        .filter((part) => part !== undefined && part !== '')
        .map((part) => (
          <span>{part}</span>
        ))}
    </span>
  );
}

/** Back to the end of what grows. */
export function JumpToLatest({ onClick }: { readonly onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="jump" onClick={onClick}>
      <Icon name="arrow-down" />
      {l10n.t('Jump to latest')}
    </button>
  );
}
