/** The CUDA backend: fetched where it is asked for, and removed again. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { isAbort, toPonderError, type PonderError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Backend } from '../../backends/backend.ts';
import { cudaVersions, findCudaRuntime } from '../backend-package/cuda-runtime.ts';
import { cudaPackages, install, libraryVersion, planInstall, remove, standing, type InstallPlan, type InstallProgress, type Standing } from '../backend-package/install.ts';
import { npmRegistry, usualPatience } from '../backend-package/registry.ts';
import { inBytes } from '../quantities.ts';

export interface CudaOptions {
  readonly backend: Backend;
  readonly logger: Logger;
  readonly showLog: () => void;
  /** Absolute path of the bundled engine. */
  readonly entry: string;
  /** Absolute path of the folder that the engine looks for binaries in. */
  readonly binaries: string;
  /** Address of the npm registry, without a slash at its end; absent: the public one. */
  readonly registry?: string;
}

const packages = cudaPackages(process.platform, process.arch);
const toolkit = 'https://developer.nvidia.com/cuda-downloads';

export function cudaSupported(): boolean {
  return packages.length > 0;
}

export async function cudaStanding({ entry, binaries }: CudaOptions): Promise<Standing> {
  return standing(binaries, await libraryVersion(entry), packages);
}

/** Resolves when it is installed and the user has been told, or when nothing comes of it. */
export async function installCuda(options: CudaOptions): Promise<void> {
  if (!cudaSupported()) {
    void vscode.window.showInformationMessage(l10n.t('There is no CUDA backend for this computer: it needs Windows or Linux on x64.'));
    return;
  }
  if ((await cudaStanding(options)).installed) return offerRestart(options, l10n.t('The CUDA backend is installed.'));
  if (!(await mayWork(options))) return;
  try {
    const plan = await describe(options);
    if (!(await confirmed(plan))) return;
    if (await fetchAll(plan, options)) await offerRestart(options, l10n.t('The CUDA backend is installed.'));
    else void vscode.window.showInformationMessage(l10n.t('Another window is installing the CUDA backend already.'));
  } catch (error) {
    if (isAbort(error)) return;
    void tellFailure(toPonderError(error), options);
  }
}

/** Also what an earlier version of Ponder has left. */
export async function removeCuda(options: CudaOptions): Promise<void> {
  const { installed, stale } = await cudaStanding(options);
  if (!installed && stale.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('The CUDA backend is not installed.'));
    return;
  }
  const whole = await remove(options.binaries);
  const restart = l10n.t('Restart engine');
  const said = whole ? l10n.t('The CUDA backend is removed.') : l10n.t('The CUDA backend is removed but for what the engine has open.');
  if ((await vscode.window.showInformationMessage(said, restart)) !== restart) return;
  await options.backend.restart();
  if (!whole) await remove(options.binaries);
}

/** After an update of Ponder the binaries of before are of no use. Said once in a window. */
export async function offerStaleCuda(options: CudaOptions): Promise<void> {
  const { installed, stale } = await cudaStanding(options);
  if (installed || stale.length === 0) return;
  const [update, drop] = [l10n.t('Update'), l10n.t('Remove')];
  const choice = await vscode.window.showInformationMessage(l10n.t('The CUDA backend that is installed belongs to another version of Ponder and is not used any more.'), update, drop);
  if (choice === update) await installCuda(options);
  if (choice === drop) await removeCuda(options);
}

/** Says what stands in the way of CUDA, as far as it can be told. */
async function mayWork({ backend, logger }: CudaOptions): Promise<boolean> {
  const [hardware, runtimes] = await Promise.all([backend.hardware('auto').catch(() => undefined), findCudaRuntime({ platform: process.platform, env: process.env })]);
  logger.info(`CUDA: NVIDIA GPU ${hardware?.nvidia === true ? 'found' : 'not found'}, runtimes found: ${runtimes.join(', ') || 'none'}`);
  const [anyway, website] = [l10n.t('Install anyway'), l10n.t('Open website')];
  if (hardware && hardware.nvidia !== true) {
    return (await vscode.window.showWarningMessage(l10n.t('No GPU of NVIDIA with its driver was found here. CUDA works with those alone.'), { modal: true }, anyway)) === anyway;
  }
  if (runtimes.length > 0) return true;
  const detail = l10n.t('CUDA also needs the CUDA runtime and cuBLAS of version {0} or {1}, which come with the CUDA Toolkit of NVIDIA. They were not found where they usually are.', ...cudaVersions);
  const choice = await vscode.window.showWarningMessage(l10n.t('The CUDA runtime was not found.'), { modal: true, detail }, website, anyway);
  if (choice === website) await vscode.env.openExternal(vscode.Uri.parse(toolkit));
  return choice === anyway;
}

