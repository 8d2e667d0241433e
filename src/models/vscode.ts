/** The door of the models room: choosing a model file, and the settings that say how it is loaded. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandTable } from '../host/commands.ts';
import { onDidChangeSettings, readSettings, type Settings } from '../host/settings.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Backend } from '../backends/backend.ts';
import type { LoadParams, ModelParams } from '../protocol/engine.ts';
import type { Correction, Corrections } from './corrections.ts';
import type { Purpose } from './entries.ts';
import { loadProfile } from './load-profile.ts';
import type { Downloads, DownloadsOptions } from './vscode/downloads.ts';
import { modelsFolder } from './vscode/folder.ts';
import type { ModelLibrary } from './vscode/library.ts';

export type ModelCommand =
  | 'ponder.chooseModel'
  | 'ponder.chooseCompletionModel'
  | 'ponder.unloadModel'
  | 'ponder.restartEngine'
  | 'ponder.showSnapshots'
  | 'ponder.downloadModel'
  | 'ponder.showDownloads'
  | 'ponder.setHubToken'
  | 'ponder.forgetHubToken'
  | 'ponder.installCuda'
  | 'ponder.removeCuda'
  | 'ponder.chooseGpu'
  | 'ponder.measureThreads'
  | 'ponder.useModelFile'
  | 'ponder.loadModel'
  | 'ponder.togglePonder'
  | 'ponder.showMenu'
  | 'ponder.diagnose'
  | 'ponder.openWalkthrough';

export interface Models extends Disposable {
  readonly commands: Pick<CommandTable, ModelCommand>;
  /** True when a file was chosen. */
  readonly choose: () => Promise<boolean>;
  /** Made when first asked for. */
  readonly downloads: () => Promise<Downloads>;
  readonly library: () => Promise<ModelLibrary>;
}

/** After a start, ms: so long nobody looks for downloads that were left unfinished. */
const lookAfter = 2000;

export interface ModelsOptions extends Omit<DownloadsOptions, 'choose'> {
  readonly backend: Backend;
  /** Absolute paths of folders: for snapshots of the KV cache, for what is measured of threads, and for binaries that did not ship. */
  readonly snapshots: string;
  readonly tuning: string;
  readonly binaries: string;
  /** Absolute path of the bundled engine. */
  readonly entry: string;
}

/** Keeps the backend's model what the settings say. Nothing is loaded before it is used. */
export function register(options: ModelsOptions): Models {
  const { backend, snapshots, tuning } = options;
  const use = (settings: Settings, corrections: readonly Correction[]): void => {
    backend.useModel(loadParams(settings, snapshots, tuning, corrections));
    backend.useInfillModel(modelParams(settings, settings['completion.modelPath'], tuning));
  };
  let disposed = false;
  const apply = (): void => {
    const settings = readSettings();
    backend.setEnabled(settings.enabled);
    backend.setUnloadAfter(settings['models.unloadAfter']);
    if (isNothing(settings['models.profiles'])) use(settings, []);
    else
      void import('./corrections.ts').then(({ readCorrections }) => {
        const now = readSettings();
        const read = readCorrections(now['models.profiles']);
        warnOf(read);
        if (!disposed) use(now, read.corrections);
      });
  };
  apply();
  const settings = onDidChangeSettings(apply);
  const firstLoad = backend.onDidChangeState(({ kind }) => {
    if (kind !== 'ready') return;
    firstLoad.dispose();
    void import('./vscode/cuda.ts').then(({ offerStaleCuda }) => offerStaleCuda(options)).catch((error: unknown) => options.logger.warn(`CUDA backend: ${String(error)}`));
  });
  let made: Promise<Downloads> | undefined;
  const downloads = (): Promise<Downloads> => (made ??= import('./vscode/downloads.ts').then((module) => new module.Downloads({ ...options, choose: chooseDownload })));
  let madeLibrary: Promise<ModelLibrary> | undefined;
  const { folder, logger } = options;
  const library = (): Promise<ModelLibrary> => (madeLibrary ??= import('./vscode/library.ts').then((module) => new module.ModelLibrary({ backend, folder, logger })));
  const chooser = async (purpose: Purpose): Promise<boolean> => (await import('./vscode/chooser.ts')).chooseModel({ library: await library(), downloads }, purpose);
  const chooseDownload = async (): Promise<void> => (await import('./vscode/chooser.ts')).chooseDownload({ library: await library(), downloads });
  const look = setTimeout(() => void restoreDownloads(options, downloads), lookAfter);
  const choose = (): Promise<boolean> => chooser('chat');
  return {
    choose,
    downloads,
    library,
    commands: {
      'ponder.chooseModel': choose,
      'ponder.chooseCompletionModel': () => chooser('completion'),
      'ponder.unloadModel': async () => (await import('./vscode/power.ts')).unloadModel(backend),
      'ponder.showSnapshots': () => showSnapshots(backend, snapshots),
      'ponder.restartEngine': async () => {
        const progress = { location: vscode.ProgressLocation.Window, title: l10n.t('Restarting the engine…') };
        await vscode.window.withProgress(progress, () => backend.restart());
      },
      'ponder.downloadModel': async (wanted) => (await downloads()).download(wanted),
      'ponder.showDownloads': async () => (await downloads()).show(),
      'ponder.setHubToken': async () => (await downloads()).setToken(),
      'ponder.forgetHubToken': async () => (await downloads()).forgetToken(),
      'ponder.installCuda': async () => (await import('./vscode/cuda.ts')).installCuda(options),
      'ponder.removeCuda': async () => (await import('./vscode/cuda.ts')).removeCuda(options),
      'ponder.chooseGpu': async () => (await import('./vscode/gpus.ts')).chooseGpu(options),
      'ponder.measureThreads': async () => (await import('./vscode/threads.ts')).measureThreads(backend),
      'ponder.useModelFile': async () => (await library()).useFile(),
      'ponder.loadModel': async () => (await import('./vscode/power.ts')).loadModel(backend),
      'ponder.togglePonder': async () => (await import('./vscode/power.ts')).togglePonder(),
      'ponder.showMenu': async () => (await import('./vscode/menu.ts')).showMenu(),
      'ponder.diagnose': async () => (await import('./vscode/diagnose.ts')).diagnose(),
      'ponder.openWalkthrough': async () => (await import('./vscode/walkthrough.ts')).openWalkthrough(),
    },
    dispose: () => {
      disposed = true;
      clearTimeout(look);
      void made?.then((each) => each.dispose());
      void madeLibrary?.then((each) => each.dispose());
      settings.dispose();
      firstLoad.dispose();
    },
  };
}

