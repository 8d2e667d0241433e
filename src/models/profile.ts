/** How a model is best used, whether it is known by name or not: from the catalogue, else from what its file says. */
import type { ModelInfo, Sampling } from '../protocol/engine.ts';
import { modelNamed } from './catalogue/catalogue.ts';
import type { CatalogueModel, InfillKind } from './catalogue/schema.ts';
import { correctionFor } from './correction-match.ts';
import type { Correction, ProfileCorrection } from './corrections.ts';

export interface Profile {
  /** In the catalogue; absent: the file speaks for itself. */
  readonly id?: string;
  /** Whether the user's settings have changed something. */
  readonly corrected: boolean;
  /** Tokens. */
  readonly window: { readonly native: number; readonly extended: number };
  readonly thinking: ModelInfo['thinking'];
  readonly sampling: { readonly thinking: Sampling; readonly answer: Sampling };
  /** Tokens of thought and answer together. */
  readonly output: { readonly usual: number; readonly long: number };
  readonly infill: InfillKind;
  /** Whose conventions of chats it follows: an architecture as GGUF names them. */
  readonly family: string;
}

/** Of the cards of Qwen3; what is not said there of another model is guessed from these. */
const qwenThinking: Sampling = { temperature: 0.6, topP: 0.95, topK: 20, minP: 0 };
const qwenAnswer: Sampling = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0 };
/** llama.cpp's own defaults, for families that nothing is known of. */
const plainAnswer: Sampling = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 };

/** Tokens, by the cards: for a model that thinks, and one that never does. */
const usualOutput = { thinks: 32_768, never: 16_384 };
const longOutput: Record<ModelInfo['thinking'], number> = { hybrid: 38_912, always: 81_920, never: 16_384 };

/**
 * What the user corrects goes before what the catalogue says, and that before what the file says.
 * @param corrections of the settings; later ones go before earlier ones
 */
export function profileFor(info: ModelInfo, corrections: readonly Correction[] = []): Profile {
  const correction = correctionFor(info.path, corrections);
  const known = modelNamed(info);
  // The engine has been told of a correction as well, and says what it was told.
  const base = known && same(known, info, correction?.thinking !== undefined) ? fromCatalogue(known, info) : fromFile(info);
  return correction ? corrected(base, correction) : base;
}

/** A name is easily kept by what was made of a model; layers and template are not. */
function same({ shape, thinking }: CatalogueModel, info: ModelInfo, thinkingCorrected: boolean): boolean {
  // The engine counts the output as a layer.
  return (thinkingCorrected || thinking === info.thinking) && (info.layers === shape.layers || info.layers === shape.layers + 1);
}

function fromCatalogue(model: CatalogueModel, info: ModelInfo): Profile {
  const { id, window, thinking, sampling, output, infill, family } = model;
  const guessed = fromFile(info);
  return {
    id,
    corrected: false,
    window,
    thinking,
    sampling: { thinking: plainSampling(sampling.thinking ?? guessed.sampling.thinking), answer: plainSampling(sampling.answer ?? guessed.sampling.answer) },
    output: { usual: output.usual, long: output.long ?? output.usual },
    infill,
    family,
  };
}

function fromFile({ architecture, thinking, trainedContext, largestContext, infill, sampling = {} }: ModelInfo): Profile {
  const answer = architecture.startsWith('qwen') ? qwenAnswer : plainAnswer;
  return {
    corrected: false,
    window: { native: trainedContext, extended: Math.max(trainedContext, largestContext) },
    thinking,
    sampling: { thinking: withOwn(qwenThinking, sampling), answer: withOwn(answer, sampling) },
    output: { usual: thinking === 'never' ? usualOutput.never : usualOutput.thinks, long: longOutput[thinking] },
    infill: infill ? 'doubtful' : 'none',
    family: architecture,
  };
}

/** What the file recommends, unless it would have the likeliest token each time. */
function withOwn(base: Sampling, own: NonNullable<ModelInfo['sampling']>): Sampling {
  return { ...base, ...plainSampling(own), temperature: own.temperature === undefined || own.temperature === 0 ? base.temperature : own.temperature };
}

function corrected(base: Profile, { window, sampling, output, ...rest }: ProfileCorrection): Profile {
  const native = window?.native ?? base.window.native;
  return {
    ...base,
    ...plain(rest),
    corrected: true,
    window: { native, extended: Math.max(native, window?.extended ?? base.window.extended) },
    sampling: {
      thinking: { ...base.sampling.thinking, ...plain(sampling?.thinking ?? {}) },
      answer: { ...base.sampling.answer, ...plain(sampling?.answer ?? {}) },
    },
    output: { ...base.output, ...plain(output ?? {}) },
  };
}

function plainSampling<T extends object>(value: T): Defined<T> {
  return plain(value);
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without keys that hold nothing: an optional one of a schema may say `undefined`. */
function plain<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}
