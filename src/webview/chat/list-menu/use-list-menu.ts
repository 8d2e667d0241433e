import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isPlainEnter } from '../keys.ts';
import { moved } from './moved.ts';

/** Where in a text a query stands: from `start`, the sign included, up to `end`. Offsets are UTF-16. */
export interface Query {
  readonly start: number;
  readonly end: number;
  /** Without the sign. */
  readonly text: string;
}

export interface ListMenu<Answer, Item> {
  /** True from the sign on, also while there is nothing to show yet. */
  readonly open: boolean;
  /** What the menu shows; absent while it is closed, and until the host has answered for the first time. */
  readonly shown: Answer | undefined;
  /** All lines, as the keys go through them. */
  readonly items: readonly Item[];
  /** Index of the line that Enter takes. */
  readonly active: number;
  readonly activate: (index: number) => void;
  readonly choose: (item: Item) => void;
  readonly close: () => void;
  /** The focus goes somewhere; the menu closes where that is neither the field nor the menu. */
  readonly onBlur: (event: FocusEvent) => void;
  /** The text was changed, or the caret moved. */
  readonly onInput: () => void;
  readonly onMove: () => void;
  /** True when the key was meant for the menu. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
}

export interface ListMenuOptions<Answer, Item> {
  readonly field: { readonly current: HTMLTextAreaElement | null };
  /** The last one of the host. */
  readonly answer: Answer | undefined;
  readonly itemsOf: (answer: Answer) => readonly Item[];
  readonly ask: (query: string) => void;
  /** The query at the caret, if one is there. */
  readonly read: (text: string, caret: number) => Query | undefined;
  /** A line was chosen; the menu is closed then. */
  readonly onChoose: (item: Item, query: Query, field: HTMLTextAreaElement) => void;
  readonly onClose?: () => void;
  /** Whether the text says already all that a line would put there: then Enter closes the menu and goes to the text. */
  readonly isSaid?: (item: Item, text: string) => boolean;
  /** False for a query that a button opened. Absent: always. */
  readonly hasSign?: () => boolean;
  /** Where nothing is found: the menu says so and takes Enter, or it stays away and leaves the keys to the text. */
  readonly whenNone: 'say' | 'stay away';
}

/** A menu that goes along with what is typed: what is asked for, what came back, and what the keys do with it. */
export function useListMenu<Answer extends { readonly query: string }, Item>(
  options: ListMenuOptions<Answer, Item>,
): ListMenu<Answer, Item> & { readonly query: Query | undefined; readonly openAt: (query: Query) => void; readonly dismiss: () => void } {
  const { field, answer, itemsOf, ask, whenNone } = options;
  const [query, setQuery] = useState<Query | undefined>();
  const [picked, setPicked] = useState<{ readonly of: Answer; readonly index: number } | undefined>();
  /** Where a query begins that Escape has closed: it stays closed until it is gone. */
  const dismissed = useRef<number | undefined>(undefined);
  /** An answer from before the menu opened says nothing of now. */
  const stale = useRef<Answer | undefined>(undefined);
  const last = useRef<Answer | undefined>(undefined);

  if (query === undefined) last.current = undefined;
  // The old list stays until the new one is there, so that nothing flickers.
  else if (answer !== stale.current && answer?.query === query.text) last.current = answer;
  const found = last.current;
  const items = found ? itemsOf(found) : [];
  const shown = items.length === 0 && whenNone === 'stay away' ? undefined : found;
  const active = picked && picked.of.query === shown?.query ? Math.min(picked.index, items.length - 1) : 0;

  const asked = query?.text;
  useLayoutEffect(() => {
    if (asked === undefined) return undefined;
    const frame = requestAnimationFrame(() => ask(asked));
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [asked]);

  const openAt = (next: Query): void => {
    if (query === undefined) stale.current = answer;
    setQuery(next);
  };
  const close = (): void => {
    options.onClose?.();
    setQuery(undefined);
  };
  const read = (): Query | undefined => {
    const element = field.current;
    return element && element.selectionStart === element.selectionEnd ? options.read(element.value, element.selectionStart) : undefined;
  };
  const onInput = (): void => {
    const next = read();
    if (next?.start !== dismissed.current) dismissed.current = undefined;
    if (next && dismissed.current === undefined) openAt(next);
    else close();
  };
  const onMove = (): void => {
    if (query === undefined) return;
    const next = read();
    if (next?.start === query.start) setQuery(next);
    else close();
  };
  const dismiss = (): void => {
    dismissed.current = options.hasSign?.() === false ? undefined : query?.start;
    close();
  };
  const choose = (item: Item): void => {
    if (field.current && query) options.onChoose(item, query, field.current);
  };
  const onBlur = ({ relatedTarget: to }: FocusEvent): void => {
    if (!(to instanceof Element) || (to !== field.current && to.closest('.list-menu') === null)) close();
  };
  const activate = (index: number): void => {
    if (shown) setPicked({ of: shown, index });
  };

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (query === undefined || event.isComposing) return false;
    const away = found !== undefined && shown === undefined;
    if (event.key === 'Escape' && !away) {
      event.stopPropagation();
      dismiss();
      return true;
    }
    const enter = isPlainEnter(event);
    const item = items[active];
    const text = field.current?.value ?? '';
    // Also where the list still is that of an earlier text.
    if (enter && items.some((each) => options.isSaid?.(each, text))) {
      dismiss();
      return false;
    }
    if (item && (enter || (event.key === 'Tab' && !event.shiftKey))) {
      choose(item);
      return true;
    }
    if (enter && !away) {
      // Nothing there to take. Before the first answer nobody can know, so the key waits with its user.
      if (shown) dismiss();
      return true;
    }
    const next = plain(event) ? moved(event.key, active, items.length) : undefined;
    if (next === undefined) return false;
    activate(next);
    return true;
  };

  return { open: query !== undefined, query, shown, items, active, activate, choose, openAt, close, dismiss, onBlur, onInput, onMove, onKeyDown };
}

function plain(event: KeyboardEvent): boolean {
  return !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}
