import { useRef } from 'preact/hooks';
import type { ChatMessage, MentionState } from '../../../protocol/webview.ts';
import { replaceRange } from '../list-menu/replace.ts';
import { useListMenu } from '../list-menu/use-list-menu.ts';
import type { ListMenu } from '../list-menu/use-list-menu.ts';
import { useSend } from '../send.ts';
import { queryAt, queryFrom, replacement } from './query.ts';

export type Mentions = Extract<ChatMessage, { type: 'mentions' }>;

export interface MentionMenu extends ListMenu<Mentions, MentionState> {
  /** Opens the menu where the caret is, without a sign; closes it when it is open. */
  readonly toggle: () => void;
}

/** The menu that opens at `@`. */
export function useMention(field: { readonly current: HTMLTextAreaElement | null }, answer: Mentions | undefined): MentionMenu {
  const send = useSend();
  /** Where a query began that the button opened: it has no sign. */
  const bare = useRef<number | undefined>(undefined);
  const menu = useListMenu<Mentions, MentionState>({
    field,
    answer,
    itemsOf: ({ groups }) => groups.flatMap((group) => group.items),
    ask: (query) => send({ type: 'mention', query }),
    read: (text, caret) => {
      // Who types the sign all the same means the same.
      if (bare.current !== undefined && text.charAt(bare.current) === '@') bare.current = undefined;
      return bare.current === undefined ? queryAt(text, caret) : queryFrom(text, bare.current, caret);
    },
    onChoose: (item, query, element) => {
      // Where only a thing was asked for, its name does not belong into the question.
      const change = replacement(element.value, query, bare.current === undefined ? item.insert : '');
      menu.dismiss();
      send({ type: 'addContext', id: item.id });
      replaceRange(element, change.start, change.end, change.insert);
    },
    onClose: () => (bare.current = undefined),
    hasSign: () => bare.current === undefined,
    whenNone: 'say',
  });

  const toggle = (): void => {
    const element = field.current;
    if (!element) return;
    element.focus();
    if (menu.open) {
      menu.close();
      return;
    }
    const caret = element.selectionEnd;
    element.setSelectionRange(caret, caret);
    bare.current = caret;
    menu.openAt({ start: caret, end: caret, text: '' });
  };
  return { ...menu, toggle };
}
