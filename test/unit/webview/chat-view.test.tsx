// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { composer, drafted, find, input, press, root, sent, settle, show, state, textArea, turn, type } from './chat-support.tsx';

describe('the composer', () => {
  it('sends with Enter, and keeps nothing', async () => {
    await show(state());
    await type(composer(), ' Why? ');
    expect(drafted()).toBe(' Why? ');
    await press(composer(), 'Enter');
    expect(sent()).toEqual([{ type: 'send', text: 'Why?' }]);
    expect([composer().value, drafted()]).toEqual(['', '']);
  });

  it('leaves Shift+Enter and the Enter of an input method to the text', async () => {
    await show(state());
    await type(composer(), '为什么');
    await press(composer(), 'Enter', { shiftKey: true });
    await press(composer(), 'Enter', { isComposing: true });
    composer().dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    composer().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    expect(sent()).toEqual([]);
  });

  it('sends neither emptiness nor without a model', async () => {
    await show(state());
    await type(composer(), '  \n');
    await press(composer(), 'Enter');
    await show(state({ engine: { kind: 'missing' } }));
    await type(composer(), 'Why?');
    await press(composer(), 'Enter');
    expect(sent()).toEqual([]);
  });

  it('stops with Escape while an answer is on its way, and sends nothing meanwhile', async () => {
    await show(state({ turns: [turn({ status: 'writing' })] }));
    await type(composer(), 'And?');
    await press(composer(), 'Enter');
    await press(composer(), 'Escape');
    expect(sent()).toEqual([{ type: 'stop' }]);
    expect(find('button[aria-label="Stop"]')).toBeTruthy();
    expect(composer().value).toBe('And?');
  });

  it('takes a text from the host and the caret with it', async () => {
    await show(state({ draft: 'A draft' }));
    expect(composer().value).toBe('A draft');
    await show({ type: 'compose', text: 'Explain this' });
    expect(composer().value).toBe('A draft\nExplain this');
    expect(document.activeElement).toBe(composer());
  });

  it('opens the last question with the up arrow when it is empty', async () => {
    await show(state({ turns: [turn(), turn({ id: 'u', question: 'And then?' })] }));
    await press(composer(), 'ArrowUp');
    expect(textArea('Edit the question').value).toBe('And then?');
  });
});

describe('a turn', () => {
  it('can be edited and sent again', async () => {
    await show(state({ turns: [turn()] }));
    find('[aria-label="Edit and resend"]').click();
    await settle();
    const field = textArea('Edit the question');
    await type(field, 'Why not?');
    await press(field, 'Enter');
    expect(sent()).toEqual([{ type: 'resend', turnId: 't', text: 'Why not?' }]);
    expect(root().querySelector('textarea[aria-label="Edit the question"]')).toBeNull();
  });

  it('stays as it was when editing is given up', async () => {
    await show(state({ turns: [turn()] }));
    find('[aria-label="Edit and resend"]').click();
    await settle();
    await press(textArea('Edit the question'), 'Escape');
    expect(sent()).toEqual([]);
    expect(find('.bubble').textContent).toBe('Why?');
  });

  it('can be copied, generated again, and opens its thought', async () => {
    await show(state({ turns: [turn({ thought: { ms: 12_000, tokens: 5 } })] }));
    for (const selector of ['[aria-label="Copy answer"]', '[aria-label="Regenerate"]', '[data-thought]']) find(selector).click();
    expect(sent()).toEqual([
      { type: 'copy', text: 'Because.' },
      { type: 'regenerate', turnId: 't' },
      { type: 'openThought', turnId: 't' },
    ]);
    expect(find('[data-thought]').textContent).toBe('Thought for 12\u00a0s');
  });

  it('whose code names several files offers to apply all of it, once it is written', async () => {
    const answer = '```ts a.ts\nx\n```\n\n- and\n  ```ts b.ts\n  y\n  ```';
    for (const changes of [{ answer: answer.replace('b.ts', 'a.ts') }, { answer, status: 'writing' as const }]) {
      await show(state({ turns: [turn(changes)] }));
      expect(root().querySelector('[aria-label="Apply all"]')).toBeNull();
    }
    await show(state({ turns: [turn({ answer })] }));
    find('[aria-label="Apply all"]').click();
    find('[aria-label="Apply"]').click();
    expect(sent()).toEqual([
      { type: 'applyAll', turnId: 't' },
      { type: 'applyCode', code: 'x', path: 'a.ts' },
    ]);
  });

  it('says where it stands', async () => {
    for (const status of ['loading', 'reading', 'thinking', 'writing', 'done', 'stopped', 'failed'] as const) {
      await show(state({ turns: [turn({ status, answer: '' })] }));
      expect(find('[data-turn="t"]').dataset['status']).toBe(status);
    }
  });

  it('offers the ways out of an error', async () => {
    const error = { code: 'memory', title: 'Not enough memory', actions: [{ id: 'smaller', label: 'Use 32k' }] };
    await show(state({ turns: [turn({ status: 'failed', answer: '', error })] }));
    find('[data-error="memory"] button').click();
    expect(sent()).toEqual([{ type: 'errorAction', turnId: 't', action: 'smaller' }]);
    expect(find('[role="alert"]').textContent).toContain('Not enough memory');
  });

  it('counts what is read without what was cached', async () => {
    await show(state({ turns: [turn({ status: 'reading', answer: '', reading: { done: 600, total: 1000, cached: 200, msLeft: 9000 } })] }));
    const bar = find('[role="progressbar"]');
    expect(bar.getAttribute('aria-valuenow')).toBe('50');
    expect(bar.getAttribute('aria-valuetext')).toBe('50\u00a0%, about 9\u00a0s left');
  });
});

