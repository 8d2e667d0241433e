import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ChatState, EngineState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { ContextMeter } from './context-meter.tsx';
import { offer } from './draft.ts';
import { isPlainEnter } from './keys.ts';
import { editEvent } from './question.tsx';
import type { ChatView } from './reduce.ts';
import { isRunning } from './reduce.ts';
import { useSend } from './send.ts';
import { ThinkingControl } from './thinking-control.tsx';

export interface ComposerProps {
  readonly chat: ChatState;
  readonly compose: ChatView['compose'];
}

/** Where the next question is written. */
export function Composer({ chat, compose }: ComposerProps): JSX.Element {
  const send = useSend();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(chat.draft ?? '');
  const running = isRunning(chat.turns.at(-1));
  const canSend = !running && text.trim() !== '' && chat.engine.kind !== 'missing';

  const change = (next: string): void => {
    setText(next);
    send({ type: 'draft', text: next });
  };
  const stop = (): void => {
    send({ type: 'stop' });
    field.current?.focus();
  };
  const submit = (): void => {
    if (!canSend) return;
    send({ type: 'send', text: text.trim() });
    change('');
    field.current?.focus();
  };

  useEffect(() => {
    if (!compose) return;
    if (compose.text !== undefined) change(offer(text, compose.text));
    field.current?.focus();
  }, [compose?.count]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isPlainEnter(event)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && running && !event.isComposing) {
      event.preventDefault();
      stop();
    } else if (event.key === 'ArrowUp' && text === '' && !running && editLast()) {
      event.preventDefault();
    }
  };

  return (
    <div class="dock">
      <div class="composer" data-running={running}>
        <textarea
          ref={field}
          class="field"
          dir="auto"
          rows={2}
          value={text}
          placeholder={chat.turns.length === 0 ? l10n.t('Ask a question') : l10n.t('Ask a follow-up')}
          aria-label={l10n.t('Question')}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="tools">
          <ThinkingControl chat={chat} />
          <button type="button" class="pill model-pill" title={l10n.t('Change the model')} onClick={() => send({ type: 'pickModel' })}>
            <span class="ellipsis">{modelName(chat.engine)}</span>
            {chat.engine.kind === 'ready' && chat.engine.model.demo && <span class="tag">{l10n.t('Demo')}</span>}
            <Icon name="chevron-down" />
          </button>
          <span class="grow" />
          {running ? (
            <button type="button" class="send stop" aria-label={l10n.t('Stop')} title={l10n.t('Stop (Escape)')} onClick={stop} />
          ) : (
            <button type="button" class="send" aria-label={l10n.t('Send')} title={l10n.t('Send (Enter)')} disabled={!canSend} onClick={submit}>
              <Icon name="arrow-up" />
            </button>
          )}
        </div>
      </div>
      <ContextMeter chat={chat} />
    </div>
  );
}

function modelName(engine: EngineState): string {
  switch (engine.kind) {
    case 'missing':
      return l10n.t('Choose a model');
    case 'ready':
      return engine.model.name;
    case 'down':
      return l10n.t('Model');
    default:
      return engine.name;
  }
}

/** Opens the last question for editing, where it stands. */
function editLast(): boolean {
  const last = [...document.querySelectorAll('[data-question]')].at(-1);
  return last?.dispatchEvent(new CustomEvent(editEvent)) ?? false;
}
