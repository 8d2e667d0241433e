import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { MentionState } from '../../../protocol/webview.ts';
import { exactly, told } from '../chips/tokens.ts';
import { kindIcons, kindName } from '../chips/kinds.ts';
import { Label } from '../list-menu/label.tsx';
import { Line, ListBox } from '../list-menu/list-box.tsx';
import { Icon } from '../../shared/controls.tsx';
import { short } from '../../shared/format.ts';
import type { MentionMenu, Mentions } from './use-mention.ts';

/** What can be added, in groups. */
export function Menu({ menu, shown }: { readonly menu: MentionMenu; readonly shown: Mentions }): JSX.Element {
  const { tokensLeft } = shown;
  let index = -1;
  return (
    <ListBox
      name="mention"
      menu={menu}
      label={l10n.t('Context to add')}
      verb={l10n.t('Add')}
      aside={tokensLeft === undefined ? undefined : l10n.t('{0} tokens left', short(Math.max(0, tokensLeft)))}
    >
      {shown.groups.map(
        (group, at) =>
          group.items.length > 0 && (
            <div key={group.title} class="list-group" role="group" aria-labelledby={`mention-group-${at}`}>
              <div class="list-title" role="presentation" id={`mention-group-${at}`}>
                {group.title}
              </div>
              {group.items.map((item) => {
                index += 1;
                return <Option key={item.id} item={item} index={index} menu={menu} />;
              })}
            </div>
          ),
      )}
    </ListBox>
  );
}

function Option({ item, index, menu }: { readonly item: MentionState; readonly index: number; readonly menu: MentionMenu }): JSX.Element {
  const rest = told([kindName(item.kind), item.tokens === undefined ? undefined : exactly(item.tokens)]);
  return (
    <Line name="mention" menu={menu} item={item} index={index} title={told([item.label, item.detail, ...rest]).join('\n')}>
      <Icon name={kindIcons[item.kind]} />
      <Label label={item.label} matches={item.matches} />
      <span class="option-detail ellipsis">{item.detail}</span>
      <span class="hidden">{rest.join(', ')}</span>
      {item.tokens !== undefined && <span class="option-tokens figures" aria-hidden="true">{short(item.tokens)}</span>}
    </Line>
  );
}
