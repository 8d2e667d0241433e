import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ChatState, ThinkingKind, ThinkingMode } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { size } from '../shared/format.ts';
import { BudgetSlider } from './budget-slider.tsx';
import { useSend } from './send.ts';

/** How the model is to think: a pill that opens the choices; where there is room the modes stand beside it. */
export function ThinkingControl({ chat }: { readonly chat: ChatState }): JSX.Element {
  const [open, setOpen] = useState(false);
  const pill = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const kind: ThinkingKind = chat.engine.kind === 'ready' ? chat.engine.model.thinking : 'hybrid';
  const { mode, budget } = chat.thinking;

  useEffect(() => {
    if (!open) return undefined;
    const choices = popover.current?.querySelectorAll<HTMLElement>('input:checked, input[type=range]') ?? [];
    [...choices].find((choice) => choice.offsetParent !== null)?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !popover.current?.contains(event.target) && !pill.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(false);
    pill.current?.focus();
  };

  if (kind === 'never') {
    return (
      <button type="button" class="pill" data-thinking="never" disabled title={l10n.t('This model answers without thinking')}>
        <Icon name="thinking" />
        {l10n.t('No thinking')}
      </button>
    );
  }
  const shown = kind === 'always' ? l10n.t('Always') : modeName(mode);
  const thinks = kind === 'always' || mode !== 'off';
  return (
    <>
      {kind === 'hybrid' && (
        <span class="inline-modes">
          <span class="meta">{l10n.t('Thinking')}</span>
          <Modes mode={mode} name="inline-thinking" />
        </span>
      )}
      <button
        ref={pill}
        type="button"
        class={kind === 'hybrid' ? 'pill thinking-pill hybrid' : 'pill thinking-pill'}
        data-thinking={kind === 'always' ? 'always' : mode}
        aria-expanded={open}
        aria-haspopup="dialog"
        title={l10n.t('Thinking')}
        onClick={() => setOpen(!open)}
      >
        <Icon name="thinking" />
        <span class="hidden">{l10n.t('Thinking:')}</span>
        <span class="pill-mode">{shown}</span>
        {thinks && <span class="pill-budget">{size(budget)}</span>}
        <span class="pill-wide">{l10n.t('{0} budget', size(budget))}</span>
        <Icon name="chevron-down" />
      </button>
      {open && (
        <div ref={popover} class="popover" role="dialog" aria-label={l10n.t('Thinking')} onKeyDown={onKeyDown}>
          {kind === 'hybrid' && <Modes mode={mode} name="popover-thinking" />}
          <p class="explanation">{kind === 'always' ? l10n.t('This model thinks before every answer.') : explanation(mode)}</p>
          <BudgetSlider budget={budget} tokensPerSecond={chat.tokensPerSecond} disabled={!thinks} />
        </div>
      )}
    </>
  );
}

function Modes({ mode, name }: { readonly mode: ThinkingMode; readonly name: string }): JSX.Element {
  const send = useSend();
  const modes: readonly ThinkingMode[] = ['auto', 'on', 'off'];
  return (
    <div class="segments" role="radiogroup" aria-label={l10n.t('Thinking')}>
      {modes.map((value) => (
        <label key={value}>
          <input type="radio" name={name} value={value} checked={mode === value} onChange={() => send({ type: 'setThinking', mode: value })} />
          <span>{modeName(value)}</span>
        </label>
      ))}
    </div>
  );
}

function modeName(mode: ThinkingMode): string {
  switch (mode) {
    case 'auto':
      return l10n.t('Auto');
    case 'on':
      return l10n.t('On');
    case 'off':
      return l10n.t('Off');
  }
}

function explanation(mode: ThinkingMode): string {
  switch (mode) {
    case 'auto':
      return l10n.t('Thinks first when the question needs several steps. Short questions are answered at once.');
    case 'on':
      return l10n.t('Thinks before every answer. Slower, and better on hard questions.');
    case 'off':
      return l10n.t('Answers at once. Fastest.');
  }
}
