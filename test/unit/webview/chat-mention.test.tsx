// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatMessage, MentionState } from '../../../src/protocol/webview.ts';
import { composer, drafted, find, press, root, sent, settle, show, state, turn, type } from './chat-support.tsx';

function item(id: string, changes: Partial<MentionState> = {}): MentionState {
  return { id, kind: 'file', label: `${id}.ts`, matches: [], insert: `${id}.ts`, ...changes };
}

function answer(query: string, ...items: MentionState[]): ChatMessage {
  return { type: 'mentions', query, groups: items.length > 0 ? [{ title: 'Files', items }] : [], tokensLeft: 15_978 };
}

const options = (): string[] => [...root().querySelectorAll('[role="option"]')].map((option) => option.querySelector('.option-label')?.textContent ?? '');
const active = (): string | undefined => document.getElementById(composer().getAttribute('aria-activedescendant') ?? '')?.querySelector('.option-label')?.textContent;
const queries = (): string[] => sent().flatMap((request) => (request.type === 'mention' ? [request.query] : []));
const others = (): readonly unknown[] => sent().filter((request) => request.type !== 'mention');
const isOpen = (): boolean => root().querySelector('.mention-menu') !== null;

/** What a browser does at an editing command, which happy-dom knows nothing of. */
const execCommand = vi.fn((command: string, _ui?: boolean, text: string | undefined = '') => {
  const field = document.activeElement as HTMLTextAreaElement;
  field.setRangeText(command === 'delete' ? '' : text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
});

beforeEach(() => {
  execCommand.mockClear();
  Object.assign(document, { execCommand });
});

async function open(text = 'See @s', query = 's', ...items: MentionState[]): Promise<void> {
  await show(state());
  composer().focus();
  await type(composer(), text);
  await show(answer(query, ...(items.length > 0 ? items : [item('a'), item('b'), item('c')])));
}

describe('the menu at @', () => {
  it('asks with each change, and shows what came back for it', async () => {
    await open();
    expect(queries()).toEqual(['s']);
    expect(options()).toEqual(['a.ts', 'b.ts', 'c.ts']);
    expect(root().textContent).toContain('16k tokens left');
  });

  it('asks once in a frame, however much is typed in it', async () => {
    await show(state());
    for (const text of ['@', '@s', '@st']) {
      composer().value = text;
      composer().setSelectionRange(text.length, text.length);
      composer().dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.resolve();
    }
    await settle();
    expect(queries()).toEqual(['st']);
  });

  it('keeps the old list until the answer to the present query comes', async () => {
    await open();
    await type(composer(), 'See @st');
    await show(answer('x', item('wrong')));
    expect(options()).toEqual(['a.ts', 'b.ts', 'c.ts']);
    await show(answer('st', item('d')));
    expect(options()).toEqual(['d.ts']);
  });

  it('shows nothing from the last time it was open', async () => {
    await open();
    await press(composer(), 'Escape');
    await type(composer(), 'And ');
    await type(composer(), 'And @s');
    expect(isOpen()).toBe(false);
    await show(answer('s', item('new')));
    expect(options()).toEqual(['new.ts']);
  });

  it('tells a screen reader of the list and of the line in it', async () => {
    await open();
    expect(composer().getAttribute('aria-autocomplete')).toBe('list');
    expect(find(`#${composer().getAttribute('aria-controls') ?? ''}`).getAttribute('role')).toBe('listbox');
    expect(active()).toBe('a.ts');
    expect(root().textContent).toContain('3 results');
    await type(composer(), 'See ');
    expect(composer().hasAttribute('aria-controls')).toBe(false);
    expect(isOpen()).toBe(false);
  });

  it.each([
    ['ArrowDown', 'b.ts'],
    ['ArrowUp', 'c.ts'],
    ['End', 'c.ts'],
    ['PageDown', 'c.ts'],
  ])('goes with %s to %s', async (key, label) => {
    await open();
    await press(composer(), key);
    expect(active()).toBe(label);
  });

  it.each(['Enter', 'Tab'])('adds with %s, puts the name in place of the query and the caret behind it', async (key) => {
    await open('See @s');
    await press(composer(), 'ArrowDown');
    await press(composer(), key);
    expect(others()).toEqual([{ type: 'addContext', id: 'b' }]);
    expect([composer().value, drafted(), composer().selectionStart]).toEqual(['See b.ts', 'See b.ts', 8]);
    expect(execCommand).toHaveBeenCalledWith('insertText', false, 'b.ts');
    expect(document.activeElement).toBe(composer());
    expect(isOpen()).toBe(false);
  });

  it('adds with a click', async () => {
    await open();
    find('#mention-2').click();
    await settle();
    expect(others()).toEqual([{ type: 'addContext', id: 'c' }]);
  });

  it('takes the query out where there are no words to put', async () => {
    await open('See @s', 's', item('w', { insert: '' }));
    await press(composer(), 'Enter');
    expect([composer().value, drafted()]).toEqual(['See ', 'See ']);
  });

  it('replaces also where there are no editing commands', async () => {
    Object.assign(document, { execCommand: () => false });
    await open();
    await press(composer(), 'Enter');
    expect([composer().value, drafted()]).toEqual(['See a.ts', 'See a.ts']);
  });

  it('does not open again on a name with a sign of its own', async () => {
    await open('@w', 'w', item('w', { insert: '@workspace' }));
    await press(composer(), 'Enter');
    await show(answer('workspace', item('x')));
    expect(isOpen()).toBe(false);
  });

  it('closes with Escape, which does not stop the answer, and stays closed for that word', async () => {
    await open();
    await show(state({ turns: [turn({ status: 'writing' })] }));
    await press(composer(), 'Escape');
    expect(isOpen()).toBe(false);
    expect(others()).toEqual([]);
    await type(composer(), 'See @st');
    expect(queries()).toEqual(['s']);
    await type(composer(), 'See @st @n');
    expect(queries()).toEqual(['s', 'n']);
    await type(composer(), 'See ');
    await press(composer(), 'Escape');
    expect(others()).toEqual([{ type: 'stop' }]);
  });

  it('says when nothing was found, and Enter then closes it and sends nothing', async () => {
    await open();
    await type(composer(), 'See @sq');
    await show(answer('sq'));
    expect(find('.mention-menu').textContent).toContain('Nothing found');
    expect(composer().hasAttribute('aria-controls')).toBe(false);
    await press(composer(), 'Enter');
    expect(isOpen()).toBe(false);
    expect(others()).toEqual([]);
    await press(composer(), 'Enter');
    expect(others()).toEqual([{ type: 'send', text: 'See @sq' }]);
  });

  it('holds Enter back until the first answer is there', async () => {
    await show(state());
    await type(composer(), '@s');
    await press(composer(), 'Enter');
    expect(others()).toEqual([]);
  });

  it('leaves Shift+Enter to the text', async () => {
    await open();
    await press(composer(), 'Enter', { shiftKey: true });
    expect(others()).toEqual([]);
  });

  it('does nothing while an input method composes', async () => {
    await show(state());
    await type(composer(), '@shi', { isComposing: true });
    expect(queries()).toEqual([]);
    composer().dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    await settle();
    expect(queries()).toEqual(['shi']);
    await show(answer('shi', item('a'), item('b')));
    await press(composer(), 'ArrowDown', { isComposing: true });
    await press(composer(), 'Enter', { isComposing: true });
    expect(others()).toEqual([]);
    expect(active()).toBe('a.ts');
  });

  it('does not open in an address, nor where the caret only passes by', async () => {
    await show(state({ draft: 'see @s' }));
    composer().setSelectionRange(6, 6);
    composer().dispatchEvent(new KeyboardEvent('keyup', { key: 'ArrowRight', bubbles: true }));
    await type(composer(), 'me@example');
    expect(queries()).toEqual([]);
  });

  it('closes when the caret leaves the query, and when the field loses the focus', async () => {
    await open();
    composer().setSelectionRange(1, 1);
    composer().dispatchEvent(new KeyboardEvent('keyup', { key: 'Home', bubbles: true }));
    await settle();
    expect(isOpen()).toBe(false);
    await type(composer(), 'See @s');
    await show(answer('s', item('a')));
    expect(isOpen()).toBe(true);
    composer().blur();
    await settle();
    expect(isOpen()).toBe(false);
  });
});

describe('"Add context"', () => {
  it('opens the menu without a sign, filters by what is typed and takes that out again', async () => {
    await show(state({ draft: 'Why ' }));
    composer().setSelectionRange(4, 4);
    find('.add-context').click();
    await settle();
    expect(queries()).toEqual(['']);
    expect(document.activeElement).toBe(composer());
    expect(find('.add-context').getAttribute('aria-expanded')).toBe('true');
    await type(composer(), 'Why st');
    expect(queries()).toEqual(['', 'st']);
    await show(answer('st', item('a')));
    await press(composer(), 'Enter');
    expect(others()).toEqual([{ type: 'addContext', id: 'a' }]);
    expect(composer().value).toBe('Why ');
  });

  it('closes it when it is open', async () => {
    await show(state());
    find('.add-context').click();
    await settle();
    await show(answer('', item('a')));
    expect(isOpen()).toBe(true);
    find('.add-context').click();
    await settle();
    expect(isOpen()).toBe(false);
    expect(composer().value).toBe('');
  });
});