async function describe({ entry, logger, registry = npmRegistry }: CudaOptions): Promise<InstallPlan> {
  const progress = { location: vscode.ProgressLocation.Notification, title: l10n.t('Asks for the packages of the CUDA backend'), cancellable: true };
  return vscode.window.withProgress(progress, async (_, token) =>
    planInstall(registry, packages, await libraryVersion(entry), { signal: signalOf(token), patience: usualPatience, log: (line) => logger.info(line) }),
  );
}

async function confirmed({ download, size }: InstallPlan): Promise<boolean> {
  const yes = l10n.t('Install');
  const detail = l10n.t('{0} are downloaded from the npm registry, compared with the hash that is published there, and take about {1} on disk.', inBytes(download), inBytes(size));
  return (await vscode.window.showInformationMessage(l10n.t('Install the CUDA backend?'), { modal: true, detail }, yes)) === yes;
}

async function fetchAll(plan: InstallPlan, { binaries, logger }: CudaOptions): Promise<boolean> {
  const progress = { location: vscode.ProgressLocation.Notification, title: l10n.t('Installing the CUDA backend'), cancellable: true };
  return vscode.window.withProgress(progress, async (shown, token) => {
    let before = 0;
    const onProgress = (now: InstallProgress): void => {
      const { done, total, stage } = now;
      // Unpacking is the last tenth.
      const percent = Math.floor((stage === 'fetching' ? 0.9 * done : 0.9 * total + 0.1 * done) / Math.max(1, total) * 100);
      if (percent === before) return;
      shown.report({ increment: percent - before, message: standingOf(now) });
      before = percent;
    };
    return install(plan, { folder: binaries, signal: signalOf(token), patience: usualPatience, log: (line) => logger.info(line), onProgress });
  });
}

function standingOf({ stage, done, total }: InstallProgress): string {
  return stage === 'fetching' ? l10n.t('{0} of {1}', inBytes(done), inBytes(total)) : l10n.t('Unpacks {0} of {1}', inBytes(done), inBytes(total));
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const aborter = new AbortController();
  token.onCancellationRequested(() => aborter.abort());
  return aborter.signal;
}

/** An engine looks for binaries as it starts; then it is asked what it got. */
async function offerRestart({ backend }: CudaOptions, sentence: string): Promise<void> {
  const restart = l10n.t('Restart engine');
  const choice = await vscode.window.showInformationMessage(l10n.t('{0} The engine uses it once it has been restarted, for all windows.', sentence), restart);
  if (choice !== restart) return;
  // What the chosen model says to that is its own matter.
  await backend.restart().catch(() => undefined);
  const hardware = await backend.hardware('cuda').catch(() => undefined);
  if (hardware) void vscode.window.showInformationMessage(l10n.t('CUDA is available: {0}.', hardware.gpus.map(({ name }) => name).join(', ')));
  else void vscode.window.showWarningMessage(l10n.t('The CUDA backend is installed, but it does not start here: the driver or the CUDA runtime is missing or too old. Ponder goes on with another backend.'));
}

async function tellFailure(error: PonderError, options: CudaOptions): Promise<void> {
  options.logger.error(`CUDA could not be installed: ${error.code}: ${error.message}`);
  const [retry, log] = [l10n.t('Retry'), l10n.t('Show log')];
  const choice = await vscode.window.showErrorMessage(failure(error), retry, log);
  if (choice === retry) await installCuda(options);
  if (choice === log) options.showLog();
}

function failure({ code, message, data }: PonderError): string {
  switch (code) {
    case 'download-missing':
      return l10n.t('The npm registry has no CUDA backend for this version of Ponder.');
    case 'download-damaged':
      return l10n.t('What arrived is not what the npm registry publishes. Nothing of it was kept.');
    case 'download-refused':
    case 'download-failed':
      return l10n.t('The CUDA backend could not be fetched from {0}. Nothing of it was kept.', String(data['host'] ?? npmRegistry));
    case 'disk-full':
      return typeof data['needed'] === 'number' && typeof data['free'] === 'number'
        ? l10n.t('The CUDA backend needs {0} on disk while it is installed, and {1} are free in {2}.', inBytes(data['needed']), inBytes(data['free']), String(data['path']))
        : l10n.t('The disk is full');
    default:
      return l10n.t('The CUDA backend could not be installed: {0}', message);
  }
}
