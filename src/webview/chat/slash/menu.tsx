import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { SlashState } from '../../../protocol/webview.ts';
import { told } from '../chips/tokens.ts';
import { Label } from '../list-menu/label.tsx';
import { Line, ListBox } from '../list-menu/list-box.tsx';
import { Icon } from '../../shared/controls.tsx';
import type { SlashMenu } from './use-slash.ts';

/** The codicon of each command of Ponder's own. */
const icons: Readonly<Record<string, string>> = {
  explain: 'comment-discussion',
  refactor: 'wand',
  fix: 'tools',
  doc: 'book',
  tests: 'beaker',
  commit: 'git-commit',
};

/** Commands that a question can begin with. */
export function SlashList({ menu }: { readonly menu: SlashMenu }): JSX.Element {
  return (
    <ListBox name="slash" menu={menu} label={l10n.t('Commands')} verb={l10n.t('Choose')}>
      {menu.items.map((item, index) => (
        <Line key={item.name} name="slash" menu={menu} item={item} index={index} title={told([`/${item.name}`, item.hint, item.description, item.path]).join('\n')}>
          <Icon name={item.path === undefined ? (icons[item.name] ?? 'symbol-event') : 'file-text'} />
          <Name {...item} />
          <span class="option-detail ellipsis">{item.description}</span>
          {item.hint !== undefined && <span class="option-hint ellipsis">{item.hint}</span>}
        </Line>
      ))}
    </ListBox>
  );
}

function Name({ name, matches }: SlashState): JSX.Element {
  return <Label label={`/${name}`} matches={[0, ...matches.map((at) => at + 1)]} />;
}
