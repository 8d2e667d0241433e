/** The one reader of Ponder's settings. Defaults stand in `package.json`; a test compares the keys. */
import * as vscode from 'vscode';
import { gpuBackends, type GpuBackend } from '../protocol/engine.ts';
import { thinkingModes, thoughtBudget, type ThinkingMode } from '../protocol/webview.ts';

export interface Settings {
  /** Absolute path of a GGUF file; empty: none chosen. */
  readonly 'model.path': string;
  /** Context window, tokens. */
  readonly 'model.contextSize': number;
  readonly 'engine.gpu': GpuBackend;
  /** Layers on the GPU; `null`: as many as fit. */
  readonly 'engine.gpuLayers': number | null;
  /** `null`: one for each core. */
  readonly 'engine.threads': number | null;
  readonly 'thinking.mode': ThinkingMode;
  /** Tokens after which a thought is closed. */
  readonly 'thinking.budget': number;
}
export const settingKeys = [
  'model.path',
  'model.contextSize',
  'engine.gpu',
  'engine.gpuLayers',
  'engine.threads',
  'thinking.mode',
  'thinking.budget',
] as const satisfies readonly (keyof Settings)[];

/** Settings as they are now. A value that fits no type falls back, so that a typo never breaks a start. */
export function readSettings(): Settings {
  const raw = vscode.workspace.getConfiguration('ponder');
  const text = (key: keyof Settings): string => {
    const value = raw.get<unknown>(key);
    return typeof value === 'string' ? value : '';
  };
  const whole = (key: keyof Settings, fallback: number, min: number, max: number): number => {
    const value = raw.get<unknown>(key);
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : fallback;
  };
  const orNull = (key: keyof Settings, min: number): number | null => {
    const value = raw.get<unknown>(key);
    return typeof value === 'number' && value >= min ? whole(key, min, min, 1024) : null;
  };
  return {
    'model.path': text('model.path').trim(),
    'model.contextSize': whole('model.contextSize', 16_384, 512, 1_048_576),
    'engine.gpu': gpuBackends.find((known) => known === text('engine.gpu')) ?? 'auto',
    'engine.gpuLayers': orNull('engine.gpuLayers', 0),
    'engine.threads': orNull('engine.threads', 1),
    'thinking.mode': thinkingModes.find((known) => known === text('thinking.mode')) ?? 'auto',
    'thinking.budget': whole('thinking.budget', thoughtBudget.default, thoughtBudget.min, thoughtBudget.max),
  };
}

/** Writes a user setting. */
export async function writeSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
  await vscode.workspace.getConfiguration('ponder').update(key, value, vscode.ConfigurationTarget.Global);
}

export function onDidChangeSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('ponder')) listener();
  });
}
