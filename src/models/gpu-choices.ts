/** What there is to choose from to compute with, in words. Pure. */
import * as l10n from '@vscode/l10n';
import type { PonderError } from '../base/errors.ts';
import type { GpuBackend, Hardware } from '../protocol/engine.ts';
import { inBytes } from './quantities.ts';

/** What came of asking for a backend. */
export interface Asked {
  readonly gpu: GpuBackend;
  readonly got: Hardware | PonderError;
}

export interface BackendChoice {
  readonly gpu: GpuBackend;
  readonly label: string;
  /** What is obtained, or why nothing is. */
  readonly description: string;
  readonly available: boolean;
  readonly chosen: boolean;
}

export interface GpuChoice {
  /** In the backend's order. */
  readonly number: number;
  readonly label: string;
  readonly picked: boolean;
}

/** Those that the platform's binaries can be had for, `auto` first. */
export function backendsOf(platform: NodeJS.Platform, arch: string): readonly GpuBackend[] {
  if (platform === 'darwin') return arch === 'arm64' ? ['auto', 'metal', 'cpu'] : ['auto', 'cpu'];
  return arch === 'x64' ? ['auto', 'cuda', 'vulkan', 'cpu'] : ['auto', 'cpu'];
}

export function backendName(gpu: GpuBackend): string {
  return gpu === 'auto' ? l10n.t('Automatic') : { cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal', cpu: 'CPU' }[gpu];
}

/** @param cudaInstalled whether the binaries of CUDA were fetched */
export function backendChoices(asked: readonly Asked[], chosen: GpuBackend, cudaInstalled: boolean): BackendChoice[] {
  return asked.map(({ gpu, got }) => ({
    gpu,
    label: backendName(gpu),
    description: 'backend' in got ? obtained(gpu, got) : missing(gpu, cudaInstalled),
    available: 'backend' in got,
    chosen: gpu === chosen,
  }));
}

function obtained(gpu: GpuBackend, { backend, gpus, vram }: Hardware): string {
  const names = gpus.filter(({ used }) => used !== false).map(({ name }) => name).join(', ');
  const what = backend === 'cpu' || names === '' ? '' : vram.total > 0 ? `${names}, ${inBytes(vram.total)}` : names;
  if (gpu !== 'auto') return backend === 'cpu' ? l10n.t('always available') : what;
  return what === '' ? l10n.t('takes {0} here', backendName(backend)) : l10n.t('takes {0} here: {1}', backendName(backend), what);
}

function missing(gpu: GpuBackend, cudaInstalled: boolean): string {
  if (gpu === 'cuda') return cudaInstalled ? l10n.t('installed, but it does not start: the driver or the CUDA runtime is missing or too old') : l10n.t('not installed');
  if (gpu === 'vulkan') return l10n.t('not available: there is no GPU with a Vulkan driver');
  return l10n.t('not available on this computer');
}

/**
 * Whether to offer CUDA: a GPU of NVIDIA is there, and something slower would be used.
 * @param supported whether there are binaries of CUDA for the platform
 */
export function offersCuda(asked: readonly Asked[], supported: boolean, cudaInstalled: boolean): boolean {
  if (!supported || cudaInstalled) return false;
  const known = asked.flatMap(({ got }) => ('backend' in got ? [got] : []));
  return known.some(({ nvidia }) => nvidia === true) && !known.some(({ backend }) => backend === 'cuda');
}

/** The GPUs of a backend; none where there is no choice. */
export function gpuChoices({ gpus }: Hardware, devices: readonly number[] | null): GpuChoice[] {
  if (gpus.length < 2 && devices === null) return [];
  return gpus.map(({ name, used }, number) => ({ number, label: l10n.t('{0}: {1}', number, name), picked: devices ? devices.includes(number) : used !== false }));
}

/** What the setting becomes: all that are used anyway is no choice. */
export function pickedDevices(choices: readonly GpuChoice[], picked: readonly number[], byItself: readonly number[]): number[] | null {
  const numbers = choices.map(({ number }) => number).filter((number) => picked.includes(number));
  const same = numbers.length === byItself.length && numbers.every((number) => byItself.includes(number));
  return numbers.length === 0 || same ? null : numbers;
}

/**
 * Layers as the user writes them; empty: as many as fit.
 * @param layers of the model, where it is known
 * @returns the number, null for as many as fit, or what is wrong
 */
export function parseLayers(text: string, layers: number | undefined): number | null | string {
  const written = text.trim();
  if (written === '') return null;
  if (!/^\d{1,4}$/.test(written) || Number(written) > 1024) return l10n.t('A whole number from 0 to 1024, or nothing.');
  if (layers !== undefined && Number(written) > layers) return l10n.t('The model has {0} layers.', layers);
  return Number(written);
}
