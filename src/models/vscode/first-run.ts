/** What the chat shows where no model is chosen, and what is done from there. Imported when it is first shown. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { toPonderError, type PonderError } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import { onDidChangeSettings, readSettings } from '../../host/settings.ts';
import type { SetupRequest, SetupState } from '../../protocol/setup.ts';
import type { Choices, OfferedFile } from '../choices.ts';
import { endpointsFor } from '../download/endpoints.ts';
import { endpoints } from '../download/hub.ts';
import type { DownloadState } from '../download/state.ts';
import { isOf, setupState } from '../setup-state.ts';
import type { Downloads } from './downloads.ts';
import type { ModelLibrary } from './library.ts';

export interface FirstRunOptions {
  readonly library: ModelLibrary;
  readonly downloads: Downloads;
  readonly logger: Logger;
  readonly errorSentence: (error: PonderError) => string;
}

export class FirstRun implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new Emitter<void>());
  readonly onDidChange = this.#changed.event;
  /** Whether the view is in sight, so that it need not be said elsewhere. */
  isWatched: () => boolean = () => false;
  #choices: Choices | undefined;
  #problem: string | undefined;
  /** Counts readings: only the last one counts. */
  #reading = 0;
  readonly #chosen = new Map<string, string>();
  /** Targets of downloads that were begun here: used as soon as they are there. */
  readonly #begun = new Set<string>();

  constructor(private readonly options: FirstRunOptions) {
    const { library, downloads } = options;
    this.#disposables.add(library.onDidChange(() => void this.#read()));
    this.#disposables.add(downloads.onDidChange((state) => this.#onDownload(state)));
    this.#disposables.add(onDidChangeSettings(() => this.#changed.fire()));
    void this.#read();
    void downloads.restore().then(() => this.#changed.fire());
  }

  get state(): SetupState {
    const source = sourceHost();
    if (this.#problem !== undefined) return { status: 'failed', problem: this.#problem, found: [], cards: [], source };
    if (!this.#choices) return { status: 'reading', found: [], cards: [], source };
    const { downloads } = this.options;
    const failure = (state: DownloadState): { sentence: string; ways: string[] } => {
      const { sentence, ways } = downloads.failureOf(state);
      return { sentence, ways: ways.map(({ title }) => title) };
    };
    return setupState({ choices: this.#choices, downloads: downloads.all, chosen: this.#chosen, source, failure });
  }

  async act(request: SetupRequest): Promise<void> {
    const { library } = this.options;
    switch (request.type) {
      case 'setupAgain':
        return this.#read();
      case 'setupFile':
        await library.useFile();
        return;
      case 'setupUse':
        if (this.#isShown(request.path)) await library.use(request.path);
        return;
      case 'setupWay':
        return this.#takeWay(request);
      case 'setupModel':
        return this.#onModel(request);
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #onModel({ action, model, quantisation }: Extract<SetupRequest, { type: 'setupModel' }>): Promise<void> {
    const { downloads } = this.options;
    const file = this.#fileOf(model, quantisation);
    if (!file) return;
    // A download goes on whatever is looked at meanwhile; the card stays with what was chosen.
    this.#chosen.set(model, quantisation);
    this.#changed.fire();
    const target = this.#downloadOf(file)?.target;
    switch (action) {
      case 'choose':
        return;
      case 'download':
        return this.#begin(() => downloads.download(file.wanted, { says: this.#says }), file);
      case 'resume':
        return target === undefined ? undefined : this.#begin(() => downloads.resume(target, this.#says), file);
      case 'pause':
        return target === undefined ? undefined : downloads.pause(target);
      case 'cancel':
        if (target === undefined) return;
        this.#begun.delete(target);
        await downloads.cancel(target);
        return this.#changed.fire();
    }
  }

  /** The view says what it shows; a failure is said elsewhere too where nobody sees the view. */
  readonly #says = ({ phase }: DownloadState): boolean => phase !== 'failed' || this.isWatched();

  async #begin(run: () => Promise<DownloadState | undefined>, file: OfferedFile): Promise<void> {
    const running = run();
    const target = this.#downloadOf(file)?.target;
    if (target !== undefined) this.#begun.add(target);
    const end = await running;
    if (end?.phase === 'done') await this.#arrived(end.target);
    this.#changed.fire();
  }

  #onDownload(state: DownloadState): void {
    if (state.phase === 'done') {
      this.#arrived(state.target).catch((error: unknown) => this.options.logger.error(toPonderError(error).message));
    }
    this.#changed.fire();
  }

  /** Not where the user has chosen another one meanwhile. */
  async #arrived(target: string): Promise<void> {
    if (this.#begun.delete(target) && readSettings()['model.path'] === '') await this.options.library.use(target);
    else await this.#read();
  }

  async #takeWay({ model, quantisation, way }: Extract<SetupRequest, { type: 'setupWay' }>): Promise<void> {
    const file = this.#fileOf(model, quantisation);
    const state = file && this.#downloadOf(file);
    if (state?.phase !== 'failed') return;
    this.#begun.add(state.target);
    await this.options.downloads.failureOf(state).ways[way]?.run();
  }

  #fileOf(model: string, quantisation: string): OfferedFile | undefined {
    return this.#choices?.offered.find((each) => each.model.id === model)?.files.find((file) => file.quantisation === quantisation);
  }

  #downloadOf(file: OfferedFile): DownloadState | undefined {
    return this.options.downloads.all.find((state) => isOf(state, file));
  }

  #isShown(path: string): boolean {
    const { found = [], offered = [] } = this.#choices ?? {};
    return found.some(({ file }) => file.path === path) || offered.some(({ files }) => files.some((file) => file.path === path));
  }

  async #read(): Promise<void> {
    const reading = ++this.#reading;
    if (this.#problem !== undefined) {
      this.#problem = undefined;
      this.#changed.fire();
    }
    try {
      const choices = await this.options.library.choices();
      if (reading === this.#reading) this.#choices = choices;
    } catch (error) {
      const known = toPonderError(error);
      this.options.logger.warn(`choices: ${known.code}: ${known.message}`);
      if (reading === this.#reading && !this.#choices) this.#problem = this.options.errorSentence(known);
    }
    if (reading === this.#reading) this.#changed.fire();
  }
}

function sourceHost(): string {
  const settings = readSettings();
  const [first = endpoints.huggingface] = endpointsFor(settings['models.endpoint'], settings['models.endpointFallback']);
  return new URL(first.url).host;
}
