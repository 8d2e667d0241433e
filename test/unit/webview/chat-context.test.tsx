// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { ChipState, ContextState } from '../../../src/protocol/webview.ts';
import { contextNews } from '../../../src/webview/chat/announcer.tsx';
import { composer, find, press, root, sent, settle, show, state, turn, type } from './chat-support.tsx';

function chip(id: string, changes: Partial<ChipState> = {}): ChipState {
  return { id, kind: 'file', label: `${id}.ts`, detail: 'src', tokens: 1180, pinned: true, ...changes };
}

function context(changes: Partial<ContextState>): ContextState {
  return { chips: [], offers: [], leftOut: [], ...changes };
}

const picks = (status: 'indexing' | 'picking' | 'ready', ...ids: string[]): ContextState =>
  context({
    chips: [chip('w', { kind: 'workspace', label: 'Workspace' })],
    picks: { status, files: ids.map((id) => ({ id, path: `src/${id}.ts`, tokens: 1400, why: 'names it' })), progress: { done: 50, total: 200 } },
  });

const focused = (): string => document.activeElement?.textContent ?? '';
const chipButton = (id: string): HTMLElement => find(`[data-chip="${id}"] [data-stop]`);
const statusTexts = (): string => [...root().querySelectorAll('[role="status"]')].map((element) => element.textContent).join('|');
const button = (label: string): HTMLElement => find(`button[aria-label="${label}"]`);

describe('chips', () => {
  const three = context({ chips: [chip('a'), chip('b', { tokens: undefined, problem: 'Not there any more' }), chip('c', { tokens: undefined })], offers: [{ id: 'o', kind: 'file', label: 'o.ts' }] });

  it('say what they are, exactly, and what is wrong', async () => {
    await show(state({ context: three }));
    expect(chipButton('a').title).toBe('a.ts\nFile\nsrc\n1,180 tokens\nStays for the next questions');
    expect(chipButton('a').textContent).toBe('a.ts, File, src, 1,180 tokens, Stays for the next questions1.2k');
    expect(chipButton('b').title).toContain('Not there any more');
    expect(root().querySelectorAll('[data-chip="b"] .codicon-warning')).toHaveLength(1);
    expect(chipButton('c').textContent).toContain('tokens being counted');
    expect(find('[data-chip="c"] .chip-tokens').textContent).toBe('…');
  });

  it('open, go, and are added with one click each', async () => {
    await show(state({ context: three }));
    chipButton('a').click();
    button('Remove a.ts').click();
    button('Add o.ts').click();
    expect(sent()).toEqual([
      { type: 'openContext', id: 'a' },
      { type: 'removeContext', id: 'a' },
      { type: 'addContext', id: 'o' },
    ]);
  });

  it('are one stop for Tab, and arrow keys move among them', async () => {
    await show(state({ context: three }));
    const tabbable = (): number => [...root().querySelectorAll<HTMLElement>('.chips button')].filter((element) => element.tabIndex === 0).length;
    find('.add-context').focus();
    for (const [key, words] of [['ArrowRight', 'a.ts'], ['ArrowRight', 'b.ts'], ['End', 'o.ts'], ['ArrowRight', 'o.ts'], ['ArrowLeft', 'c.ts'], ['Home', 'Add context']] as const) {
      await press(document.activeElement as HTMLElement, key);
      expect(focused()).toContain(words);
      expect(tabbable()).toBe(1);
    }
  });

  it('go with Delete or Backspace, and the focus to the next, then the one before, then the field', async () => {
    await show(state({ context: three }));
    chipButton('b').focus();
    await press(chipButton('b'), 'Delete');
    expect(focused()).toContain('c.ts');
    await show(state({ context: context({ chips: [chip('a'), chip('c')] }) }));
    expect(chipButton('c').tabIndex).toBe(0);
    await press(chipButton('c'), 'Backspace');
    expect(focused()).toContain('a.ts');
    await show(state({ context: context({ chips: [chip('a')] }) }));
    await press(chipButton('a'), 'Delete');
    expect(document.activeElement).toBe(composer());
    expect(sent()).toEqual(['b', 'c', 'a'].map((id) => ({ type: 'removeContext', id })));
  });

  it('are reached with Backspace from the empty field, not from one with a text, and left with Escape', async () => {
    await show(state({ context: three }));
    await type(composer(), 'x');
    composer().focus();
    await press(composer(), 'Backspace');
    expect(document.activeElement).toBe(composer());
    await type(composer(), '');
    await press(composer(), 'Backspace');
    expect(focused()).toContain('c.ts');
    await press(chipButton('c'), 'Escape');
    expect(document.activeElement).toBe(composer());
    expect(sent()).toEqual([]);
  });
});

