import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatMessage, MentionState } from '../../../protocol/webview.ts';
import { isPlainEnter } from '../keys.ts';
import { useSend } from '../send.ts';
import { moved } from './moved.ts';
import { queryAt, queryFrom, replacement } from './query.ts';
import type { Query } from './query.ts';
import { replaceRange } from './replace.ts';

export type Mentions = Extract<ChatMessage, { type: 'mentions' }>;

export interface MentionMenu {
  /** True from the sign on, also while there is nothing to show yet. */
  readonly open: boolean;
  /** What the menu shows; absent while it is closed, and until the host has answered for the first time. */
  readonly shown: Mentions | undefined;
  /** All lines, as the keys go through them. */
  readonly items: readonly MentionState[];
  /** Index of the line that Enter adds. */
  readonly active: number;
  readonly activate: (index: number) => void;
  readonly choose: (item: MentionState) => void;
  /** Opens the menu where the caret is, without a sign; closes it when it is open. */
  readonly toggle: () => void;
  readonly close: () => void;
  /** The focus goes somewhere; the menu closes where that is neither the field nor the menu. */
  readonly onBlur: (event: FocusEvent) => void;
  /** The text was changed, or the caret moved. */
  readonly onInput: () => void;
  readonly onMove: () => void;
  /** True when the key was meant for the menu. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
}

/** The menu that opens at `@`: what is asked for, what came back, and what the keys do with it. */
export function useMention(field: { readonly current: HTMLTextAreaElement | null }, answer: Mentions | undefined): MentionMenu {
  const send = useSend();
  const [query, setQuery] = useState<Query | undefined>();
  const [picked, setPicked] = useState<{ readonly of: Mentions; readonly index: number } | undefined>();
  /** Where a query began that the button opened: it has no sign. */
  const bare = useRef<number | undefined>(undefined);
  /** Where a query begins that Escape has closed: it stays closed until it is gone. */
  const dismissed = useRef<number | undefined>(undefined);
  /** An answer from before the menu opened says nothing of now. */
  const stale = useRef<Mentions | undefined>(undefined);
  const last = useRef<Mentions | undefined>(undefined);

  if (query === undefined) last.current = undefined;
  // The old list stays until the new one is there, so that nothing flickers.
  else if (answer !== stale.current && answer?.query === query.text) last.current = answer;
  const shown = last.current;
  const items = shown?.groups.flatMap((group) => group.items) ?? [];
  const active = picked && picked.of.query === shown?.query ? Math.min(picked.index, items.length - 1) : 0;

  const asked = query?.text;
  useLayoutEffect(() => {
    if (asked === undefined) return undefined;
    const frame = requestAnimationFrame(() => send({ type: 'mention', query: asked }));
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [asked]);

  const open = (next: Query): void => {
    if (query === undefined) stale.current = answer;
    setQuery(next);
  };
  const close = (): void => {
    bare.current = undefined;
    setQuery(undefined);
  };
  const read = (): Query | undefined => {
    const element = field.current;
    if (!element || element.selectionStart !== element.selectionEnd) return undefined;
    const { value, selectionStart: caret } = element;
    // Who types the sign all the same means the same.
    if (bare.current !== undefined && value.charAt(bare.current) === '@') bare.current = undefined;
    return bare.current === undefined ? queryAt(value, caret) : queryFrom(value, bare.current, caret);
  };
  const onInput = (): void => {
    const next = read();
    if (next?.start !== dismissed.current) dismissed.current = undefined;
    if (next && dismissed.current === undefined) open(next);
    else close();
  };
  const onMove = (): void => {
    if (query === undefined) return;
    const next = read();
    if (next?.start === query.start) setQuery(next);
    else close();
  };
  const toggle = (): void => {
    const element = field.current;
    if (!element) return;
    element.focus();
    if (query !== undefined) {
      close();
      return;
    }
    const caret = element.selectionEnd;
    element.setSelectionRange(caret, caret);
    bare.current = caret;
    open({ start: caret, end: caret, text: '' });
  };
  const dismiss = (): void => {
    dismissed.current = bare.current === undefined ? query?.start : undefined;
    close();
  };
  const choose = (item: MentionState): void => {
    const element = field.current;
    if (!element || !query) return;
    // Where only a thing was asked for, its name does not belong into the question.
    const change = replacement(element.value, query, bare.current === undefined ? item.insert : '');
    dismiss();
    send({ type: 'addContext', id: item.id });
    replaceRange(element, change.start, change.end, change.insert);
  };
  const onBlur = ({ relatedTarget: to }: FocusEvent): void => {
    if (!(to instanceof Element) || (to !== field.current && to.closest('.mention-menu') === null)) close();
  };
  const activate = (index: number): void => {
    if (shown) setPicked({ of: shown, index });
  };

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (query === undefined || event.isComposing) return false;
    if (event.key === 'Escape') {
      event.stopPropagation();
      dismiss();
      return true;
    }
    const enter = isPlainEnter(event);
    const item = items[active];
    if (item && (enter || (event.key === 'Tab' && !event.shiftKey))) {
      choose(item);
      return true;
    }
    if (enter) {
      // Nothing there to add. Before the first answer nobody can know, so the key waits with its user.
      if (shown) dismiss();
      return true;
    }
    const next = plain(event) ? moved(event.key, active, items.length) : undefined;
    if (next === undefined) return false;
    activate(next);
    return true;
  };

  return { open: query !== undefined, shown, items, active, activate, choose, toggle, close, onBlur, onInput, onMove, onKeyDown };
}

function plain(event: KeyboardEvent): boolean {
  return !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}
