/** What a user reads of the context. */
import * as l10n from '@vscode/l10n';
import type { LeftOutState } from '../protocol/webview.ts';
import type { LeftOut, LeftOutReason } from './item.ts';

/** Why something is left out, in a few words. */
export function reasonWords(reason: LeftOutReason): string {
  switch (reason) {
    case 'window':
      return l10n.t('Does not fit');
    case 'ignored':
      return l10n.t('Ignored by .gitignore or files.exclude');
    case 'secret':
      return l10n.t('May hold secrets');
    case 'binary':
      return l10n.t('Not a text');
    case 'large':
      return l10n.t('Too large');
    case 'generated':
      return l10n.t('Written by a program');
    case 'missing':
      return l10n.t('Nothing there');
    case 'outside':
      return l10n.t('Outside the workspace');
    case 'many':
      return l10n.t('Too many');
    case 'untrusted':
      return l10n.t('Needs a workspace that you trust');
  }
}

export function leftOutState({ label, why, tokens }: LeftOut): LeftOutState {
  return { label, why: reasonWords(why), tokens };
}