describe('thinking', () => {
  const model = { name: 'M', quantisation: undefined, placement: 'CPU', contextSize: 4096, demo: false } as const;

  it('is set in the popover, which Escape closes', async () => {
    await show(state());
    find('[data-thinking]').click();
    await settle();
    const off = input('[value="off"][name^="popover"]');
    off.checked = true;
    off.dispatchEvent(new Event('change', { bubbles: true }));
    const range = input('[type="range"]');
    expect(range.getAttribute('aria-valuetext')).toBe('4,096 tokens');
    range.value = '0';
    range.dispatchEvent(new Event('change', { bubbles: true }));
    expect(sent()).toEqual([
      { type: 'setThinking', mode: 'off' },
      { type: 'setBudget', tokens: 512 },
    ]);
    await press(range, 'Escape');
    expect(root().querySelector('[role="dialog"]')).toBeNull();
  });

  it('cannot be set for a model that never thinks', async () => {
    await show(state({ engine: { kind: 'ready', model: { ...model, thinking: 'never' } } }));
    expect(find('[data-thinking="never"]').hasAttribute('disabled')).toBe(true);
  });

  it('has only a budget for a model that always thinks', async () => {
    await show(state({ engine: { kind: 'ready', model: { ...model, thinking: 'always' } } }));
    find('[data-thinking="always"]').click();
    await settle();
    expect(root().querySelectorAll('input[type="radio"]')).toHaveLength(0);
    expect(root().querySelectorAll('input[type="range"]')).toHaveLength(1);
  });
});

describe('an empty conversation', () => {
  it('offers questions', async () => {
    await show(state());
    find('.starters button').click();
    expect(sent()).toEqual([{ type: 'send', text: 'Write tests' }]);
  });

  it('leads to a model, or back to the engine', async () => {
    await show(state({ engine: { kind: 'missing' } }));
    find('.engine .button').click();
    await show(state({ engine: { kind: 'down', message: 'It stopped.' } }));
    find('.engine .button').click();
    expect(sent()).toEqual([{ type: 'pickModel' }, { type: 'restartEngine' }]);
  });

  it('says of a demonstration that it is one', async () => {
    const model = { name: 'Demo', quantisation: undefined, thinking: 'hybrid', placement: 'CPU', contextSize: 4096, demo: true } as const;
    await show(state({ engine: { kind: 'ready', model } }));
    expect(root().textContent).toContain('Demo model: knows a few dozen questions');
  });
});
