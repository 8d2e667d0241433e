/** Choosing backend, GPUs and layers. Imported when first needed. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { toPonderError } from '../../base/errors.ts';
import { readSettings, writeSetting } from '../../host/settings.ts';
import type { GpuBackend, Hardware } from '../../protocol/engine.ts';
import { backendChoices, backendName, backendsOf, gpuChoices, offersCuda, parseLayers, pickedDevices, type Asked } from '../gpu-choices.ts';
import { cudaStanding, cudaSupported, installCuda, removeCuda, type CudaOptions } from './cuda.ts';

type Item = vscode.QuickPickItem & { readonly run?: () => Promise<boolean> };

/** A menu of what there is; what is chosen goes into the settings. */
export async function chooseGpu(options: CudaOptions): Promise<void> {
  const { backend } = options;
  const title = l10n.t('What computes the answers?');
  const loaded = backend.state.kind === 'ready' ? backend.state.model : undefined;
  const [asked, { installed, stale }] = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: l10n.t('Looks at the hardware…') }, () =>
    Promise.all([askAll(options), cudaStanding(options)]),
  );
  const settings = readSettings();
  const now = asked.find(({ gpu }) => gpu === settings['engine.gpu'])?.got;
  const items: Item[] = [
    ...backendChoices(asked, settings['engine.gpu'], installed).map(({ gpu, label, description, available, chosen }) => ({
      label: `$(${chosen ? 'check' : available ? 'blank' : 'circle-slash'}) ${label}`,
      description,
      run: () => (gpu === 'cuda' && !available && !installed ? offerCuda(options) : chooseBackend(gpu, available)),
    })),
    ...(now && 'backend' in now ? gpuItems(now) : []),
    { label: `$(layers) ${l10n.t('Layers on the GPU')}`, description: layersNow(settings['engine.gpuLayers'], loaded?.layers), run: () => chooseLayers(loaded?.layers) },
    ...cudaItems(options, asked, installed, stale.length > 0),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (!chosen?.run || !(await chosen.run())) return;
  const load = l10n.t('Load now');
  const said = loaded ? l10n.t('This takes effect when the model is loaded again.') : l10n.t('This takes effect when a model is loaded.');
  if ((await vscode.window.showInformationMessage(said, ...(backend.state.kind === 'missing' ? [] : [load]))) === load) await backend.ensureReady();
}

/** One after another: each loads libraries into the engine. */
async function askAll({ backend }: CudaOptions): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const gpu of backendsOf(process.platform, process.arch)) asked.push({ gpu, got: await backend.hardware(gpu).catch(toPonderError) });
  return asked;
}

async function offerCuda(options: CudaOptions): Promise<boolean> {
  await installCuda(options);
  return false;
}

async function chooseBackend(gpu: GpuBackend, available: boolean): Promise<boolean> {
  const anyway = l10n.t('Choose it anyway');
  if (!available && (await vscode.window.showWarningMessage(l10n.t('{0} is not available here. Nothing can be loaded with it.', backendName(gpu)), anyway)) !== anyway) return false;
  if (readSettings()['engine.gpu'] === gpu) return false;
  // The numbers of GPUs are those of a backend.
  if (readSettings()['engine.devices']) await writeSetting('engine.devices', undefined);
  await writeSetting('engine.gpu', gpu === 'auto' ? undefined : gpu);
  return true;
}

function gpuItems(hardware: Hardware): Item[] {
  const devices = readSettings()['engine.devices'];
  const choices = gpuChoices(hardware, devices);
  if (choices.length === 0) return [];
  return [{ label: `$(circuit-board) ${l10n.t('GPUs')}`, description: devices ? devices.join(', ') : l10n.t('all'), run: () => chooseDevices(hardware) }];
}

async function chooseDevices(hardware: Hardware): Promise<boolean> {
  const before = readSettings()['engine.devices'];
  const choices = gpuChoices(hardware, before);
  const picked = await vscode.window.showQuickPick(choices.map((choice) => ({ ...choice })), { title: l10n.t('Which GPUs are used?'), canPickMany: true, placeHolder: l10n.t('None chosen: all of them') });
  if (!picked) return false;
  const byItself = before === null ? choices.filter((choice) => choice.picked).map(({ number }) => number) : choices.map(({ number }) => number);
  const devices = pickedDevices(choices, picked.map(({ number }) => number), byItself);
  if (JSON.stringify(devices) === JSON.stringify(before)) return false;
  await writeSetting('engine.devices', devices ?? undefined);
  return true;
}

function layersNow(layers: number | null, ofModel: number | undefined): string {
  if (layers === null) return l10n.t('as many as fit');
  return ofModel === undefined ? String(layers) : l10n.t('{0} of {1}', layers, ofModel);
}

async function chooseLayers(ofModel: number | undefined): Promise<boolean> {
  const before = readSettings()['engine.gpuLayers'];
  const written = await vscode.window.showInputBox({
    title: l10n.t('Layers on the GPU'),
    prompt: ofModel === undefined ? l10n.t('Empty: as many as fit. 0: none.') : l10n.t('Empty: as many as fit. 0: none. The model has {0}.', ofModel),
    value: before === null ? '' : String(before),
    validateInput: (text) => {
      const layers = parseLayers(text, ofModel);
      return typeof layers === 'string' ? layers : undefined;
    },
  });
  const layers = written === undefined ? '' : parseLayers(written, ofModel);
  if (typeof layers === 'string' || layers === before) return false;
  await writeSetting('engine.gpuLayers', layers ?? undefined);
  return true;
}

function cudaItems(options: CudaOptions, asked: readonly Asked[], installed: boolean, stale: boolean): Item[] {
  const items: Item[] = [];
  if (offersCuda(asked, cudaSupported(), installed)) items.push({ label: `$(cloud-download) ${l10n.t('Install the CUDA backend…')}`, description: l10n.t('the fastest on a GPU of NVIDIA'), run: () => offerCuda(options) });
  const drop = async (): Promise<boolean> => {
    await removeCuda(options);
    return false;
  };
  if (installed || stale) items.push({ label: `$(trash) ${l10n.t('Remove the CUDA backend')}`, run: drop });
  return items;
}
