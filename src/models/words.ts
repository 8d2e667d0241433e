/** Models, and what they would do on this machine, in words. Pure. */
import * as l10n from '@vscode/l10n';
import { modelById } from './catalogue/catalogue.ts';
import type { Choices } from './choices.ts';
import type { Fit } from './fit/fit.ts';
import type { Reason, Recommendation, Shortfall } from './fit/recommend.ts';
import type { Place } from './found/found.ts';
import type { Refusal } from './header/refusal.ts';
import { inBytes, inTokens } from './quantities.ts';

/** "36/36 layers on the GPU, window up to 32k, from 3.4 GB of memory, fast (about 40 tokens/s)" */
export function fitLine(fit: Fit): string {
  const memory = inBytes(fit.memory.gpu + fit.memory.ram);
  if (fit.speed === 'too-large') return l10n.t('Too large for this computer: needs {0} of memory', memory);
  // The window that costs no speed, and what a first question takes.
  return l10n.t('{0}, window up to {1}, from {2} of memory, {3}', layersLine(fit), inTokens(fit.atSpeed.tokens), memory, speedLine(fit));
}

export function layersLine({ layers: { gpu, all } }: Pick<Fit, 'layers'>): string {
  return gpu === 0 ? l10n.t('on the CPU') : l10n.t('{0}/{1} layers on the GPU', gpu, all);
}

/** An estimate, and it says so: rounded to what an estimate is good for. */
export function speedLine({ speed, tokensPerSecond }: Pick<Fit, 'speed' | 'tokensPerSecond'>): string {
  if (speed !== 'too-large' && tokensPerSecond < 1) return l10n.t('very slow (less than 1 token/s)');
  const rate = rounded(tokensPerSecond);
  switch (speed) {
    case 'fast':
      return l10n.t('fast (about {0} tokens/s)', rate);
    case 'usable':
      return l10n.t('usable (about {0} tokens/s)', rate);
    case 'slow':
      return l10n.t('slow (about {0} tokens/s)', rate);
    case 'too-large':
      return l10n.t('too large');
  }
}

function rounded(rate: number): number {
  const step = rate < 10 ? 1 : rate < 50 ? 5 : 10;
  return Math.round(rate / step) * step;
}

/** Why this model, in a sentence. */
export function reasonSentence(reason: Reason): string {
  switch (reason.kind) {
    case 'first-choice':
      return firstChoice[reason.where]();
    case 'larger':
      return l10n.t('Your GPU has room for more than {0}, at full speed.', nameOf(reason.than));
    case 'smaller':
      return smaller[reason.because](nameOf(reason.insteadOf));
    case 'least-slow':
      return l10n.t('No model is quick on this computer; this one is the quickest.');
  }
}

const firstChoice = {
  gpu: () => l10n.t('The best balance, and all of it runs on your GPU.'),
  both: () => l10n.t('The best balance; your GPU takes a part of it, the processor the rest.'),
  cpu: () => l10n.t('The best balance that your processor runs well.'),
} as const;

const smaller: Readonly<Record<Shortfall, (name: string) => string>> = {
  'too-large': (name) => l10n.t('{0} does not fit into the memory of this computer.', name),
  'slow': (name) => l10n.t('{0} would be slow on this computer.', name),
  'small-window': (name) => l10n.t('{0} would have too small a window on this computer.', name),
};

/** Which model to begin with, and why; or that none fits. */
export function recommendationSentence(recommendation: Recommendation): string {
  if (recommendation.kind === 'model') return reasonSentence(recommendation.reason);
  const { smallest, needed, available } = recommendation;
  return l10n.t('{0}, the smallest, needs about {1} of memory. Beside the system and other programs there are about {2}.', nameOf(smallest), inBytes(needed), inBytes(available));
}

/** What the models are reckoned for: "NVIDIA GeForce RTX 4070 (10.8 GB of 12.0 GB free), 32.0 GB RAM, 8 cores". */
export function machineLine({ hardware, guessed }: Pick<Choices, 'hardware' | 'guessed'>): string {
  const { backend, gpus, vram, ram, cores } = hardware;
  const rest = l10n.t('{0} RAM, {1} cores', inBytes(ram.total), cores.physical);
  if (guessed) return l10n.t('The engine could not look for a GPU, so this is reckoned for the CPU alone: {0}', rest);
  if (backend === 'cpu' || gpus.length === 0) return l10n.t('No GPU, {0}', rest);
  const used = gpus.filter((gpu) => gpu.used !== false).map(({ name }) => name);
  const names = [...new Set(used)].join(' + ');
  return l10n.t('{0} ({1} of {2} free), {3}', used.length > 1 ? l10n.t('{0} GPUs: {1}', used.length, names) : names, inBytes(vram.free), inBytes(vram.total), rest);
}

export function placeName(place: Place): string {
  switch (place) {
    case 'ponder':
      return 'Ponder';
    case 'folder':
      return l10n.t('Models folder');
    case 'huggingface':
      return l10n.t('Hugging Face cache');
    case 'lmstudio':
      return 'LM Studio';
    case 'ollama':
      return 'Ollama';
  }
}

/** Why a file is no model. */
export function refusalSentence(refusal: Refusal | { readonly why: 'not-chat' }, name: string): string {
  switch (refusal.why) {
    case 'missing':
      return l10n.t('{0} is not there, or cannot be read.', name);
    case 'empty':
      return l10n.t('{0} is empty.', name);
    case 'not-gguf':
      return l10n.t('{0} is not a GGUF model.', name);
    case 'version':
      return l10n.t('{0} is a GGUF file of version {1}, which this Ponder does not know.', name, refusal.version);
    case 'cut-short':
      return l10n.t('{0} is incomplete: a part of the model is missing.', name);
    case 'damaged':
      return l10n.t('{0} is damaged: its header makes no sense.', name);
    case 'later-part':
      return l10n.t('{0} is a later part of a model; choose the first one, which ends in -00001-of-….', name);
    case 'not-a-model':
      return l10n.t('{0} is an addition to a model, for images say, and no model by itself.', name);
    case 'embedding':
      return l10n.t('{0} makes vectors of texts and cannot write.', name);
    case 'not-chat':
      return l10n.t('{0} has no chat template: it can only complete code.', name);
  }
}

function nameOf(id: string): string {
  return modelById(id)?.name ?? id;
}
