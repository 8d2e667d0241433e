/** The models that there are for this machine: to download, and here already. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { Backend } from '../../backends/backend.ts';
import { onDidChangeSettings, readSettings, writeSetting } from '../../host/settings.ts';
import type { Hardware } from '../../protocol/engine.ts';
import { catalogue, modelNamed, sizeOfFile } from '../catalogue/catalogue.ts';
import type { CatalogueFile, CatalogueModel } from '../catalogue/schema.ts';
import type { Choices, OfferedFile } from '../choices.ts';
import { fit } from '../fit/fit.ts';
import type { Machine } from '../fit/machine.ts';
import { recommend } from '../fit/recommend.ts';
import { catalogueModel } from '../fit/shape.ts';
import { findModels } from '../found/places.ts';
import { modelsFolder } from './folder.ts';

export interface LibraryOptions {
  readonly backend: Backend;
  /** Absolute path of the folder that models go to where the user has chosen none. */
  readonly folder: string;
}

export class ModelLibrary implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #settings = onDidChangeSettings(() => this.#changed.fire());

  constructor(private readonly options: LibraryOptions) {}

  /** @throws PonderError where the machine cannot be asked */
  async choices(): Promise<Choices> {
    const [hardware, here] = await Promise.all([this.options.backend.hardware(readSettings()['engine.gpu']), findModels({ ponder: modelsFolder(this.options.folder), env: process.env })]);
    const machine = machineOf(hardware);
    const { models } = catalogue();
    return {
      hardware,
      recommendation: recommend({ models }, machine),
      offered: models.map((model) => ({ model, files: model.files.flatMap((file) => offer(model, file, machine)) })),
      found: here.map((file) => {
        const model = modelNamed({ path: file.path, name: file.name });
        const [least] = model?.files ?? [];
        return { file, ...(model && least ? { model, fit: fit(catalogueModel(model, least), machine) } : {}) };
      }),
    };
  }

  async use(path: string): Promise<boolean> {
    await writeSetting('model.path', path);
    return true;
  }

  async useFile(): Promise<boolean> {
    const chosen = await vscode.window.showOpenDialog({ title: l10n.t('Choose a model file'), openLabel: l10n.t('Use model'), filters: { 'GGUF': ['gguf'] } });
    return chosen?.[0] ? this.use(chosen[0].fsPath) : false;
  }

  dispose(): void {
    this.#settings.dispose();
    this.#changed.dispose();
  }
}

function offer(model: CatalogueModel, file: CatalogueFile, machine: Machine): OfferedFile[] {
  const [first] = file.parts;
  return first ? [{ quantisation: file.quantisation, ...sizeOfFile(file), fit: fit(catalogueModel(model, file), machine), wanted: { id: model.id, name: model.name, repositories: model.repositories, path: first.path } }] : [];
}

function machineOf({ backend, gpus, vram, ram, cores, unified }: Hardware): Machine {
  return { ramBytes: ram.total, vramBytes: gpus.map(() => vram.total / gpus.length), unified, physicalCores: cores.physical, backend };
}
