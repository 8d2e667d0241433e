import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../../src/backends/fake.ts';
import { chooseOutput, chooseSampling, recommended, recommendedGeneration, type SamplingSettings } from '../../../src/models/generation.ts';
import { profileFor } from '../../../src/models/profile.ts';

const hybrid = { ...fakeModel, name: 'Qwen3-4B', architecture: 'qwen3', layers: 37, thinking: 'hybrid' } as const;
const profile = profileFor(hybrid);
const set = (settings: Partial<SamplingSettings>): SamplingSettings => ({ ...recommended, ...settings });
const thinking = { temperature: 0.6, topP: 0.95, topK: 20, minP: 0 };
const answer = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0 };

describe('sampling', () => {
  it('is the card’s for each mode where nothing is set', () => {
    expect(chooseSampling(profile, true, recommended)).toEqual({ sampling: thinking });
    expect(chooseSampling(profile, false, recommended)).toEqual({ sampling: answer });
  });

  it('is what is set, and the card’s in all else', () => {
    expect(chooseSampling(profile, true, set({ temperature: 1.1, presencePenalty: 1.5 }))).toEqual({ sampling: { ...thinking, temperature: 1.1, presencePenalty: 1.5 } });
    expect(chooseSampling(profile, false, set({ topP: 0.5, topK: 0, minP: 0.1 }))).toEqual({ sampling: { ...answer, topP: 0.5, topK: 0, minP: 0.1 } });
  });

  it('may be greedy where nothing is thought', () => expect(chooseSampling(profile, false, set({ temperature: 0 }))).toEqual({ sampling: { ...answer, temperature: 0 } }));

  it.each([
    ['temperature', 0, 0.6],
    ['topP', 0, 0.95],
    ['topK', 1, 20],
    ['minP', 1, 0],
  ] as const)('of a thought is never greedy by %s: the recommended value is used, and said', (setting, value, used) => {
    expect(chooseSampling(profile, true, set({ [setting]: value }))).toEqual({ sampling: thinking, notice: { kind: 'greedy-refused', setting, used } });
  });

  it('keeps what else is set when it refuses', () => {
    const { sampling, notice } = chooseSampling(profile, true, set({ temperature: 0, topK: 1, topP: 0.5 }));
    expect(sampling).toEqual({ ...thinking, topP: 0.5 });
    expect(notice).toMatchObject({ setting: 'temperature' });
  });

  it('of a thought is not greedy either when a corrected profile is', () => {
    const corrected = { ...profile, sampling: { ...profile.sampling, thinking: { ...thinking, temperature: 0 } } };
    expect(chooseSampling(corrected, true, recommended)).toMatchObject({ sampling: { temperature: 0.6 }, notice: { setting: 'temperature', used: 0.6 } });
  });
});

describe('output', () => {
  const output = (thinks: boolean, settings: Partial<typeof recommended>, budget = 4096): ReturnType<typeof chooseOutput> => chooseOutput(profile, thinks, budget, { ...recommended, ...settings });
  it('is as recommended', () => expect(output(true, {})).toEqual({ maxTokens: 32_768, thoughtBudget: 4096 }));
  it('of a model that never thinks is 16,384', () =>
    expect(recommendedGeneration({ ...hybrid, name: 'Qwen3-4B-Instruct-2507', thinking: 'never' }, false, 4096)).toEqual({ sampling: answer, maxTokens: 16_384, thoughtBudget: 4096 }));
  it.each([38_912, 81_920])('at length is %d tokens, nearly all of them for the thought', (long) => expect(output(true, { long })).toEqual({ maxTokens: long, thoughtBudget: long - 2048 }));
  it('at length is only for turns that think', () => expect(output(false, { long: 81_920 })).toEqual({ maxTokens: 32_768, thoughtBudget: 4096 }));
  it('is what the user has set, before anything else', () => expect(output(true, { long: 81_920, maxTokens: 8192 })).toEqual({ maxTokens: 8192, thoughtBudget: 6144 }));
  it('leaves room for an answer behind a thought, however little there is', () => expect(output(true, { maxTokens: 1000 })).toEqual({ maxTokens: 1000, thoughtBudget: 500 }));
});
