import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ChatState, EngineState } from '../../protocol/webview.ts';
import { Icon } from '../shared/controls.tsx';
import { Chips, focusLastChip } from './chips/chips.tsx';
import { LeftOut } from './chips/left-out.tsx';
import { Picks } from './chips/picks.tsx';
import { ContextMeter } from './context-meter.tsx';
import { offer } from './draft.ts';
import { isPlainEnter } from './keys.ts';
import { listId, optionId } from './list-menu/list-box.tsx';
import type { MenuName } from './list-menu/list-box.tsx';
import type { ListMenu } from './list-menu/use-list-menu.ts';
import { Menu } from './mention/menu.tsx';
import { useMention } from './mention/use-mention.ts';
import { editEvent } from './question.tsx';
import type { ChatView } from './reduce.ts';
import { isRunning } from './reduce.ts';
import { RulesLine } from './rules-line.tsx';
import { useSend } from './send.ts';
import { SlashList } from './slash/menu.tsx';
import { hintFor, useSlash } from './slash/use-slash.ts';
import { ThinkingControl } from './thinking-control.tsx';

export interface ComposerProps {
  readonly chat: ChatState;
  readonly compose: ChatView['compose'];
  readonly mentions: ChatView['mentions'];
  readonly slashes: ChatView['slashes'];
}

/** Where the next question is written. */
export function Composer({ chat, compose, mentions, slashes }: ComposerProps): JSX.Element {
  const send = useSend();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(chat.draft ?? '');
  /** Sending was asked for before the files were chosen. */
  const [held, setHeld] = useState(false);
  const mention = useMention(field, mentions);
  const slash = useSlash(field, slashes);
  const menus = [mention, slash];
  const hint = hintFor(text, slashes);
  const running = isRunning(chat.turns.at(-1));
  const canSend = !running && text.trim() !== '' && chat.engine.kind !== 'missing' && chat.engine.kind !== 'off';
  const { context } = chat;
  const choosing = context.picks !== undefined && context.picks.status !== 'ready';

  const change = (next: string): void => {
    setText(next);
    send({ type: 'draft', text: next });
  };
  const toField = (): void => field.current?.focus();
  const stop = (): void => {
    send({ type: 'stop' });
    toField();
  };
  const submit = (): void => {
    if (!canSend) return;
    // What is sent along is seen first.
    setHeld(choosing);
    if (choosing) return;
    send({ type: 'send', text: text.trim() });
    change('');
    for (const menu of menus) menu.close();
    toField();
  };

  useEffect(() => {
    if (!compose) return;
    if (compose.text !== undefined) change(offer(text, compose.text));
    toField();
  }, [compose?.count]);
  useEffect(() => {
    if (!choosing) setHeld(false);
  }, [choosing]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (menus.some((menu) => menu.onKeyDown(event))) {
      event.preventDefault();
    } else if (isPlainEnter(event)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && running && !event.isComposing) {
      event.preventDefault();
      stop();
    } else if (event.key === 'ArrowUp' && text === '' && !running && editLast()) {
      event.preventDefault();
    } else if (event.key === 'Backspace' && text === '' && !event.isComposing && focusLastChip(field.current?.closest('.composer') ?? null)) {
      event.preventDefault();
    }
  };

  return (
    <div class="dock">
      <div class="composer" data-running={running}>
        <Chips
          context={context}
          open={mention.open}
          onAdd={() => {
            slash.close();
            mention.toggle();
          }}
          onLeave={toField}
        />
        <RulesLine {...(chat.rules ? { rules: chat.rules } : {})} />
        {context.picks && <Picks picks={context.picks} held={held} />}
        <LeftOut files={context.leftOut} />
        {mention.shown && <Menu menu={mention} shown={mention.shown} />}
        {slash.shown && <SlashList menu={slash} />}
        <div class="field-box">
          {hint !== undefined && (
            <div class="field-ghost" dir="auto" aria-hidden="true">
              <span>{text}</span>
              {hint}
            </div>
          )}
          <textarea
            ref={field}
            class="field"
            dir="auto"
            rows={2}
            value={text}
            placeholder={chat.turns.length === 0 ? l10n.t('Ask a question') : l10n.t('Ask a follow-up')}
            aria-label={l10n.t('Question')}
            {...(slash.items.length > 0 ? listAttributes('slash', slash) : listAttributes('mention', mention))}
            onInput={(event) => {
              change(event.currentTarget.value);
              if (!event.isComposing) for (const menu of menus) menu.onInput();
            }}
            onCompositionEnd={() => {
              for (const menu of menus) menu.onInput();
            }}
            onKeyUp={(event) => {
              if (!event.isComposing) for (const menu of menus) menu.onMove();
            }}
            onClick={() => {
              for (const menu of menus) menu.onMove();
            }}
            onBlur={(event) => {
              for (const menu of menus) menu.onBlur(event);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
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
            <button
              type="button"
              class="send"
              aria-label={l10n.t('Send')}
              aria-disabled={choosing}
              title={choosing ? l10n.t('Choosing files…') : l10n.t('Send (Enter)')}
              disabled={!canSend}
              onClick={submit}
            >
              <Icon name="arrow-up" />
            </button>
          )}
        </div>
      </div>
      <ContextMeter chat={chat} />
      <div class="hidden" role="status">
        {held ? l10n.t('Choosing files…') : (hint ?? found(slash.shown ? slash : mention))}
      </div>
    </div>
  );
}

/**
 * While there is a list to choose from, the field is what chooses from it. It stays a text box, as VS Code's own editor
 * does: a field of several lines may not be a combobox, and the status line says that the list is there.
 */
function listAttributes(name: MenuName, menu: Pick<ListMenu<unknown, unknown>, 'items' | 'active'>): JSX.IntrinsicElements['textarea'] {
  if (menu.items.length === 0) return {};
  return {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': listId(name),
    'aria-activedescendant': optionId(name, menu.active),
  };
}

function found({ shown, items }: Pick<ListMenu<unknown, unknown>, 'shown' | 'items'>): string {
  if (!shown) return '';
  if (items.length === 0) return l10n.t('Nothing found');
  return items.length === 1 ? l10n.t('1 result') : l10n.t('{0} results', items.length);
}

function modelName(engine: EngineState): string {
  switch (engine.kind) {
    case 'missing':
      return l10n.t('Choose a model');
    case 'ready':
      return engine.model.name;
    case 'down':
    case 'off':
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
