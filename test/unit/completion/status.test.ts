import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeInfill } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import type { Outcome } from '../../../src/completion/completer.ts';
import type { ModelStanding } from '../../../src/completion/strategy-choice.ts';
import { scoreLine, statusView, strategyName, type Silence, type Situation } from '../../../src/completion/status.ts';
import { strategies } from '../../../src/completion/strategy.ts';

type Why = Extract<Outcome, { kind: 'nothing' }>['why'];

const calm: Situation = { silence: undefined, manual: false, loading: false, busy: false, last: undefined, error: undefined, model: undefined };
const silences: Readonly<Record<Silence['why'], Silence>> = {
  'ponder-off': { why: 'ponder-off' },
  'off': { why: 'off' },
  'language': { why: 'language', language: 'markdown' },
  'snoozed': { why: 'snoozed', until: '14:30' },
  'no-model': { why: 'no-model' },
  'engine-down': { why: 'engine-down' },
};
/** All there are, or it does not compile. */
const whys: Readonly<Record<Why, string>> = {
  'too-slow': 'too slow',
  'model': 'had none',
  'weak': 'unsure',
  'prompt-echo': 'above',
  'suffix-overlap': 'below',
  'unbalanced': 'brackets',
  'emptiness': 'comments',
  'loop': 'left',
  'indentation': 'left',
  'spaces': 'left',
};
const nothing = (why: Why): Outcome => ({ kind: 'nothing', why });
const outcomes: readonly Situation['last'][] = [
  undefined,
  { kind: 'text', text: 'a', replaces: 0, from: 'model' },
  { kind: 'cancelled' },
  { kind: 'error', error: new PonderError('engine-crashed', 'gone') },
  { kind: 'not-text' },
  ...Object.keys(whys).map((why) => nothing(why as Why)),
];
const standing: ModelStanding = { info: { ...fakeInfill, name: 'Qwen3 4B' }, strategy: 'file', scores: undefined, testing: undefined };
const codicons = JSON.parse(readFileSync(new URL('../../../node_modules/@vscode/codicons/src/template/mapping.json', import.meta.url), 'utf8')) as Record<string, readonly string[]>;
const icons = new Set(Object.values(codicons).flat());

const label = (situation: Partial<Situation>): string => statusView({ ...calm, ...situation }).lines[0] ?? '';

describe('the status', () => {
  it('has an icon that there is, a word and a label in every situation', () => {
    const situation = fc.record<Situation>({
      silence: fc.constantFrom(undefined, ...Object.values(silences)),
      manual: fc.boolean(),
      loading: fc.boolean(),
      busy: fc.boolean(),
      last: fc.constantFrom(...outcomes),
      error: fc.constantFrom(undefined, 'The engine has ended.'),
      model: fc.constantFrom<(ModelStanding | undefined)[]>(undefined, standing, { ...standing, testing: 0 }, { ...standing, scores: {} }, { ...standing, scores: { file: -1, repository: -2, chat: 0 }, testing: 1 }),
    });
    fc.assert(
      fc.property(situation, (each) => {
        const view = statusView(each);
        expect(view.text).toMatch(/^\$\([a-z-]+(~spin)?\) Ponder$/);
        expect(icons).toContain(/\(([a-z-]+)/.exec(view.text)?.[1]);
        expect(view.lines[0]).not.toBe('');
        expect(view.label).toBe(`Ponder completions: ${view.lines[0] ?? ''}`);
        for (const line of [view.label, ...view.lines]) expect(line).not.toMatch(/undefined|NaN|\{\d\}|\[object/);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['off', 'Off'],
    ['language', 'Off for markdown'],
    ['snoozed', 'Snoozed until 14:30'],
    ['no-model', 'No model is chosen yet'],
    ['engine-down', 'The engine is down'],
  ] as const)('says why nothing is asked: %s', (why, words) => {
    const silence = silences[why];
    // Whatever else there is to say.
    const view = statusView({ silence, manual: true, loading: true, busy: true, last: nothing('weak'), error: 'x', model: standing });
    expect(view.lines).toEqual([words]);
    expect(view.warning).toBe(why === 'engine-down');
  });

  it('says that it works, before what became of the last request', () => {
    expect(label({ loading: true, busy: true, last: nothing('weak') })).toBe('Loading the model…');
    expect(label({ busy: true, last: nothing('weak') })).toBe('Completing…');
    for (const working of [{ loading: true }, { busy: true }]) expect(statusView({ ...calm, ...working }).text).toContain('~spin');
  });

  it('is ready before the first request, and after a text or a cancellation', () => {
    for (const last of outcomes.slice(0, 3)) {
      expect(label({ last })).toBe('Ready');
      expect(label({ last, manual: true })).toBe('Ready; completes when you ask');
      expect(statusView({ ...calm, last }).text).toBe('$(sparkle) Ponder');
    }
  });

  it.each(Object.entries(whys))('has a reason for nothing: %s', (why, word) => {
    const reason = label({ last: nothing(why as Why) });
    expect(reason).toMatch(/^No suggestion: /);
    expect(reason).toContain(word);
    expect(statusView({ ...calm, last: nothing(why as Why) }).warning).toBe(false);
  });

  it('has different reasons for what is different', () => {
    const reasons = new Set(Object.keys(whys).map((why) => label({ last: nothing(why as Why) })));
    expect(reasons.size).toBe(new Set(Object.values(whys)).size);
  });

  it('has a reason for a place in no text', () => {
    expect(label({ last: { kind: 'not-text' } })).toBe('No suggestion: this is not a place in a text');
  });

  it('warns of an error, in words if there are some', () => {
    const last = { kind: 'error', error: new PonderError('engine-crashed', 'SECRET') } as const;
    expect(statusView({ ...calm, last, error: 'The engine has ended.' })).toEqual({
      text: '$(warning) Ponder',
      label: 'Ponder completions: The engine has ended.',
      lines: ['The engine has ended.'],
      warning: true,
    });
    expect(label({ last })).toBe('The completion failed');
  });

  it('tells how the model is asked, and what its test found', () => {
    const lines = (model: Partial<ModelStanding>): readonly string[] => statusView({ ...calm, model: { ...standing, ...model } }).lines;
    const scores = { chat: Math.log(0.5) };
    for (const strategy of strategies) {
      const [ready, asked, ...others] = lines({ strategy });
      expect(ready).toBe('Ready');
      expect(asked).toContain('Qwen3 4B');
      expect(asked).toContain(strategyName(strategy));
      expect(others).toEqual([]);
    }
    expect(lines({ testing: 0.336 }).slice(2)).toEqual(['Testing how it completes best: 34%']);
    expect(lines({ scores }).slice(2)).toEqual([scoreLine(scores)]);
    // Scores of before are of no interest while they are found anew.
    expect(lines({ scores, testing: 0 }).slice(2)).toEqual(['Testing how it completes best: 0%']);
  });
});

describe('a score', () => {
  it('is a probability per token, strategy by strategy', () => {
    const [file, repository, chat] = strategies.map(strategyName);
    expect(scoreLine({ chat: Math.log(0.25), file: Math.log(0.9), repository: 0 })).toBe(`Self-test: ${file ?? ''} 90%, ${repository ?? ''} 100%, ${chat ?? ''} 25%`);
    expect(scoreLine({ chat: -50 })).toBe(`Self-test: ${chat ?? ''} 0%`);
  });
});

describe('a strategy', () => {
  it('has a name of its own', () => {
    expect(new Set(strategies.map(strategyName)).size).toBe(strategies.length);
  });
});
