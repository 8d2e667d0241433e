import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { TurnState } from '../../protocol/webview.ts';
import { Button, Icon, IconButton } from '../shared/controls.tsx';
import { short } from '../shared/format.ts';
import { kindIcons, kindName } from './chips/kinds.ts';
import { LeftOut } from './chips/left-out.tsx';
import { exactly } from './chips/tokens.ts';
import { isPlainEnter } from './keys.ts';
import { useSend } from './send.ts';

/** The event that asks a question to open for editing; see `editLast`. */
export const editEvent = 'ponder-edit';

/** What the user asked, as a bubble that can be edited and sent again. */
export function Question({ turn, locked }: { readonly turn: TurnState; readonly locked: boolean }): JSX.Element {
  const send = useSend();
  const [editing, setEditing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const open = (): void => {
      setEditing(true);
    };
    const element = box.current;
    element?.addEventListener(editEvent, open);
    return () => element?.removeEventListener(editEvent, open);
  }, []);
  const close = (): void => {
    setEditing(false);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('button')?.focus());
  };
  return (
    <div class={editing ? 'question editing' : 'question'} ref={box} data-question>
      <h2 class="hidden">{l10n.t('You')}</h2>
      {editing ? (
        <Editor
          text={turn.question}
          onCancel={close}
          onSend={(text) => {
            send({ type: 'resend', turnId: turn.id, text });
            setEditing(false);
            box.current?.closest<HTMLElement>('[role=log]')?.focus();
          }}
        />
      ) : (
        <div class="bubble-row">
          <IconButton icon="edit" label={l10n.t('Edit and resend')} disabled={locked} onClick={() => setEditing(true)} />
          <div class="bubble" dir="auto">
            {turn.question}
          </div>
        </div>
      )}
      {turn.files.length > 0 && (
        <ul class="sent-files" aria-label={l10n.t('Files sent along')}>
          {turn.files.map((file, index) => (
            <li key={index} title={[file.path, kindName(file.kind ?? 'file'), exactly(file.tokens)].join('\n')}>
              <Icon name={kindIcons[file.kind ?? 'file']} />
              <span class="hidden">{kindName(file.kind ?? 'file')}</span>
              <span class="ellipsis">{file.path.slice(file.path.lastIndexOf('/') + 1)}</span>
              {file.tokens !== undefined && <span>{short(file.tokens)}</span>}
            </li>
          ))}
        </ul>
      )}
      {turn.leftOut && <LeftOut files={turn.leftOut} past />}
    </div>
  );
}

interface EditorProps {
  readonly text: string;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

function Editor({ text, onSend, onCancel }: EditorProps): JSX.Element {
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const submit = (): void => {
    if (value.trim() !== '') onSend(value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isPlainEnter(event)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <div class="editor">
      <textarea
        ref={field}
        class="field"
        dir="auto"
        rows={1}
        value={value}
        aria-label={l10n.t('Edit the question')}
        onInput={(event) => setValue(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="editor-actions">
        <Button onClick={onCancel}>{l10n.t('Cancel')}</Button>
        <Button primary disabled={value.trim() === ''} onClick={submit}>
          {l10n.t('Send')}
        </Button>
      </div>
    </div>
  );
}
