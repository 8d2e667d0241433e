/** How much a turn may write and how it is sampled: the model's recommendation, with what the user has set instead. */
import type { ModelInfo, Sampling } from '../protocol/engine.ts';
import { profileFor, type Profile } from './profile.ts';

/** `null`: as the model's makers recommend. */
export interface SamplingSettings {
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly minP: number | null;
  readonly presencePenalty: number | null;
}

export interface OutputSettings {
  /** Tokens of thought and answer together; `null`: as recommended. */
  readonly maxTokens: number | null;
  /** Tokens of a turn that thinks about a hard problem; `off`: none does so at length. */
  readonly long: 'off' | number;
}

export const recommended: SamplingSettings & OutputSettings = { temperature: null, topP: null, topK: null, minP: null, presencePenalty: null, maxTokens: null, long: 'off' };

/** Something that was set and is not done: thinking with the likeliest token each time repeats itself without end. */
export interface GreedyRefused {
  readonly kind: 'greedy-refused';
  readonly setting: 'temperature' | 'topP' | 'topK' | 'minP';
  /** What is taken instead. */
  readonly used: number;
}

export interface ChosenSampling {
  readonly sampling: Sampling;
  /** To be told once. */
  readonly notice?: GreedyRefused;
}

/** Each of these alone leaves nothing but the likeliest token. */
const greedyValues = { temperature: 0, topP: 0, topK: 1, minP: 1 } as const;
const greedySettings = ['temperature', 'topP', 'topK', 'minP'] as const;

export function chooseSampling(profile: Profile, thinks: boolean, settings: SamplingSettings): ChosenSampling {
  const card = thinks ? profile.sampling.thinking : profile.sampling.answer;
  const wanted = {
    temperature: settings.temperature ?? card.temperature,
    topP: settings.topP ?? card.topP,
    topK: settings.topK ?? card.topK,
    minP: settings.minP ?? card.minP,
  };
  const presencePenalty = settings.presencePenalty ?? card.presencePenalty ?? 0;
  const rest = presencePenalty > 0 ? { presencePenalty } : {};
  const refused = thinks ? greedySettings.filter((key) => wanted[key] === greedyValues[key]) : [];
  const [first] = refused;
  if (first === undefined) return { sampling: { ...wanted, ...rest } };
  const used = Object.fromEntries(refused.map((key) => [key, safe(key, card)])) as Partial<typeof wanted>;
  return { sampling: { ...wanted, ...used, ...rest }, notice: { kind: 'greedy-refused', setting: first, used: safe(first, card) } };
}

/** As recommended, unless a correction of the profile is itself greedy. */
function safe(key: (typeof greedySettings)[number], card: Sampling): number {
  const fallback = { temperature: 0.6, topP: 0.95, topK: 20, minP: 0 };
  return card[key] === greedyValues[key] ? fallback[key] : card[key];
}

/** Left for the answer behind a thought at length, tokens. */
const answerRoom = 2048;

/**
 * @param thoughtBudget tokens after which a thought is usually closed
 * @returns tokens: of thought and answer together, and after which the thought is closed
 */
export function chooseOutput(profile: Profile, thinks: boolean, thoughtBudget: number, { maxTokens, long }: OutputSettings): { readonly maxTokens: number; readonly thoughtBudget: number } {
  const atLength = thinks && long !== 'off';
  const all = maxTokens ?? (atLength ? Math.max(long, profile.output.usual) : profile.output.usual);
  const thought = atLength ? Math.max(thoughtBudget, all - answerRoom) : thoughtBudget;
  // A short answer is worth more than a long thought without one.
  return { maxTokens: all, thoughtBudget: Math.min(thought, Math.max(all - answerRoom, Math.floor(all / 2))) };
}

/** What a turn is asked with. */
export interface Generation extends ChosenSampling {
  readonly maxTokens: number;
  readonly thoughtBudget: number;
}

export function chooseGeneration(profile: Profile, thinks: boolean, thoughtBudget: number, settings: SamplingSettings & OutputSettings): Generation {
  return { ...chooseSampling(profile, thinks, settings), ...chooseOutput(profile, thinks, thoughtBudget, settings) };
}

/** As the model's makers recommend. */
export function recommendedGeneration(model: ModelInfo, thinks: boolean, thoughtBudget: number): Generation {
  return chooseGeneration(profileFor(model), thinks, thoughtBudget, recommended);
}
