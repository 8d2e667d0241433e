/** The models of this window: what there is to choose from, and taking one into use. Imported when first needed. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import { onDidChangeSettings, readSettings, writeSetting } from '../../host/settings.ts';
import type { Choices } from '../choices.ts';
import { findModels } from '../found/places.ts';
import type { FoundModel } from '../found/found.ts';
import { readHeader, type Reading } from '../header/read.ts';
import { knownHardware, readChoices, type KnownHardware } from '../read-choices.ts';
import { refusalSentence } from '../words.ts';
import { modelsFolder } from './folder.ts';

export interface LibraryOptions {
  readonly backend: Backend;
  /** Absolute path of the folder that models go to where the user has chosen none. */
  readonly folder: string;
  readonly logger: Logger;
}

/** What a model is chosen for: the setting that has its path. */
export type ModelSetting = 'model.path' | 'completion.modelPath';

export class ModelLibrary implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #changed = this.#disposables.add(new Emitter<void>());
  /** What was read may not be so any more. */
  readonly onDidChange = this.#changed.event;
  #choices: Promise<Choices> | undefined;
  /** Asked once a window; anew where it could only be guessed, or for another backend or other GPUs. */
  #hardware: { readonly asked: string; readonly known: Promise<KnownHardware> } | undefined;
  /** By path and size: a file that is still as long has the same header. */
  readonly #headers = new Map<string, Promise<Reading>>();
  #settings = settingsKey();

  constructor(private readonly options: LibraryOptions) {
    this.#disposables.add(
      onDidChangeSettings(() => {
        const now = settingsKey();
        if (now === this.#settings) return;
        this.#settings = now;
        this.refresh();
      }),
    );
  }

  /** The same until something changes. Takes a second at first, for the engine is asked what the machine has. */
  choices(): Promise<Choices> {
    if (!this.#choices) {
      const reading = this.#read();
      this.#choices = reading;
      reading.catch(() => {
        if (this.#choices === reading) this.#choices = undefined;
      });
    }
    return this.#choices;
  }

  /** Files may have come or gone. */
  refresh(): void {
    this.#choices = undefined;
    this.#changed.fire();
  }

  /** Takes a file into use if its header is a model's; else says what is wrong with it. @param file absolute path */
  async use(file: string, setting: ModelSetting = 'model.path'): Promise<boolean> {
    const reading = await readHeader(file);
    const name = path.basename(file);
    if (reading.kind === 'refused') return this.#refuse(refusalSentence(reading.refusal, name), setting);
    if (!reading.header.chatTemplate && setting === 'model.path') return this.#refuse(refusalSentence({ why: 'not-chat' }, name), setting);
    await writeSetting(setting, file);
    return true;
  }

  /** The user shows a file. */
  async useFile(setting: ModelSetting = 'model.path'): Promise<boolean> {
    const title = setting === 'model.path' ? l10n.t('Choose a model file') : l10n.t('Choose a model file for completions');
    // Ollama's files have no ending.
    const filters = { 'GGUF': ['gguf'], [l10n.t('All files')]: ['*'] };
    const file = (await vscode.window.showOpenDialog({ title, openLabel: l10n.t('Use model'), filters }))?.[0];
    return file !== undefined && this.use(file.fsPath, setting);
  }

  /** The user shows a folder, to find models in and to download them to. */
  async chooseFolder(): Promise<boolean> {
    const folder = modelsFolder(this.options.folder);
    const chosen = (await vscode.window.showOpenDialog({ title: l10n.t('Models folder'), openLabel: l10n.t('Use folder'), canSelectFiles: false, canSelectFolders: true, defaultUri: vscode.Uri.file(folder) }))?.[0];
    if (!chosen) return false;
    await writeSetting('models.folder', chosen.fsPath === this.options.folder ? '' : chosen.fsPath);
    return true;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** Resolves at once: whoever asked need not wait until the user has read it. */
  #refuse(sentence: string, setting: ModelSetting): boolean {
    const other = l10n.t('Use a file…');
    const offer = async (): Promise<void> => {
      if ((await vscode.window.showErrorMessage(sentence, other)) === other) await this.useFile(setting);
    };
    void offer();
    return false;
  }

  async #read(): Promise<Choices> {
    const { folder: own, logger } = this.options;
    const folder = modelsFolder(own);
    const [known, found] = await Promise.all([this.#knownHardware(), findModels({ ponder: own, ...(folder === own ? {} : { folder }), env: process.env })]);
    if (known.guessed) logger.warn(`the engine does not say what the machine has: ${known.guessed.message}`);
    const gpuLayers = readSettings()['engine.gpuLayers'];
    return readChoices({ ...known, ...(gpuLayers === null ? {} : { gpuLayers }), folder, found, headerOf: (file) => this.#headerOf(file) });
  }

  async #knownHardware(): Promise<KnownHardware> {
    const { 'engine.gpu': gpu, 'engine.devices': devices } = readSettings();
    const asked = JSON.stringify([gpu, devices]);
    if (this.#hardware?.asked !== asked) this.#hardware = { asked, known: knownHardware(this.options.backend, gpu) };
    const latest = this.#hardware;
    const known = await latest.known;
    if (known.guessed && this.#hardware === latest) this.#hardware = undefined;
    return known;
  }

  #headerOf({ path: file, size }: FoundModel): Promise<Reading> {
    const key = `${String(size)} ${file}`;
    const reading = this.#headers.get(key) ?? readHeader(file);
    this.#headers.set(key, reading);
    return reading;
  }
}

/** What choices depend on. */
function settingsKey(): string {
  const settings = readSettings();
  return JSON.stringify([settings['models.folder'], settings['engine.gpu'], settings['engine.devices'], settings['engine.gpuLayers'], settings.enabled]);
}
