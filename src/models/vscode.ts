/** The door of the models room: choosing a model file, and the settings that say how it is loaded. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandTable } from '../host/commands.ts';
import { onDidChangeSettings, readSettings, writeSetting } from '../host/settings.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Backend } from '../backends/backend.ts';
import type { LoadParams } from '../protocol/engine.ts';

export type ModelCommand = 'ponder.chooseModel' | 'ponder.unloadModel' | 'ponder.restartEngine';

export interface Models extends Disposable {
  readonly commands: Pick<CommandTable, ModelCommand>;
  /** True when a file was chosen. */
  readonly choose: () => Promise<boolean>;
}

/** Keeps the backend's model what the settings say. Nothing is loaded before it is used. */
export function register(backend: Backend): Models {
  const apply = (): void => backend.useModel(loadParams());
  apply();
  const settings = onDidChangeSettings(apply);
  return {
    choose,
    commands: {
      'ponder.chooseModel': choose,
      'ponder.unloadModel': () => backend.unload(),
      'ponder.restartEngine': async () => {
        const progress = { location: vscode.ProgressLocation.Window, title: l10n.t('Restarting the engine…') };
        await vscode.window.withProgress(progress, () => backend.restart());
      },
    },
    dispose: () => {
      settings.dispose();
    },
  };
}

async function choose(): Promise<boolean> {
  const chosen = await vscode.window.showOpenDialog({
    title: l10n.t('Choose a model file'),
    openLabel: l10n.t('Use model'),
    filters: { 'GGUF': ['gguf'] },
  });
  const file = chosen?.[0];
  if (!file) return false;
  await writeSetting('model.path', file.fsPath);
  return true;
}

function loadParams(): LoadParams | undefined {
  const settings = readSettings();
  const modelPath = settings['model.path'];
  if (modelPath === '') return undefined;
  const gpuLayers = settings['engine.gpuLayers'];
  const threads = settings['engine.threads'];
  return {
    modelPath,
    gpu: settings['engine.gpu'],
    contextSize: settings['model.contextSize'],
    ...(gpuLayers === null ? {} : { gpuLayers }),
    ...(threads === null ? {} : { threads }),
  };
}
