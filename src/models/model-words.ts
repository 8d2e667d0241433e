/** A loaded model in words. Pure. */
import * as l10n from '@vscode/l10n';
import type { EngineStatus, KvType, ModelInfo } from '../protocol/engine.ts';
import { inBytes, inTokens } from './quantities.ts';

/** "36/36 layers on the GPU", "CPU, 4 threads". */
export function placement({ gpuLayers, layers, threads }: Pick<ModelInfo, 'gpuLayers' | 'layers' | 'threads'>): string {
  if (gpuLayers > 0) return l10n.t('{0}/{1} layers on the GPU', gpuLayers, layers);
  return threads === 1 ? l10n.t('CPU, 1 thread') : l10n.t('CPU, {0} threads', threads);
}

/** "Qwen3-4B Q4_K_M". */
export function modelTitle({ name, quantisation }: Pick<ModelInfo, 'name' | 'quantisation'>): string {
  return quantisation === undefined || name.includes(quantisation) ? name : `${name} ${quantisation}`;
}

/** A path's last part without `.gguf`, whichever way its slashes lean. */
export function fileTitle(path: string): string {
  return (path.split(/[\\/]/).pop() ?? path).replace(/\.gguf$/i, '');
}

/** "Window of 32k tokens, YaRN ×2, KV cache in 8 bits". */
export function windowParts({ contextSize, yarnFactor, kvType }: Pick<ModelInfo, 'contextSize' | 'yarnFactor' | 'kvType'>): string[] {
  return [
    l10n.t('Window of {0} tokens', inTokens(contextSize)),
    yarnFactor > 1 ? l10n.t('YaRN ×{0}', Math.round(yarnFactor * 10) / 10) : l10n.t('no YaRN'),
    kvWords(kvType),
  ];
}

/** "Weights 2.5 GB, context 1.2 GB, the engine in all 4.1 GB". */
export function memoryParts({ size }: Pick<ModelInfo, 'size'>, { context, memory }: Pick<EngineStatus, 'context' | 'memory'>): string[] {
  return [
    l10n.t('Weights {0}', inBytes(size)),
    ...(context ? [l10n.t('context {0}', inBytes(context.allocated))] : []),
    l10n.t('the engine holds {0} of RAM', inBytes(memory)),
  ];
}

/** "38 tokens/s in the last answer". */
export function speedWords(tokensPerSecond: number): string {
  return l10n.t('{0} tokens/s in the last answer', tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : Math.round(tokensPerSecond));
}

function kvWords(kvType: KvType): string {
  switch (kvType) {
    case 'f16':
      return l10n.t('KV cache in 16 bits');
    case 'q8_0':
      return l10n.t('KV cache in 8 bits');
    case 'q4_0':
      return l10n.t('KV cache in 4 bits');
  }
}