describe('files that were picked', () => {
  it('can be removed and kept', async () => {
    await show(state({ context: picks('ready', 'a', 'b', 'c') }));
    expect(find('.picks .disclosure').textContent).toBe('3 files picked, 4.2k tokens');
    button('Remove a.ts').click();
    button('Keep b.ts in the context').click();
    expect(sent()).toEqual([
      { type: 'removePick', id: 'a' },
      { type: 'pinPick', id: 'b' },
    ]);
  });

  it.each(['picking', 'indexing'] as const)('hold Enter back while %s, say so, and do not send by themselves', async (status) => {
    await show(state({ context: picks(status, 'a') }));
    await type(composer(), 'Why?');
    await press(composer(), 'Enter');
    button('Send').click();
    await settle();
    expect(sent()).toEqual([]);
    expect(composer().value).toBe('Why?');
    expect(statusTexts()).toContain('Choosing files…');
    expect(find('.picks .disclosure').textContent).toBe('Choosing files…');
    await show(state({ context: picks('ready', 'a', 'b') }));
    expect(sent()).toEqual([]);
    expect(find('.picks .disclosure').textContent).toBe('2 files picked, 2.8k tokens');
    await press(composer(), 'Enter');
    expect(sent()).toEqual([{ type: 'send', text: 'Why?' }]);
  });

  it('keep their room when there are fewer of them', async () => {
    await show(state({ context: picks('ready', 'a', 'b', 'c') }));
    await show(state({ context: picks('picking', 'a') }));
    expect(find('.pick-rows').style.getPropertyValue('--rows')).toBe('3');
  });

  it('are looked for with a bar', async () => {
    await show(state({ context: picks('indexing') }));
    expect(find('.picks [role="progressbar"]').getAttribute('aria-valuetext')).toBe('50 of 200 files');
  });
});

describe('a drop', () => {
  function drag(kind: string, data: Record<string, string>): Event {
    const event = new Event(kind, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types: Object.keys(data), getData: (name: string) => data[name] ?? '', dropEffect: 'none' }, relatedTarget: null });
    document.body.dispatchEvent(event);
    return event;
  }
  const file = { 'application/vnd.code.uri-list': 'file:///a.ts' };
  const overlay = (): Element | null => root().querySelector('.drop-overlay');

  it('shows where it goes, with the key it takes, and adds what was dropped', async () => {
    await show(state());
    expect(drag('dragover', file).defaultPrevented).toBe(true);
    await settle();
    expect(overlay()?.textContent).toContain('Shift');
    drag('drop', file);
    await settle();
    expect(overlay()).toBeNull();
    expect(sent()).toEqual([{ type: 'dropContext', uris: ['file:///a.ts'] }]);
  });

  it('goes away with the pointer', async () => {
    await show(state());
    drag('dragover', file);
    drag('dragleave', file);
    await settle();
    expect(overlay()).toBeNull();
  });

  it('leaves text to the field, and what is dragged within the view alone', async () => {
    await show(state());
    expect(drag('dragover', { 'text/plain': 'x' }).defaultPrevented).toBe(false);
    drag('dragstart', file);
    expect(drag('drop', file).defaultPrevented).toBe(false);
    drag('dragend', file);
    expect(sent()).toEqual([]);
  });
});

describe('what is left out', () => {
  const leftOut = [
    { label: 'a.ts', tokens: 4800, why: 'does not fit' },
    { label: 'b.png', tokens: undefined, why: 'binary' },
  ];

  it('unfolds to what and why, in the composer and in a turn', async () => {
    await show(state({ context: context({ leftOut }), turns: [turn({ leftOut: leftOut.slice(0, 1) })] }));
    const next = find('.composer .left-out');
    expect(next.textContent).toBe('2 files are left out');
    next.querySelector('button')?.click();
    const past = find('.question .left-out');
    expect(past.textContent).toBe('1 file was left out');
    past.querySelector('button')?.click();
    await settle();
    expect([...next.querySelectorAll('li')].map((line) => line.textContent)).toEqual(['a.tsdoes not fit4.8ktokens', 'b.pngbinary']);
    expect(past.querySelectorAll('li')).toHaveLength(1);
  });

  it('is not spoken of when there is nothing', async () => {
    await show(state({ turns: [turn({ leftOut: [] })] }));
    expect(root().querySelector('.left-out')).toBeNull();
  });
});

