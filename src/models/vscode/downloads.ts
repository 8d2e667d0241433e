/** Downloads as the user sees them: a notification, the status bar, a menu, and a way out of each failure. Imported when first needed. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { PonderError } from '../../base/errors.ts';
import type { Event } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import { readSettings, writeSetting } from '../../host/settings.ts';
import { usualPatience } from '../download/download.ts';
import { endpointsFor } from '../download/endpoints.ts';
import type { Endpoint } from '../download/hub.ts';
import { DownloadManager } from '../download/manager.ts';
import { isUnderWay, type DownloadState } from '../download/state.ts';
import { targetOf, wantedSchema, type Wanted } from '../download/wanted.ts';
import { percent, standing } from '../download/words.ts';
import { modelsFolder } from './folder.ts';
import { HubTokens } from './hub-token.ts';

export interface DownloadsOptions {
  readonly secrets: vscode.SecretStorage;
  /** Absolute path of the folder that models go to where the user has chosen none. */
  readonly folder: string;
  readonly logger: Logger;
  /** Shows the log. */
  readonly showLog: () => void;
  readonly openSettings: () => Promise<void>;
  readonly errorSentence: (error: PonderError) => string;
  /** Told of all of them whenever one changes. */
  readonly onStates: (all: readonly DownloadState[]) => void;
  /** Lets the user choose what to download, where nothing certain is asked for. */
  readonly choose: () => Promise<void>;
}

/** Whether whoever began it says how it ended. */
export type Says = (end: DownloadState) => boolean;

export interface Asking {
  /** Whether whoever asks tells the user of such an end. */
  readonly says?: Says;
  /** Follows when it is there, even where it rested in between; without it, the user is asked what to do with it. */
  readonly then?: Then;
}

/** Takes it into use, and says why where it cannot. @returns whether it is in use */
type Then = (state: DownloadState) => Promise<boolean>;

/** The same model may have been downloaded to another folder: only its target says which one is meant. */
type Told = Pick<DownloadState, 'target' | 'wanted'>;

export interface Failure {
  readonly sentence: string;
  readonly ways: readonly { readonly title: string; readonly run: () => Promise<void> }[];
}

/** ms between two looks at what other windows do. */
const beat = 1000;

