// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { SetupCard, SetupState } from '../../../src/protocol/setup.ts';
import type { ChatMessage } from '../../../src/protocol/webview.ts';
import { composer, find, root, sent, settle, show, state } from './chat-support.tsx';

const card = (id: string, changes: Partial<SetupCard> = {}): SetupCard => ({
  id,
  name: id.toUpperCase(),
  description: 'Thinks.',
  files: ['Q4_K_M', 'Q8_0'].map((quantisation) => ({ quantisation, size: '2.5 GB', window: '32k context', fit: { kind: 'well', text: 'Fits your GPU: 36/36 layers', layers: { gpu: 36, all: 36 } } })),
  chosen: 'Q4_K_M',
  ...changes,
});

function setup(changes: Partial<SetupState> = {}): ChatMessage {
  return state({ engine: { kind: 'missing' }, setup: { status: 'ready', machine: 'A GPU', found: [], cards: [card('a', { recommended: 'The best.' }), card('b'), card('c'), card('d')], source: 'hub.test', ...changes } });
}

const button = (text: string, within: ParentNode = root()): HTMLElement => {
  const found = [...within.querySelectorAll<HTMLElement>('button')].find((each) => each.textContent.includes(text) || each.getAttribute('aria-label')?.includes(text));
  if (!found) throw new Error(`There is no button ${text}.`);
  return found;
};
const busy = { kind: 'busy', share: 0.43, parts: ['43 %', '24 MB/s'], news: 'Downloading A: 25 %', ways: [] } as const;

describe('the first run', () => {
  it('takes the place of the empty state, says where downloads come from, and leaves it when a model is there', async () => {
    await show(setup());
    expect(root().textContent).toContain('Choose a model');
    expect(root().textContent).toContain('Downloads come from hub.test.');
    expect(root().querySelector('.hero')).toBeNull();
    await show(state());
    expect(root().querySelector('.first')).toBeNull();
    expect(find('.starters button')).toBeTruthy();
  });

  it('shows three models, the recommended one first with the primary button, and the rest when asked', async () => {
    await show(setup());
    expect([...root().querySelectorAll('.model h3')].map((each) => each.textContent)).toEqual(['A', 'B', 'C']);
    expect([...root().querySelectorAll('.button.primary')].map((each) => each.textContent)).toEqual(['Download 2.5 GB']);
    expect(find('[data-model="a"] .badge').textContent).toBe('Recommended');
    button('More models').click();
    await settle();
    expect(root().querySelectorAll('.model')).toHaveLength(4);
    expect(document.activeElement).toBe(find('[data-model="d"]'));
  });

  it('never folds away what is being downloaded', async () => {
    await show(setup({ cards: [card('a'), card('b'), card('c'), card('d', { download: busy })] }));
    expect(find('[data-model="d"] [role=progressbar]')).toBeTruthy();
  });

  it('asks for the quantisation that is shown', async () => {
    await show(setup({ cards: [card('a', { chosen: 'Q8_0' })] }));
    button('Download').click();
    const select = find('select') as HTMLSelectElement;
    expect(select.getAttribute('aria-label')).toBe('Quantisation of A');
    select.value = 'Q4_K_M';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    expect(sent()).toEqual([
      { type: 'setupModel', action: 'download', model: 'a', quantisation: 'Q8_0' },
      { type: 'setupModel', action: 'choose', model: 'a', quantisation: 'Q4_K_M' },
    ]);
  });

  it('shows how a download goes, in a bar that speaks, with pause and cancel', async () => {
    await show(setup({ cards: [card('a', { download: busy })] }));
    const bar = find('[role=progressbar]');
    expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuetext')]).toEqual(['43', '43 %, 24 MB/s']);
    button('Pause').click();
    button('Cancel').click();
    expect(sent().map((each) => each.type === 'setupModel' && each.action)).toEqual(['pause', 'cancel']);
  });

  it('tells a screen reader the news, not each per cent', async () => {
    await show(setup({ cards: [card('a', { download: busy })] }));
    const status = find('.first .hidden[role=status]');
    expect(status.textContent).toBe('Downloading A: 25 %');
    await show(setup({ cards: [card('a', { download: { ...busy, share: 0.44, parts: ['44 %'] } })] }));
    expect(status.textContent).toBe('Downloading A: 25 %');
  });

  it('says why a download failed and offers the ways out by their place', async () => {
    await show(setup({ cards: [card('a', { download: { kind: 'failed', parts: ['Failed'], news: '', error: 'The disk is full', ways: ['Retry', 'Show folder'] } })] }));
    expect(find('[role=alert]').textContent).toBe('The disk is full');
    button('Show folder').click();
    expect(sent()).toEqual([{ type: 'setupWay', model: 'a', quantisation: 'Q4_K_M', way: 1 }]);
  });

  it('offers what is here already before any download', async () => {
    await show(setup({ found: [{ path: '/m.gguf', name: 'Qwen3-4B', where: 'In Ollama, 2.5 GB' }] }));
    expect([...root().querySelectorAll('.button.primary')].map((each) => each.textContent)).toEqual(['Use it']);
    button('Use it').click();
    button('Choose file').click();
    expect(sent()).toEqual([{ type: 'setupUse', path: '/m.gguf' }, { type: 'setupFile' }]);
  });

  it('says that it is looking, and what went wrong, with the file as a way out', async () => {
    await show(setup({ status: 'reading', cards: [] }));
    expect(root().textContent).toContain('Looking at what this computer has');
    await show(setup({ status: 'failed', problem: 'No engine', cards: [] }));
    button('Try again').click();
    button('Choose file').click();
    expect(find('[role=alert]').textContent).toContain('No engine');
    expect(sent()).toEqual([{ type: 'setupAgain' }, { type: 'setupFile' }]);
  });

  it('leaves the composer to write in, and sends nothing yet', async () => {
    await show(setup());
    expect(composer()).toBeTruthy();
  });
});
