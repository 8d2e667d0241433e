import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { MentionState } from '../../../protocol/webview.ts';
import { exactly, told } from '../chips/tokens.ts';
import { kindIcons, kindName } from '../chips/kinds.ts';
import { Icon } from '../../shared/controls.tsx';
import { short } from '../../shared/format.ts';
import { Label } from './label.tsx';
import type { MentionMenu, Mentions } from './use-mention.ts';

export const listId = 'mention-list';

/** The id of a line, for `aria-activedescendant`. */
export function optionId(index: number): string {
  return `mention-${index}`;
}

/** What can be added, in groups, above the composer. The focus stays in the field. */
export function Menu({ menu, shown }: { readonly menu: MentionMenu; readonly shown: Mentions }): JSX.Element {
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
  }, [menu.active, shown]);

  let index = -1;
  return (
    <div
      ref={box}
      class="mention-menu"
      style={room === undefined ? {} : { '--room': `${room}px` }}
      // A press keeps the focus where it is. A screen reader may still take it to a line.
      onMouseDown={(event) => event.preventDefault()}
      onFocusOut={menu.onBlur}
    >
      {menu.items.length === 0 ? (
        <p class="mention-none">{l10n.t('Nothing found')}</p>
      ) : (
        <div class="mention-list" role="listbox" id={listId} aria-label={l10n.t('Context to add')}>
          {shown.groups.map(
            (group, at) =>
              group.items.length > 0 && (
                <div key={group.title} class="mention-group" role="group" aria-labelledby={`mention-group-${at}`}>
                  <div class="mention-title" role="presentation" id={`mention-group-${at}`}>
                    {group.title}
                  </div>
                  {group.items.map((item) => {
                    index += 1;
                    return <Option key={item.id} item={item} index={index} menu={menu} />;
                  })}
                </div>
              ),
          )}
        </div>
      )}
      <Footer some={menu.items.length > 0} tokensLeft={shown.tokensLeft} />
    </div>
  );
}

function Option({ item, index, menu }: { readonly item: MentionState; readonly index: number; readonly menu: MentionMenu }): JSX.Element {
  const rest = told([kindName(item.kind), item.tokens === undefined ? undefined : exactly(item.tokens)]);
  return (
    <div
      class="mention-option"
      role="option"
      tabIndex={-1}
      id={optionId(index)}
      aria-selected={index === menu.active}
      title={told([item.label, item.detail, ...rest]).join('\n')}
      onMouseMove={() => {
        if (index !== menu.active) menu.activate(index);
      }}
      onClick={() => menu.choose(item)}
    >
      <Icon name={kindIcons[item.kind]} />
      <Label label={item.label} matches={item.matches} />
      <span class="option-detail ellipsis">{item.detail}</span>
      <span class="hidden">{rest.join(', ')}</span>
      {item.tokens !== undefined && <span class="option-tokens figures" aria-hidden="true">{short(item.tokens)}</span>}
    </div>
  );
}

/** The keys, and how much still fits. */
function Footer({ some, tokensLeft }: { readonly some: boolean; readonly tokensLeft: number | undefined }): JSX.Element {
  return (
    <div class="mention-footer">
      {some && (
        <span aria-hidden="true">
          <kbd>↵</kbd>
          {l10n.t('Add')}
        </span>
      )}
      <span class="mention-escape" aria-hidden="true">
        <kbd>{l10n.t('Esc')}</kbd>
        {l10n.t('Close')}
      </span>
      {tokensLeft !== undefined && <span class="figures">{l10n.t('{0} tokens left', short(Math.max(0, tokensLeft)))}</span>}
    </div>
  );
}
