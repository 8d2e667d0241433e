/** The door of the models room: choosing a model file, and the settings that say how it is loaded. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { setContextKey, type CommandTable } from '../host/commands.ts';
import { contextKeys } from '../host/manifest.ts';
import { onDidChangeSettings, readSettings, writeSetting, type Settings } from '../host/settings.ts';
import type { Disposable } from '../base/disposable.ts';
import type { LogLine } from '../base/recent-log.ts';
import type { Backend } from '../backends/backend.ts';
import type { LoadParams, ModelParams } from '../protocol/engine.ts';
import type { Correction, Corrections } from './corrections.ts';
import { loadProfile } from './load-profile.ts';
import type { Downloads, DownloadsOptions } from './vscode/downloads.ts';
import type { FirstRun } from './vscode/first-run.ts';
import { modelsFolder } from './vscode/folder.ts';
import type { ModelLibrary } from './vscode/library.ts';
import { StatusItem } from './vscode/status-item.ts';
import type { StatusView } from './status-words.ts';

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
  /** Made when first asked for, too. */
  readonly library: () => Promise<ModelLibrary>;
  /** What is shown where no model is chosen; made when first asked for. */
  readonly firstRun: () => Promise<FirstRun>;
  /** For the status bar; may be called for every key. */
  readonly showCompletions: (view: StatusView) => void;
}

/** What downloads need, and what the menu is told by other rooms. */
export interface ModelsOptions extends Omit<DownloadsOptions, 'onStates'> {
  /** Of the extension, which is called so. */
  readonly version: string;
  readonly extension: string;
  /** Warnings and errors of late. */
  readonly recent: () => readonly LogLine[];
  /** Whether the CUDA backend is installed, in words. */
  readonly cuda: () => Promise<string>;
  /** Speed of the last answer; undefined: there is none. */
  readonly tokensPerSecond: () => number | undefined;
}

/** After a start, ms: so long nobody looks for downloads that were left unfinished. */
const lookAfter = 2000;

/**
 * Keeps the backend's model what the settings say. Nothing is loaded before it is used.
 * @param snapshots absolute path of the folder that snapshots of the KV cache are kept in
 */
export function register(backend: Backend, snapshots: string, options: ModelsOptions): Models {
  const item = new StatusItem(backend);
  const downloadsOptions: DownloadsOptions = { ...options, onStates: (all) => item.showDownloads(all) };
  const use = (settings: Settings, corrections: readonly Correction[]): void => {
    backend.useModel(loadParams(settings, snapshots, corrections));
    backend.useInfillModel(modelParams(settings, settings['completion.modelPath']));
  };
  let disposed = false;
  const apply = (): void => {
    const settings = readSettings();
    setContextKey(contextKeys.hasModel, settings['model.path'] !== '');
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
  let made: Promise<Downloads> | undefined;
  const downloads = (): Promise<Downloads> => (made ??= import('./vscode/downloads.ts').then((module) => new module.Downloads(downloadsOptions)));
  let madeLibrary: Promise<ModelLibrary> | undefined;
  const library = (): Promise<ModelLibrary> => (madeLibrary ??= import('./vscode/library.ts').then((module) => new module.ModelLibrary({ backend, folder: downloadsOptions.folder })));
  let madeFirstRun: Promise<FirstRun> | undefined;
  const firstRun = (): Promise<FirstRun> =>
    (madeFirstRun ??= Promise.all([import('./vscode/first-run.ts'), library(), downloads()]).then(([module, here, got]) => new module.FirstRun({ ...downloadsOptions, library: here, downloads: got })));
  const look = setTimeout(() => void restoreDownloads(downloadsOptions, downloads), lookAfter);
  const choose = (): Promise<boolean> => chooseFile('model.path', l10n.t('Choose a model file'));
  return {
    choose,
    downloads,
    library,
    firstRun,
    showCompletions: (view) => item.showCompletions(view),
    commands: {
      'ponder.chooseModel': choose,
      'ponder.chooseCompletionModel': () => chooseFile('completion.modelPath', l10n.t('Choose a model file for completions')),
      'ponder.unloadModel': () => backend.unload(),
      'ponder.showSnapshots': () => showSnapshots(backend, snapshots),
      'ponder.restartEngine': async () => {
        const progress = { location: vscode.ProgressLocation.Window, title: l10n.t('Restarting the engine…') };
        await vscode.window.withProgress(progress, () => backend.restart());
      },
      'ponder.downloadModel': async (wanted) => (await downloads()).download(wanted),
      'ponder.showDownloads': async () => (await downloads()).show(),
      'ponder.setHubToken': async () => (await downloads()).setToken(),
      'ponder.forgetHubToken': async () => (await downloads()).forgetToken(),
      'ponder.installCuda': async () => (await import('./vscode/cuda.ts')).installCuda(),
      'ponder.removeCuda': async () => (await import('./vscode/cuda.ts')).removeCuda(),
      'ponder.chooseGpu': async () => (await import('./vscode/gpus.ts')).chooseGpu(),
      'ponder.measureThreads': async () => (await import('./vscode/threads.ts')).measureThreads(),
      'ponder.useModelFile': async () => (await import('./vscode/chooser.ts')).useModelFile(),
      'ponder.loadModel': async () => (await import('./vscode/power.ts')).loadModel(),
      'ponder.togglePonder': async () => (await import('./vscode/power.ts')).togglePonder(),
      'ponder.showMenu': async () => (await import('./vscode/menu.ts')).showMenu({ backend, downloads: (await made)?.all ?? [], completions: item.completions, tokensPerSecond: options.tokensPerSecond() }),
      'ponder.diagnose': async () => (await import('./vscode/diagnose.ts')).diagnose({ ...options, backend, downloads: (await made)?.all ?? [] }),
      'ponder.openWalkthrough': async () => (await import('./vscode/walkthrough.ts')).openWalkthrough(options.extension),
    },
    dispose: () => {
      disposed = true;
      clearTimeout(look);
      for (const each of [madeFirstRun, madeLibrary, made]) void each?.then((one) => one.dispose());
      settings.dispose();
      item.dispose();
    },
  };
}

/** Shows what an earlier session has left, if there is anything. */
async function restoreDownloads({ folder, logger }: DownloadsOptions, downloads: () => Promise<Downloads>): Promise<void> {
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

async function chooseFile(key: 'model.path' | 'completion.modelPath', title: string): Promise<boolean> {
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: l10n.t('Use model'), filters: { 'GGUF': ['gguf'] } });
  const file = chosen?.[0];
  if (!file) return false;
  await writeSetting(key, file.fsPath);
  return true;
}

function loadParams(settings: Settings, folder: string, corrections: readonly Correction[]): LoadParams | undefined {
  const model = modelParams(settings, settings['model.path']);
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
function modelParams(settings: Settings, modelPath: string): ModelParams | undefined {
  if (modelPath === '') return undefined;
  const gpuLayers = settings['engine.gpuLayers'];
  const threads = settings['engine.threads'];
  return {
    modelPath,
    gpu: settings['engine.gpu'],
    ...(gpuLayers === null ? {} : { gpuLayers }),
    ...(threads === null ? {} : { threads }),
  };
}