/** Shows what an earlier session has left, if there is anything. */
async function restoreDownloads({ folder, logger }: Pick<DownloadsOptions, 'folder' | 'logger'>, downloads: () => Promise<Downloads>): Promise<void> {
  try {
    const { unfinishedIn } = await import('./download/record.ts');
    if ((await unfinishedIn(modelsFolder(folder))).length > 0) await (await downloads()).restore();
  } catch (error) {
    logger.warn(`unfinished downloads: ${String(error)}`);
  }
}

/** Says what they take, and offers to clear them. */
async function showSnapshots(backend: Backend, folder: string): Promise<void> {
  const { files, bytes } = await backend.snapshots(folder);
  if (files === 0) {
    void vscode.window.showInformationMessage(l10n.t('There are no snapshots of the KV cache.'));
    return;
  }
  const clear = l10n.t('Clear');
  const size = bytes < 1e9 ? l10n.t('{0} MB', (bytes / 1e6).toFixed(1)) : l10n.t('{0} GB', (bytes / 1e9).toFixed(1));
  const choice = await vscode.window.showInformationMessage(l10n.t('Snapshots of the KV cache: {0}, {1} together.', files, size), clear);
  if (choice !== clear) return;
  await backend.clearSnapshots(folder);
  void vscode.window.showInformationMessage(l10n.t('The snapshots are cleared. What the model has in memory stays.'));
}

function loadParams(settings: Settings, folder: string, tuning: string, corrections: readonly Correction[]): LoadParams | undefined {
  const model = modelParams(settings, settings['model.path'], tuning);
  const kvType = settings['model.kvCache'];
  const profile = model && loadProfile(model.modelPath, corrections);
  const limit = Math.round(settings['snapshots.maxSize'] * 1e9);
  return (
    model && {
      ...model,
      contextSize: settings['model.contextSize'],
      ...(kvType === 'auto' ? {} : { kvType }),
      ...(profile === undefined ? {} : { profile }),
      ...(settings['snapshots.enabled'] && limit > 0 ? { snapshots: { folder, limit } } : {}),
    }
  );
}

/** Profiles that have been complained of, so that it is done once. */
let complained = '';

/** A mistake in one entry does not take the others along. */
function warnOf({ invalid }: Corrections): void {
  const names = invalid.map(({ pattern, problem }) => `"${pattern}" (${problem})`).join(', ');
  if (names !== '' && names !== complained) void vscode.window.showWarningMessage(l10n.t('Entries of ponder.models.profiles are left out: {0}.', names));
  complained = names;
}

function isNothing(profiles: unknown): boolean {
  return typeof profiles !== 'object' || profiles === null || Object.keys(profiles).length === 0;
}

/** Undefined where no file is chosen. */
function modelParams(settings: Settings, modelPath: string, tuning: string): ModelParams | undefined {
  if (modelPath === '') return undefined;
  const gpuLayers = settings['engine.gpuLayers'];
  const threads = settings['engine.threads'];
  const devices = settings['engine.devices'];
  return {
    modelPath,
    gpu: settings['engine.gpu'],
    ...(gpuLayers === null ? {} : { gpuLayers }),
    ...(threads === null ? {} : { threads }),
    ...(devices === null ? {} : { devices: [...devices] }),
    tuning,
  };
}
