import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { baseName } from '../attachment.ts';
import { looksSecret } from '../secret-files.ts';

/** Asks where a file looks as if it held secrets; any other may be read. `proceed` is what the button says. */
export async function mayRead({ path }: vscode.Uri, proceed: string): Promise<boolean> {
  if (!looksSecret(path)) return true;
  const detail = l10n.t('The model runs on this computer, but the text becomes part of the conversation that is kept here.');
  return (await vscode.window.showWarningMessage(l10n.t('{0} looks as if it held secrets.', baseName(path)), { modal: true, detail }, proceed)) === proceed;
}
