import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ListMenu } from './use-list-menu.ts';

/** One kind of menu among others on the page: its ids begin with its name. */
export type MenuName = 'mention' | 'slash';

export function listId(name: MenuName): string {
  return `${name}-list`;
}

/** The id of a line, for `aria-activedescendant`. */
export function optionId(name: MenuName, index: number): string {
  return `${name}-${index}`;
}

export interface ListBoxProps {
  readonly name: MenuName;
  readonly menu: Pick<ListMenu<unknown, unknown>, 'items' | 'active' | 'shown' | 'onBlur'>;
  readonly label: string;
  /** The lines, or groups of them. */
  readonly children: ComponentChildren;
  /** What Enter does, in a word. */
  readonly verb: string;
  /** Beside the keys. */
  readonly aside?: string | undefined;
}

/** A list to choose from, above the composer. The focus stays in the field. */
export function ListBox({ name, menu, label, children, verb, aside }: ListBoxProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<number | undefined>();
  useLayoutEffect(() => {
    const measure = (): void => {
      setRoom(box.current?.parentElement?.getBoundingClientRect().top);
    };
    measure();
    window.addEventListener('resize', measure);
    return () => {
      window.removeEventListener('resize', measure);
    };
  }, []);
  useLayoutEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [menu.active, menu.shown]);
  return (
    <div
      ref={box}
      class={`list-menu ${name}-menu`}
      style={room === undefined ? {} : { '--room': `${room}px` }}
      // A press keeps the focus where it is. A screen reader may still take it to a line.
      onMouseDown={(event) => event.preventDefault()}
      onFocusOut={menu.onBlur}
    >
      {menu.items.length === 0 ? (
        <p class="list-none">{l10n.t('Nothing found')}</p>
      ) : (
        <div class="list-list" role="listbox" id={listId(name)} aria-label={label}>
          {children}
        </div>
      )}
      <div class="list-footer">
        {menu.items.length > 0 && (
          <span aria-hidden="true">
            <kbd>↵</kbd>
            {verb}
          </span>
        )}
        <span class="list-escape" aria-hidden="true">
          <kbd>{l10n.t('Esc')}</kbd>
          {l10n.t('Close')}
        </span>
        {aside !== undefined && <span class="figures">{aside}</span>}
      </div>
    </div>
  );
}

export interface LineProps<Item> {
  readonly name: MenuName;
  readonly menu: Pick<ListMenu<unknown, Item>, 'active' | 'activate' | 'choose'>;
  readonly item: Item;
  readonly index: number;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Line<Item>({ name, menu, item, index, title, children }: LineProps<Item>): JSX.Element {
  return (
    <div
      class="list-option"
      role="option"
      tabIndex={-1}
      id={optionId(name, index)}
      aria-selected={index === menu.active}
      title={title}
      onMouseMove={() => {
        if (index !== menu.active) menu.activate(index);
      }}
      onClick={() => menu.choose(item)}
    >
      {children}
    </div>
  );
}