export class Downloads implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #tokens: HubTokens;
  readonly #manager: DownloadManager;
  /** By target, those with a notification; they end when what follows has happened. */
  readonly #told = new Map<string, Promise<DownloadState | undefined>>();
  /** By target, what follows when it is there, in place of a question. */
  readonly #following = new Map<string, Then>();

  constructor(private readonly options: DownloadsOptions) {
    const { secrets, logger, folder } = options;
    this.#tokens = new HubTokens(secrets);
    this.#manager = this.#disposables.add(
      new DownloadManager({
        folder: () => modelsFolder(folder),
        endpoints: wantedEndpoints,
        token: (host) => this.#tokens.get(host),
        logger,
        patience: usualPatience,
        beat,
      }),
    );
    this.#disposables.add(this.#manager.onDidChange(() => this.#tellStates()));
  }

  /** For views of their own. */
  get onDidChange(): Event<DownloadState> {
    return this.#manager.onDidChange;
  }

  get all(): readonly DownloadState[] {
    return this.#manager.all;
  }

  /** What an earlier session has left is shown as paused. */
  async restore(): Promise<void> {
    await this.#manager.restore();
    this.#tellStates();
  }

  /**
   * @param asked a Wanted; without one, the user chooses
   * @returns when it is done, with what follows, or has come to rest
   * @throws PonderError `ponder-off`
   */
  async download(asked?: unknown, { says, then }: Asking = {}): Promise<DownloadState | undefined> {
    if (!readSettings().enabled) throw new PonderError('ponder-off', 'Nothing is downloaded while Ponder is off.');
    if (asked === undefined) {
      await this.options.choose();
      return undefined;
    }
    const wanted = parsed(asked);
    const target = targetOf(modelsFolder(this.options.folder), wanted);
    if (then) this.#following.set(target, then);
    return this.#run({ target, wanted }, this.#manager.start(wanted), says);
  }

  /** Goes on with one that is paused or has failed, by the target of its state. */
  async resume(target: string, says?: Says): Promise<DownloadState | undefined> {
    const state = this.all.find((each) => each.target === target);
    return state && this.#run(state, this.#manager.resume(target), says);
  }

  /** What has arrived is kept. */
  async pause(target: string): Promise<void> {
    await this.#manager.pause(target);
  }

  /** What has arrived is removed. */
  async cancel(target: string): Promise<void> {
    await this.#manager.cancel(target);
    this.#tellStates();
  }

  /** Why one failed, and what can be done about it. */
  failureOf(state: DownloadState): Failure {
    const { code, message, data } = state.error ?? { code: 'internal', message: '', data: {} };
    return { sentence: this.options.errorSentence(new PonderError(code, message, data)), ways: this.#waysOut(state) };
  }

  /** Every download there is, and what can be done about it. */
  async show(): Promise<void> {
    const all = await this.#manager.restore();
    this.#tellStates();
    if (all.length === 0) {
      const download = l10n.t('Download a model…');
      if ((await vscode.window.showInformationMessage(l10n.t('Nothing is being downloaded.'), download)) === download) await this.download();
      return;
    }
    const items = all.map((state) => ({ label: state.wanted.name, description: standing(state), state }));
    const [only] = items;
    const chosen = items.length === 1 ? only : await vscode.window.showQuickPick(items, { title: l10n.t('Downloads of models') });
    if (chosen) await this.#menu(chosen.state);
  }

  async setToken(): Promise<void> {
    const host = await this.#chooseHost();
    if (host !== undefined && (await this.#tokens.ask(host))) void vscode.window.showInformationMessage(l10n.t('The token for {0} is kept.', host));
  }

  async forgetToken(): Promise<void> {
    const forgotten = await this.#tokens.forget();
    void vscode.window.showInformationMessage(forgotten.length === 0 ? l10n.t('No token was kept.') : l10n.t('Forgotten: the token for {0}.', forgotten.join(', ')));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #chooseHost(): Promise<string | undefined> {
    const hosts = tokenHosts();
    return hosts.length < 2 ? hosts[0] : vscode.window.showQuickPick(hosts, { title: l10n.t('Which hub is the token for?') });
  }

  async #run(asked: Told, running: Promise<DownloadState | undefined>, says: Says = () => false): Promise<DownloadState | undefined> {
    const told = this.#told.get(asked.target);
    if (told) {
      await told;
      return running;
    }
    const telling = this.#show(asked, running, says);
    this.#told.set(asked.target, telling);
    return telling;
  }

  /** Goes on in a notification until it comes to rest, and then says how. */
  async #show({ target, wanted }: Told, running: Promise<DownloadState | undefined>, says: Says): Promise<DownloadState | undefined> {
    const title = l10n.t('Downloading {0}', wanted.name);
    try {
      const end = await vscode.window
        .withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => this.#follow(target, running, progress, token))
        .then(undefined, () => running);
      const then = this.#following.get(target);
      if (end?.phase === 'done' || end?.phase === 'cancelled') this.#following.delete(target);
      const inUse = end?.phase === 'done' ? await then?.(end) : undefined;
      // Whoever asked need not wait until the user has read it.
      if (end && !says(end)) void this.#tell(end, inUse);
      return end;
    } finally {
      this.#told.delete(target);
      this.#tellStates();
    }
  }

  /** Closing the notification only pauses: gigabytes are not thrown away by a click on Cancel. */
  async #follow(target: string, running: Promise<DownloadState | undefined>, progress: vscode.Progress<{ message?: string; increment?: number }>, token: vscode.CancellationToken): Promise<DownloadState | undefined> {
    let shown = 0;
    const following = this.#manager.onDidChange((state) => {
      if (state.target !== target) return;
      const now = percent(state) ?? 0;
      progress.report({ message: standing(state), increment: Math.max(0, now - shown) });
      shown = Math.max(shown, now);
    });
    const cancelled = token.onCancellationRequested(() => void this.#manager.pause(target));
    try {
      return await running;
    } finally {
      following.dispose();
      cancelled.dispose();
    }
  }

  /** @param inUse what came of taking it into use; undefined: nobody tried */
  async #tell(state: DownloadState, inUse?: boolean): Promise<void> {
    const { phase, wanted, target } = state;
    // Why it cannot be used was said by whoever tried.
    if (inUse === false) return;
    if (phase === 'done' && inUse) {
      void vscode.window.showInformationMessage(l10n.t('{0} is downloaded and in use.', wanted.name));
    } else if (phase === 'done') {
      const [use, folder] = [l10n.t('Use it'), l10n.t('Show folder')];
      const choice = await vscode.window.showInformationMessage(l10n.t('{0} is downloaded.', wanted.name), use, folder);
      if (choice === use) await writeSetting('model.path', target);
      if (choice === folder) await showFolder(target);
    } else if (phase === 'paused') {
      const [resume, remove] = [l10n.t('Resume'), l10n.t('Cancel the download')];
      const choice = await vscode.window.showInformationMessage(l10n.t('The download of {0} is paused.', wanted.name), resume, remove);
      if (choice === resume) await this.resume(target);
      if (choice === remove) await this.cancel(target);
    } else if (phase === 'failed') {
      const { sentence, ways } = this.failureOf(state);
      await (await vscode.window.showErrorMessage(`${wanted.name}: ${sentence}`, ...ways))?.run();
    }
  }

  #tellStates(): void {
    this.options.onStates(this.#manager.all);
  }

  #waysOut(state: DownloadState): Failure['ways'] {
    const { error } = state;
    const code = error?.code ?? 'internal';
    const host = String(error?.data['host'] ?? '');
    const resume = async (): Promise<void> => {
      await this.resume(state.target);
    };
    const retry = { title: l10n.t('Retry'), run: resume };
    const log = { title: l10n.t('Show log'), run: () => Promise.resolve(this.options.showLog()) };
    const settings = { title: l10n.t('Open settings'), run: this.options.openSettings };
    const folder = { title: l10n.t('Show folder'), run: () => showFolder(state.target) };
    const token = {
      title: l10n.t('Enter a token…'),
      run: async () => {
        if (await this.#tokens.ask(host)) await resume();
      },
    };
    const website = {
      title: l10n.t('Open website'),
      run: async () => {
        await vscode.env.openExternal(vscode.Uri.parse(websiteOf(state, host)));
      },
    };
    const ways = {
      'download-refused': tokenHosts().includes(host) ? [token, website, retry] : [retry, settings, log],
      'download-missing': [settings, retry, log],
      'download-damaged': [retry, settings, log],
      'download-failed': [retry, settings, log],
      'disk-full': [retry, folder, settings],
      'folder-unwritable': [settings, retry],
    } as const;
    return code in ways ? ways[code as keyof typeof ways] : [retry, log];
  }

  async #menu(state: DownloadState): Promise<void> {
    const pause = { label: `$(debug-pause) ${l10n.t('Pause')}`, run: () => this.#manager.pause(state.target) };
    const resume = { label: `$(debug-start) ${l10n.t('Resume')}`, run: () => this.resume(state.target) };
    const cancel = { label: `$(trash) ${l10n.t('Cancel the download')}`, description: l10n.t('What has arrived is removed'), run: () => this.cancel(state.target) };
    const folder = { label: `$(folder-opened) ${l10n.t('Show folder')}`, run: () => showFolder(state.target) };
    const items = [isUnderWay(state) ? pause : resume, cancel, folder];
    const chosen = await vscode.window.showQuickPick(items, { title: state.wanted.name, placeHolder: standing(state) });
    await chosen?.run();
    this.#tellStates();
  }
}

function wantedEndpoints(): Endpoint[] {
  const settings = readSettings();
  return endpointsFor(settings['models.endpoint'], settings['models.endpointFallback']);
}

/** Those that take tokens: Hugging Face and what speaks like it. */
function tokenHosts(): string[] {
  return wantedEndpoints().flatMap(({ kind, url }) => (kind === 'huggingface' ? [new URL(url).host] : []));
}

function websiteOf({ wanted }: DownloadState, host: string): string {
  const endpoint = wantedEndpoints().find(({ url }) => new URL(url).host === host);
  return `${endpoint?.url ?? 'https://huggingface.co'}/${wanted.repositories.huggingface ?? ''}`;
}

function parsed(asked: unknown): Wanted {
  const result = v.safeParse(wantedSchema, asked);
  if (!result.success) throw new PonderError('bad-message', `This cannot be downloaded: ${v.summarize(result.issues)}`);
  return result.output;
}

async function showFolder(target: string): Promise<void> {
  await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path.dirname(target)));
}
