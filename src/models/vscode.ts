/** The door of the models room: choosing, loading and downloading models, and what the status bar says of them. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import type { Disposable } from '../base/disposable.ts';
import type { LogLine } from '../base/recent-log.ts';
import { setContextKey, type CommandTable } from '../host/commands.ts';
import { contextKeys } from '../host/manifest.ts';
import { onDidChangeSettings, readSettings, type Settings } from '../host/settings.ts';
import type { Correction, Corrections } from './corrections.ts';
import type { Purpose } from './entries.ts';
import type { StatusView } from './status-words.ts';
import type { CudaOptions } from './vscode/cuda.ts';
import type { Downloads, DownloadsOptions } from './vscode/downloads.ts';
import type { FirstRun } from './vscode/first-run.ts';
import { modelsFolder } from './vscode/folder.ts';
import type { ModelLibrary } from './vscode/library.ts';
import { loadParams, modelParams, type LoadFolders } from './vscode/load-params.ts';
import { StatusItem } from './vscode/status-item.ts';

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
  /** True when a model was chosen. */
  readonly choose: () => Promise<boolean>;
  /** What is shown where no model is chosen; made when first asked for. */
  readonly firstRun: () => Promise<FirstRun>;
  /** For the status bar; may be called for every key. */
  readonly showCompletions: (view: StatusView) => void;
}

export interface ModelsOptions extends Omit<DownloadsOptions, 'choose' | 'onStates'>, LoadFolders, CudaOptions {
  readonly backend: Backend;
  /** Of the extension, which is called so. */
  readonly version: string;
  readonly extension: string;
  /** Warnings and errors of late. */
  readonly recent: () => readonly LogLine[];
  /** Speed of the last answer; undefined: there is none. */
  readonly tokensPerSecond: () => number | undefined;
}

/** After a start, ms: so long nobody looks for downloads that were left unfinished. */
const lookAfter = 2000;

/** Keeps the backend's model what the settings say. Nothing is loaded, and none of the room's parts made, before it is used. */
export function register(options: ModelsOptions): Models {
  const { backend, logger } = options;
  const item = new StatusItem(backend);
  let disposed = false;
  const use = (settings: Settings, corrections: readonly Correction[]): void => {
    backend.useModel(loadParams(settings, options, corrections));
    backend.useInfillModel(modelParams(settings, settings['completion.modelPath'], options));
  };
  const apply = (): void => {
    const settings = readSettings();
    backend.setEnabled(settings.enabled);
    backend.setUnloadAfter(settings['models.unloadAfter']);
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
  const firstLoad = backend.onDidChangeState(({ kind }) => {
    if (kind !== 'ready') return;
    firstLoad.dispose();
    void import('./vscode/cuda.ts').then(({ offerStaleCuda }) => offerStaleCuda(options)).catch((error: unknown) => logger.warn(`CUDA backend: ${String(error)}`));
  });

  let madeDownloads: Promise<Downloads> | undefined;
  let madeLibrary: Promise<ModelLibrary> | undefined;
  let madeFirstRun: Promise<FirstRun> | undefined;
  const downloads = (): Promise<Downloads> =>
    (madeDownloads ??= import('./vscode/downloads.ts').then((module) => new module.Downloads({ ...options, choose: chooseDownload, onStates: (all) => item.showDownloads(all) })));
  const library = (): Promise<ModelLibrary> => (madeLibrary ??= import('./vscode/library.ts').then((module) => new module.ModelLibrary(options)));
  const firstRun = (): Promise<FirstRun> =>
    (madeFirstRun ??= Promise.all([import('./vscode/first-run.ts'), library(), downloads()]).then(([module, here, got]) => new module.FirstRun({ ...options, library: here, downloads: got })));
  const chooseModel = async (purpose: Purpose): Promise<boolean> => (await import('./vscode/chooser.ts')).chooseModel({ library: await library(), downloads }, purpose);
  const chooseDownload = async (): Promise<void> => (await import('./vscode/chooser.ts')).chooseDownload({ library: await library(), downloads });
  const underWay = async (): Promise<Downloads['all']> => (await madeDownloads)?.all ?? [];
  const look = setTimeout(() => void restoreDownloads(options, downloads), lookAfter);

  return {
    choose: () => chooseModel('chat'),
    firstRun,
    showCompletions: (view) => item.showCompletions(view),
    commands: {
      'ponder.chooseModel': () => chooseModel('chat'),
      'ponder.chooseCompletionModel': () => chooseModel('completion'),
      'ponder.unloadModel': async () => (await import('./vscode/power.ts')).unloadModel(backend),
      'ponder.showSnapshots': async () => (await import('./vscode/snapshots.ts')).showSnapshots(backend, options.snapshots),
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
      'ponder.showMenu': async () =>
        (await import('./vscode/menu.ts')).showMenu({ backend, downloads: await underWay(), completions: item.completions, tokensPerSecond: options.tokensPerSecond() }),
      'ponder.diagnose': async () => (await import('./vscode/diagnose.ts')).diagnose({ ...options, downloads: await underWay() }),
      'ponder.openWalkthrough': async () => (await import('./vscode/walkthrough.ts')).openWalkthrough(options.extension),
    },
    dispose: () => {
      disposed = true;
      clearTimeout(look);
      for (const made of [madeFirstRun, madeLibrary, madeDownloads]) void made?.then((each) => each.dispose());
      settings.dispose();
      firstLoad.dispose();
      item.dispose();
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
