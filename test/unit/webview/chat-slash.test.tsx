// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChatMessage, SlashState } from '../../../src/protocol/webview.ts';
import { slashAt } from '../../../src/webview/chat/slash/query.ts';
import { composer, drafted, find, press, root, sent, settle, show, state, turn, type } from './chat-support.tsx';

const commands: readonly SlashState[] = [
  { name: 'explain', description: 'Explain code', hint: 'what about it', matches: [] },
  { name: 'refactor', description: 'Change code', hint: 'what to change', matches: [] },
  { name: 'fix', description: 'Fix problems', matches: [] },
  { name: 'review', description: 'Review the file', matches: [], path: '.github/prompts/review.prompt.md' },
];

function answer(query: string, ...items: readonly SlashState[]): ChatMessage {
  return { type: 'slashes', query, items };
}

const isOpen = (): boolean => root().querySelector('.slash-menu') !== null;
const names = (): string[] => [...root().querySelectorAll('.slash-menu .option-label')].map(({ textContent }) => textContent);
const active = (): string | undefined => document.getElementById(composer().getAttribute('aria-activedescendant') ?? '')?.querySelector('.option-label')?.textContent;
const queries = (): string[] => sent().flatMap((request) => (request.type === 'slash' ? [request.query] : []));
const others = (): readonly unknown[] => sent().filter((request) => request.type !== 'slash');
const ghost = (): string | undefined => root().querySelector('.field-ghost')?.lastChild?.textContent ?? undefined;

beforeEach(() => {
  Object.assign(document, { execCommand: () => false });
});

async function open(text = '/', query = ''): Promise<void> {
  await show(state());
  composer().focus();
  await type(composer(), text);
  await show(answer(query, ...commands));
}

describe('the name of a command', () => {
  it.each([
    ['/', 1, ''],
    ['/ex', 3, 'ex'],
    ['/explain', 3, 'ex'],
    ['/fix the loop', 4, 'fix'],
    ['/修', 2, '修'],
  ])('in %j at %i is %j', (text, caret, query) => expect(slashAt(text, caret)?.text).toBe(query));

  it.each([
    ['a /fix', 6],
    [' /fix', 5],
    ['/usr/bin', 3],
    ['/usr/bin', 8],
    ['//', 2],
    ['/fix the loop', 8],
    ['/fix', 0],
    ['', 0],
  ])('in %j at %i is none', (text, caret) => expect(slashAt(text, caret)).toBeUndefined());
});

describe('the menu at /', () => {
  it('asks with each change and shows names, descriptions and what may follow', async () => {
    await open();
    expect(queries()).toEqual(['']);
    expect(names()).toEqual(['/explain', '/refactor', '/fix', '/review']);
    expect(find('#slash-1').textContent).toBe('/refactorChange codewhat to change');
    await type(composer(), '/re');
    expect(queries()).toEqual(['', 're']);
    await show(answer('re', { name: 'refactor', description: 'Change code', matches: [0, 1] }));
    expect(find('#slash-0 b').textContent).toBe('/re');
  });

  it('tells a screen reader of the list and of the line in it', async () => {
    await open();
    expect(composer().getAttribute('aria-autocomplete')).toBe('list');
    expect(find(`#${composer().getAttribute('aria-controls') ?? ''}`).getAttribute('aria-label')).toBe('Commands');
    expect(active()).toBe('/explain');
    await press(composer(), 'ArrowUp');
    expect(active()).toBe('/review');
    expect(find('[role="status"].hidden').textContent).toBe('4 results');
  });

  it.each(['Enter', 'Tab'])('completes with %s, sends nothing, and hints at what may follow', async (key) => {
    await open('/re', 're');
    await press(composer(), 'ArrowDown');
    await press(composer(), key);
    expect([composer().value, drafted(), composer().selectionStart]).toEqual(['/refactor ', '/refactor ', 10]);
    expect(others()).toEqual([]);
    expect(isOpen()).toBe(false);
    expect(ghost()).toBe('what to change');
    expect(find('[role="status"].hidden').textContent).toBe('what to change');
    await type(composer(), '/refactor r');
    expect(ghost()).toBeUndefined();
    await press(composer(), 'Enter');
    expect(others()).toEqual([{ type: 'send', text: '/refactor r' }]);
  });

  it('sends a whole name with the first Enter where nothing may follow it, however late the list is', async () => {
    await open('/', '');
    await type(composer(), '/fix');
    await press(composer(), 'Enter');
    expect(others()).toEqual([{ type: 'send', text: '/fix' }]);
    expect(isOpen()).toBe(false);
  });

  it('makes room behind a whole name where something may follow', async () => {
    await open('/refactor', 'refactor');
    await press(composer(), 'ArrowDown');
    await press(composer(), 'Enter');
    expect(composer().value).toBe('/refactor ');
    expect(others()).toEqual([]);
  });

  it('puts the name in place of the whole word, and no second space before an argument', async () => {
    await open('/ex the loop', 'ex');
    composer().setSelectionRange(2, 2);
    composer().dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    await show(answer('e', ...commands));
    await press(composer(), 'Tab');
    expect(composer().value).toBe('/explain the loop');
  });

  it('chooses with a click', async () => {
    await open();
    find('#slash-2').click();
    await settle();
    expect(composer().value).toBe('/fix ');
    expect(ghost()).toBeUndefined();
  });

  it('closes with Escape, which does not stop the answer, and stays closed for that word', async () => {
    await open();
    await show(state({ turns: [turn({ status: 'writing' })] }));
    await press(composer(), 'Escape');
    expect(isOpen()).toBe(false);
    expect(others()).toEqual([]);
    await type(composer(), '/f');
    expect(queries()).toEqual(['']);
    await type(composer(), '');
    await type(composer(), '/');
    expect(queries()).toEqual(['', '']);
  });

  it('stays away from what is no command, which Enter then sends', async () => {
    await open('/zzz', 'zzz');
    await type(composer(), '/zzzz');
    await show(answer('zzzz'));
    expect(isOpen()).toBe(false);
    expect(composer().hasAttribute('aria-controls')).toBe(false);
    await press(composer(), 'Enter');
    expect(others()).toEqual([{ type: 'send', text: '/zzzz' }]);
  });

  it('neither asks for a path nor holds it back', async () => {
    await show(state());
    await type(composer(), '/usr/bin is full');
    await press(composer(), 'Enter');
    expect(sent()).toEqual([{ type: 'send', text: '/usr/bin is full' }]);
  });

  it('gives way to the menu of "Add context"', async () => {
    await open();
    find('.add-context').click();
    await settle();
    expect(isOpen()).toBe(false);
  });

  it('closes when the field loses the focus', async () => {
    await open();
    composer().blur();
    await settle();
    expect(isOpen()).toBe(false);
  });
});

describe('the rules of the workspace', () => {
  it('are named with their tokens, and open with a press', async () => {
    await show(state({ rules: [{ path: 'AGENTS.md', tokens: 100 }, { path: '.github/copilot-instructions.md', tokens: 20 }] }));
    expect(find('.rules-line').textContent).toBe('Rules:AGENTS.md.github/copilot-instructions.md· 120 tokens');
    find('.rule-link').click();
    expect(sent()).toEqual([{ type: 'openRule', path: 'AGENTS.md' }]);
  });

  it('say no figure before they are counted, and are not there where there are none', async () => {
    await show(state({ rules: [{ path: 'AGENTS.md', tokens: undefined }] }));
    expect(find('.rules-line').textContent).toBe('Rules:AGENTS.md');
    await show(state());
    expect(root().querySelector('.rules-line')).toBeNull();
  });
});
