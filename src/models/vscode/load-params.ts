/** What the settings say of how models are loaded. */
import type { Settings } from '../../host/settings.ts';
import type { LoadParams, ModelParams } from '../../protocol/engine.ts';
import type { Correction } from '../corrections.ts';
import { loadProfile } from '../load-profile.ts';

/** Absolute paths of folders. */
export interface LoadFolders {
  /** For snapshots of the KV cache. */
  readonly snapshots: string;
  /** For what is measured of threads. */
  readonly tuning: string;
}

/** Of the chat's model; undefined where none is chosen. */
export function loadParams(settings: Settings, folders: LoadFolders, corrections: readonly Correction[]): LoadParams | undefined {
  const model = modelParams(settings, settings['model.path'], folders);
  const kvType = settings['model.kvCache'];
  const profile = model && loadProfile(model.modelPath, corrections);
  const limit = Math.round(settings['snapshots.maxSize'] * 1e9);
  return (
    model && {
      ...model,
      contextSize: settings['model.contextSize'],
      ...(kvType === 'auto' ? {} : { kvType }),
      ...(profile === undefined ? {} : { profile }),
      ...(settings['snapshots.enabled'] && limit > 0 ? { snapshots: { folder: folders.snapshots, limit } } : {}),
    }
  );
}

/** Undefined where no file is chosen. */
export function modelParams(settings: Settings, modelPath: string, { tuning }: LoadFolders): ModelParams | undefined {
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