describe('a turn', () => {
  it('shows what was sent along by its kind, and what the engine did', async () => {
    await show(state({ turns: [turn({ files: [{ path: 'src', tokens: 24_400, kind: 'folder' }, { path: 'src/a.ts', tokens: 5 }], notices: ['8-bit KV cache is on.'] })] }));
    expect([...root().querySelectorAll('.sent-files .codicon')].map((icon) => icon.className)).toEqual(['codicon codicon-folder', 'codicon codicon-file-code']);
    expect(find('.notices').textContent).toBe('8-bit KV cache is on.');
  });

  it('says what came back from disk', async () => {
    await show(state({ turns: [turn({ status: 'reading', answer: '', reading: { done: 600, total: 9000, cached: 6570, restored: 6144, msLeft: undefined } })] }));
    expect(find('.progress .meta').textContent).toBe('6,570 already cached, 6,144 restored from disk. Stop keeps what is read.');
  });
});

describe('the fold', () => {
  const turns = [turn({ id: '1' }), turn({ id: '2' }), turn({ id: '3' })];

  it('stands where the model begins to read, and can be compacted', async () => {
    await show(state({ turns, folded: { turns: 2 } }));
    expect(find('.fold').previousElementSibling?.getAttribute('data-turn')).toBe('2');
    expect(find('[role="separator"]').getAttribute('aria-label')).toBe('The model no longer reads the 2 turns above');
    find('.fold button').click();
    expect(sent()).toEqual([{ type: 'compact' }]);
  });

  it('shows the summary, and takes it back', async () => {
    await show(state({ turns, folded: { turns: 1, summary: 'They **met**.' } }));
    expect(find('[role="separator"]').getAttribute('aria-label')).toBe('Above is summarised for the model');
    find('.fold [aria-expanded]').click();
    await settle();
    expect(find('.fold strong').textContent).toBe('met');
    find('.fold-undo').click();
    expect(sent()).toEqual([{ type: 'undoCompact' }]);
  });

  it('offers nothing while a summary or an answer is written', async () => {
    await show(state({ turns, folded: { turns: 1, busy: true } }));
    expect(find('.fold [role="progressbar"]')).toBeTruthy();
    expect(root().querySelector('.fold button')).toBeNull();
    await show(state({ turns: [...turns, turn({ id: '4', status: 'writing' })], folded: { turns: 1 } }));
    expect(find('.fold button').hasAttribute('disabled')).toBe(true);
  });
});

describe('the meter', () => {
  it('says how long until the first word, and that the window grows', async () => {
    await show(state({ window: { used: 40_960, cached: 100, size: 32_768, largest: 131_072, firstTokenMs: 4200 } }));
    expect(find('[role="meter"]').getAttribute('aria-valuetext')).toBe('40,960 of 32k tokens used, 100 cached, can grow to 128k, first word in about 4\u00a0s');
    expect(find('.grows').textContent).toBe('can grow to 128k');
  });

  it('says in words when even the largest window is too small', async () => {
    await show(state({ window: { used: 140_000, cached: 0, size: 32_768, largest: 131_072 } }));
    expect(find('.too-many').textContent).toBe('8,928 too many');
    expect(find('.meter .beyond')).toBeTruthy();
    expect(root().querySelector('.grows')).toBeNull();
  });
});

describe('what is announced of the context', () => {
  it('is what comes and goes by hand, and files that were picked', () => {
    const none = context({});
    const one = context({ chips: [chip('a')] });
    expect(contextNews(none, one, false)).toBe('Added a.ts to the context');
    expect(contextNews(one, none, false)).toBe('Removed a.ts from the context');
    expect(contextNews(one, none, true)).toBe('');
    expect(contextNews(one, context({ chips: [chip('a', { tokens: 7 })] }), false)).toBe('');
    expect(contextNews(picks('picking', 'a'), picks('ready', 'a', 'b'), false)).toBe('2 files picked, 2.8k tokens');
    expect(contextNews(picks('picking', 'a'), picks('ready', 'a'), false)).toBe('');
  });

  it('reaches the status line, and not from one conversation to another', async () => {
    await show(state());
    await show(state({ context: context({ chips: [chip('a')] }) }));
    expect(statusTexts()).toContain('Added a.ts to the context');
    await show(state({ conversationId: 'd', context: context({ chips: [chip('b')] }) }));
    expect(statusTexts()).not.toContain('b.ts');
  });
});
