/** The one reader of Ponder's settings. Defaults stand in `package.json`; a test compares the keys. */
import * as vscode from 'vscode';
import { gpuBackends, infillForms, kvTypes, type GpuBackend, type InfillForm, type KvType } from '../protocol/engine.ts';
import { thinkingModes, thoughtBudget, type ThinkingMode } from '../protocol/webview.ts';

export interface Settings {
  /** Absolute path of a GGUF file; empty: none chosen. */
  readonly 'model.path': string;
  /** Context window, tokens; `auto` grows with what is asked. */
  readonly 'model.contextSize': number | 'auto';
  /** How keys and values are kept; `auto`: the finest that fits. */
  readonly 'model.kvCache': KvType | 'auto';
  readonly 'engine.gpu': GpuBackend;
  /** Layers on the GPU; `null`: as many as fit. */
  readonly 'engine.gpuLayers': number | null;
  /** `null`: one for each core. */
  readonly 'engine.threads': number | null;
  readonly 'thinking.mode': ThinkingMode;
  /** Tokens after which a thought is closed. */
  readonly 'thinking.budget': number;
  /** May differ from language to language. */
  readonly 'completion.enabled': boolean;
  readonly 'completion.trigger': CompletionTrigger;
  readonly 'completion.strategy': InfillForm | 'auto';
  /** Absolute path of a GGUF file; empty: the chat's model completes too. */
  readonly 'completion.modelPath': string;
  readonly 'snapshots.enabled': boolean;
  /** GB. */
  readonly 'snapshots.maxSize': number;
  /** Whether the model thinks before it changes code. */
  readonly 'edits.thinking': boolean;
  /** Whether AGENTS.md and the like go with every question. */
  readonly 'rules.enabled': boolean;
  /** Of these five, `null`: as the model's makers recommend. */
  readonly 'sampling.temperature': number | null;
  readonly 'sampling.topP': number | null;
  readonly 'sampling.topK': number | null;
  readonly 'sampling.minP': number | null;
  readonly 'sampling.presencePenalty': number | null;
  /** Tokens of thought and answer together; `null`: as recommended. */
  readonly 'output.maxTokens': number | null;
  /** Tokens of a turn that thinks at length. */
  readonly 'thinking.long': LongThinking;
  /** File name or path to part of a profile; whoever uses it validates it. */
  readonly 'models.profiles': unknown;
  /** Where models are downloaded from: a hub's name or an address. */
  readonly 'models.endpoint': string;
  /** Whether other hubs are asked where that one fails. */
  readonly 'models.endpointFallback': boolean;
  /** Absolute path of the folder that models are downloaded to; empty: the extension's own. */
  readonly 'models.folder': string;
  /** False: Ponder does nothing at all. */
  readonly 'enabled': boolean;
  /** Minutes without use after which the model is unloaded; 0: never. */
  readonly 'models.unloadAfter': number;
  /** GPUs to use, by their number in the backend's order; `null`: all. */
  readonly 'engine.devices': readonly number[] | null;
}

export const longThinking = ['off', '38912', '81920'] as const;
export type LongThinking = (typeof longThinking)[number];

export const completionTriggers = ['automatic', 'manual'] as const;
export type CompletionTrigger = (typeof completionTriggers)[number];

export const settingKeys = [
  'model.path',
  'model.contextSize',
  'model.kvCache',
  'engine.gpu',
  'engine.gpuLayers',
  'engine.threads',
  'thinking.mode',
  'thinking.budget',
  'completion.enabled',
  'completion.trigger',
  'completion.strategy',
  'completion.modelPath',
  'snapshots.enabled',
  'snapshots.maxSize',
  'edits.thinking',
  'rules.enabled',
  'sampling.temperature',
  'sampling.topP',
  'sampling.topK',
  'sampling.minP',
  'sampling.presencePenalty',
  'output.maxTokens',
  'thinking.long',
  'models.profiles',
  'models.endpoint',
  'models.endpointFallback',
  'models.folder',
  'enabled',
  'models.unloadAfter',
  'engine.devices',
] as const satisfies readonly (keyof Settings)[];

