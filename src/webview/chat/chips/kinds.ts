import * as l10n from '@vscode/l10n';
import type { ContextKind } from '../../../protocol/webview.ts';

/** The codicon of each kind of context. */
export const kindIcons: Readonly<Record<ContextKind, string>> = {
  file: 'file-code',
  folder: 'folder',
  selection: 'list-selection',
  editors: 'files',
  problems: 'warning',
  diff: 'git-compare',
  symbol: 'symbol-method',
  workspace: 'search',
  notes: 'note',
  terminal: 'terminal',
};

/** What a kind is called where its icon cannot be seen. */
export function kindName(kind: ContextKind): string {
  switch (kind) {
    case 'file':
      return l10n.t('File');
    case 'folder':
      return l10n.t('Folder');
    case 'selection':
      return l10n.t('Selection');
    case 'editors':
      return l10n.t('Open editors');
    case 'problems':
      return l10n.t('Problems');
    case 'diff':
      return l10n.t('Changes');
    case 'symbol':
      return l10n.t('Symbol');
    case 'workspace':
      return l10n.t('Workspace');
    case 'notes':
      return l10n.t('Types');
    case 'terminal':
      return l10n.t('Terminal');
  }
}
