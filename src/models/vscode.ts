/** The door of the models room: choosing a model file, and the settings that say how it is loaded. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandTable } from '../host/commands.ts';
import { onDidChangeSettings, readSettings, writeSetting, type Settings } from '../host/settings.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Backend } from '../backends/backend.ts';
import type { LoadParams, ModelParams } from '../protocol/engine.ts';

export type ModelCommand = 'ponder.chooseModel' | 'ponder.chooseCompletionModel' | 'ponder.unloadModel' | 'ponder.restartEngine';

export interface Models extends Disposable {
  readonly commands: Pick<CommandTable, ModelCommand>;
  /** True when a file was chosen. */
  readonly choose: () => Promise<boolean>;
}

/** Keeps the backend's model what the settings say. Nothing is loaded before it is used. */
export function register(backend: Backend): Models {
  const apply = (): void => {
    const settings = readSettings();
    backend.useModel(loadParams(settings));
    backend.useInfillModel(modelParams(settings, settings['completion.modelPath']));
  };
  apply();
  const settings = onDidChangeSettings(apply);
  const choose = (): Promise<boolean> => chooseFile('model.path', l10n.t('Choose a model file'));
  return {
    choose,
    commands: {
      'ponder.chooseModel': choose,
      'ponder.chooseCompletionModel': () => chooseFile('completion.modelPath', l10n.t('Choose a model file for completions')),
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

async function chooseFile(key: 'model.path' | 'completion.modelPath', title: string): Promise<boolean> {
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: l10n.t('Use model'), filters: { 'GGUF': ['gguf'] } });
  const file = chosen?.[0];
  if (!file) return false;
  await writeSetting(key, file.fsPath);
  return true;
}

function loadParams(settings: Settings): LoadParams | undefined {
  const model = modelParams(settings, settings['model.path']);
  const kvType = settings['model.kvCache'];
  return model && { ...model, contextSize: settings['model.contextSize'], ...(kvType === 'auto' ? {} : { kvType }) };
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