/**
 * Settings as they are now. A value that fits no type falls back, so that a typo never breaks a start.
 * @param scope a document, where a setting may differ by language
 */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const raw = vscode.workspace.getConfiguration('ponder', scope);
  const text = (key: keyof Settings): string => {
    const value = raw.get<unknown>(key);
    return typeof value === 'string' ? value : '';
  };
  const decimal = (key: keyof Settings, fallback: number, min: number, max: number): number => {
    const value = raw.get<unknown>(key);
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
  };
  const whole = (key: keyof Settings, fallback: number, min: number, max: number): number => Math.round(decimal(key, fallback, min, max));
  const orNull = (key: keyof Settings, min: number, max = 1024): number | null => {
    const value = raw.get<unknown>(key);
    return typeof value === 'number' && value >= min ? whole(key, min, min, max) : null;
  };
  const decimalOrNull = (key: keyof Settings, max: number): number | null => (typeof raw.get<unknown>(key) === 'number' ? decimal(key, 0, 0, max) : null);
  return {
    'model.path': text('model.path').trim(),
    'model.contextSize': typeof raw.get<unknown>('model.contextSize') === 'number' ? whole('model.contextSize', 16_384, 512, 1_048_576) : 'auto',
    'model.kvCache': kvTypes.find((known) => known === text('model.kvCache')) ?? 'auto',
    'engine.gpu': gpuBackends.find((known) => known === text('engine.gpu')) ?? 'auto',
    'engine.gpuLayers': orNull('engine.gpuLayers', 0),
    'engine.threads': orNull('engine.threads', 1),
    'thinking.mode': thinkingModes.find((known) => known === text('thinking.mode')) ?? 'auto',
    'thinking.budget': whole('thinking.budget', thoughtBudget.default, thoughtBudget.min, thoughtBudget.max),
    'completion.enabled': raw.get<unknown>('completion.enabled') !== false,
    'completion.trigger': completionTriggers.find((known) => known === text('completion.trigger')) ?? 'automatic',
    'completion.strategy': infillForms.find((known) => known === text('completion.strategy')) ?? 'auto',
    'completion.modelPath': text('completion.modelPath').trim(),
    'snapshots.enabled': raw.get<unknown>('snapshots.enabled') !== false,
    'snapshots.maxSize': decimal('snapshots.maxSize', 8, 0, 1024),
    'edits.thinking': raw.get<unknown>('edits.thinking') === true,
    'rules.enabled': raw.get<unknown>('rules.enabled') !== false,
    'sampling.temperature': decimalOrNull('sampling.temperature', 2),
    'sampling.topP': decimalOrNull('sampling.topP', 1),
    'sampling.topK': orNull('sampling.topK', 0, 1000),
    'sampling.minP': decimalOrNull('sampling.minP', 1),
    'sampling.presencePenalty': decimalOrNull('sampling.presencePenalty', 2),
    'output.maxTokens': orNull('output.maxTokens', 256, 262_144),
    'thinking.long': longThinking.find((known) => known === text('thinking.long')) ?? 'off',
    'models.profiles': raw.get<unknown>('models.profiles'),
    'models.endpoint': text('models.endpoint').trim(),
    'models.endpointFallback': raw.get<unknown>('models.endpointFallback') !== false,
    'models.folder': text('models.folder').trim(),
    'enabled': raw.get<unknown>('enabled') !== false,
    'models.unloadAfter': whole('models.unloadAfter', 30, 0, 1440),
    'engine.devices': deviceNumbers(raw.get<unknown>('engine.devices')),
  };
}

function deviceNumbers(value: unknown): readonly number[] | null {
  return Array.isArray(value) && value.length > 0 && value.every((each): each is number => Number.isInteger(each) && each >= 0) ? value : null;
}

/** Writes a user setting, or takes it away; with a language, for that one alone. */
export async function writeSetting<K extends keyof Settings>(key: K, value: Settings[K] | undefined, languageId?: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('ponder', languageId === undefined ? undefined : { languageId });
  await configuration.update(key, value, vscode.ConfigurationTarget.Global, languageId !== undefined);
}

export function onDidChangeSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('ponder')) listener();
  });
}
