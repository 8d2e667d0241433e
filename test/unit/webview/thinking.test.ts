import { describe, expect, it } from 'vitest';
import type { ThinkingState, ThoughtState } from '../../../src/protocol/webview.ts';
import { findMatches, segments } from '../../../src/webview/thinking/find.ts';
import { reason } from '../../../src/webview/thinking/no-thoughts.tsx';
import { initialView, reduce } from '../../../src/webview/thinking/reduce.ts';
import { stepsOf } from '../../../src/webview/thinking/steps.ts';

function thought(turnId: string, changes: Partial<ThoughtState> = {}): ThoughtState {
  return { turnId, question: 'Why?', text: '', status: 'streaming', ms: 0, tokens: 0, tokensPerSecond: 0, budget: 4096, steps: [], ...changes };
}

describe('the thinking reducer', () => {
  const state: ThinkingState = { kind: 'hybrid', modelName: 'M', mode: 'auto', thoughts: [thought('a')] };
  const started = reduce(initialView, { type: 'state', state });

  it('appends, replaces and adds thoughts', () => {
    const appended = reduce(started, { type: 'append', turnId: 'a', text: 'Hm' });
    expect(appended.thinking?.thoughts[0]?.text).toBe('Hm');
    expect(reduce(appended, { type: 'thought', thought: thought('a', { text: 'Hm.' }) }).thinking?.thoughts).toHaveLength(1);
    expect(reduce(appended, { type: 'thought', thought: thought('b') }).thinking?.thoughts).toHaveLength(2);
  });

  it('counts wishes', () => {
    const next = [{ type: 'find' }, { type: 'collapseAll' }, { type: 'find' }] as const;
    const view = next.reduce(reduce, started);
    expect([view.finds, view.collapses]).toEqual([2, 1]);
  });
});

/** The titles and texts of a thought's steps. */
function shown(text: string, starts: readonly [number, number][], changes: Partial<ThoughtState> = {}): (readonly [string, string, number | undefined])[] {
  const whole = thought('a', { text, steps: starts.map(([start, ms]) => ({ start, ms })), status: 'done', ms: 9000, ...changes });
  return stepsOf(whole).map((step) => [
    text.slice(step.start, step.titleEnd) + (step.brokenOff ? '…' : ''),
    text.slice(step.bodyStart, step.end),
    step.ms,
  ]);
}

describe('the steps of a thought', () => {
  it('take the first sentence as the title', () => {
    const text = 'Restate it. The text goes missing.\n\nWhat now? Look.';
    expect(shown(text, [[0, 0], [36, 4000]])).toEqual([
      ['Restate it', 'The text goes missing.', 4000],
      ['What now?', 'Look.', 5000],
    ]);
  });

  it('take the first words of a long sentence, and repeat them in the text', () => {
    const text = `Okay, so the user is asking about the way in which a stream ends when it ${'is cut off '.repeat(4)}.`;
    expect(shown(text, [[0, 0]])).toEqual([['Okay, so the user is asking about the…', text, 9000]]);
  });

  it('say a short paragraph once', () => {
    expect(shown('Let me check', [[0, 0]])).toEqual([['Let me check', '', 9000]]);
    expect(shown('The list:\n- a\n- b', [[0, 0]])).toEqual([['The list', '- a\n- b', 9000]]);
  });

  it('keep numbers and file names whole', () => {
    expect(shown('In config.ts version 3.5 is set. Fine.', [[0, 0]])[0]?.[0]).toBe('In config.ts version 3.5 is set');
  });

  it('work for Chinese', () => {
    expect(shown('首先看循环。它会提前退出。', [[0, 0]])).toEqual([['首先看循环', '它会提前退出。', 9000]]);
    const long = '好的用户想知道为什么停止会丢失最后一块数据我需要仔细看一下代码里面的循环和解码器的处理方式';
    const [title = ''] = shown(long, [[0, 0]])[0] ?? [];
    expect(title.length).toBeLessThan(32);
    expect(title.endsWith('…')).toBe(true);
  });

  it('leave the time of the last one open while it goes on', () => {
    expect(shown('One.\n\nTwo.', [[0, 0], [6, 3000]], { status: 'streaming' }).map(([, , ms]) => ms)).toEqual([3000, undefined]);
  });

  it('hold without any marks, with marks beyond the text, and with empty ones', () => {
    expect(shown('One.', [])).toEqual([['One', '', 9000]]);
    expect(shown('One.', [[0, 0], [50, 100]])).toHaveLength(1);
    expect(shown('One.\n\n\n\n', [[0, 0], [6, 100]])).toHaveLength(1);
    expect(shown('', [[0, 0]])).toEqual([]);
  });

  it('never cut a character in two', () => {
    const [title = ''] = shown('😀'.repeat(80), [[0, 0]])[0] ?? [];
    expect(title).toMatch(/^(?:😀)+…$/u);
  });
});

describe('finding', () => {
  const thoughts = [
    { turnId: 'a', text: 'An abort. Call `abort()` (once).' },
    { turnId: 'b', text: 'No ABORT here: a+b' },
  ];

  it('goes through all thoughts, whatever the case', () => {
    expect(findMatches(thoughts, 'abort').map(({ turnId, start }) => [turnId, start])).toEqual([['a', 3], ['a', 16], ['b', 3]]);
  });

  it('takes the words as they are', () => {
    expect(findMatches(thoughts, 'a+b')).toHaveLength(1);
    expect(findMatches(thoughts, '(once)')).toHaveLength(1);
    expect(findMatches(thoughts, ' ')).toEqual([]);
  });

  it('ends at a bound', () => {
    expect(findMatches([{ turnId: 'x', text: 'a'.repeat(100_000) }], 'a').length).toBeLessThanOrEqual(2000);
  });

  it('marks matches across inline code', () => {
    const text = thoughts[0]?.text ?? '';
    const matches = findMatches(thoughts, 'abort').filter(({ turnId }) => turnId === 'a');
    expect(segments(text, { start: 0, end: text.length }, matches, matches[1])).toEqual([
      { text: 'An ', code: false, mark: 'none' },
      { text: 'abort', code: false, mark: 'hit' },
      { text: '. Call ', code: false, mark: 'none' },
      { text: 'abort', code: true, mark: 'current' },
      { text: '()', code: true, mark: 'none' },
      { text: ' (once).', code: false, mark: 'none' },
    ]);
  });

  it('leaves lone backticks alone', () => {
    const parts = segments('a ` b', { start: 0, end: 5 }, [], undefined);
    expect(parts).toEqual([{ text: 'a ` b', code: false, mark: 'none' }]);
  });
});

describe('an empty thinking view', () => {
  it('says why', () => {
    expect(reason({ kind: 'never', mode: 'auto', modelName: 'Qwen3-4B-Instruct' })).toBe('Qwen3-4B-Instruct answers without thinking.');
    expect(reason({ kind: 'hybrid', mode: 'off', modelName: undefined })).toMatch(/^Thinking is off/);
    expect(reason({ kind: 'always', mode: 'off', modelName: undefined })).toMatch(/^No thoughts yet/);
    expect(reason({ kind: undefined, mode: 'auto', modelName: undefined })).toMatch(/^No thoughts yet/);
  });
});
