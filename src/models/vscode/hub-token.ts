/** Access tokens of hubs, for models that are not given to everyone. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

const prefix = 'hubToken:';
/** What may stand in a header. */
const printable = /^[\x21-\x7e]{1,500}$/;

/** Kept in the system's key store, one for each host, sent to that host alone, and never logged. */
export class HubTokens {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  async get(host: string): Promise<string | undefined> {
    const token = await this.secrets.get(prefix + host);
    return token !== undefined && printable.test(token) ? token : undefined;
  }

  /** Asks for one and keeps it. False where none was given. */
  async ask(host: string): Promise<boolean> {
    const token = await vscode.window.showInputBox({
      title: l10n.t('Access token for {0}', host),
      prompt: l10n.t('It is kept in the system’s key store and sent to {0} alone. A token that may only read is enough.', host),
      placeHolder: 'hf_…',
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) => (value.trim() === '' || printable.test(value.trim()) ? undefined : l10n.t('A token has no spaces and only plain characters.')),
    });
    const given = token?.trim() ?? '';
    if (!printable.test(given)) return false;
    await this.secrets.store(prefix + host, given);
    return true;
  }

  /** All of them. @returns the hosts that there was one for */
  async forget(): Promise<string[]> {
    const keys = (await this.secrets.keys()).filter((key) => key.startsWith(prefix));
    for (const key of keys) await this.secrets.delete(key);
    return keys.map((key) => key.slice(prefix.length));
  }
}
