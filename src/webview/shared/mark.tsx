import type { JSX } from 'preact';

/** Ponder's mark: a drop over its ripples. Inside `.live` it moves, and is the sign that the engine works. */
export function Mark({ size }: { readonly size: number }): JSX.Element {
  return (
    <svg class={size <= 20 ? 'mark small' : 'mark'} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path class="drop" d="M12 2.4c1.5 2.1 2.7 3.6 2.7 5.2a2.7 2.7 0 0 1-5.4 0c0-1.6 1.2-3.1 2.7-5.2Z" />
      <ellipse class="ring inner" cx="12" cy="16.6" rx="4.2" ry="1.9" />
      <ellipse class="ring outer" cx="12" cy="16.6" rx="9.6" ry="4.6" />
    </svg>
  );
}
