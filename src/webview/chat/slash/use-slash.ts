import type { ChatMessage, SlashState } from '../../../protocol/webview.ts';
import { replaceRange } from '../list-menu/replace.ts';
import { useListMenu } from '../list-menu/use-list-menu.ts';
import type { ListMenu } from '../list-menu/use-list-menu.ts';
import { useSend } from '../send.ts';
import { slashAt } from './query.ts';

export type Slashes = Extract<ChatMessage, { type: 'slashes' }>;
export type SlashMenu = ListMenu<Slashes, SlashState>;

/** The menu that opens at `/` as the first character. */
export function useSlash(field: { readonly current: HTMLTextAreaElement | null }, answer: Slashes | undefined): SlashMenu {
  const send = useSend();
  const menu = useListMenu<Slashes, SlashState>({
    field,
    answer,
    itemsOf: ({ items }) => items,
    ask: (query) => send({ type: 'slash', query }),
    read: slashAt,
    onChoose: (item, { start, end }, element) => {
      menu.dismiss();
      // The space behind the name is there already where an argument is.
      const spaced = element.value.charAt(end) === ' ';
      replaceRange(element, start, spaced ? end + 1 : end, `/${item.name} `);
    },
    // Where something may follow, a first Enter makes room for it.
    isSaid: ({ name, hint }, text) => hint === undefined && text.trimEnd() === `/${name}`,
    whenNone: 'stay away',
  });
  return menu;
}

/** What may follow, once a name stands there and nothing behind it. */
export function hintFor(text: string, known: Slashes | undefined): string | undefined {
  return known?.items.find(({ name }) => text === `/${name} `)?.hint;
}
