// @ts-check
/** The scenes of what goes into the context: chips, the menu at `@`, picked files, what is left out, the fold. */
import { post } from './page.mjs';
import { chat, first, settings, turn, writing } from './states.mjs';

/** @typedef {import('../../src/protocol/webview.ts').ContextState} ContextState */
/** @typedef {import('./states.mjs').Scene} Scene */
/** @typedef {import('@playwright/test').Page} Page */

/** @param {Partial<ContextState>} changes @returns {ContextState} */
export function context(changes) {
  return { chips: [], offers: [], leftOut: [], ...changes };
}

/** @type {ContextState['chips']} */
const chips = [
  { id: 'f', kind: 'file', label: 'stream.ts', detail: 'src/server', tokens: 1180, pinned: true },
  { id: 's', kind: 'selection', label: 'Lines 48–71', detail: 'src/webview/chatView.ts', tokens: 310, pinned: false },
  { id: 'd', kind: 'folder', label: 'src/shared', tokens: 3120, pinned: true },
  { id: 'p', kind: 'problems', label: '3 problems', detail: 'stream.ts', tokens: 180, pinned: false },
  { id: 'g', kind: 'diff', label: 'Changes', detail: '4 files', tokens: undefined, pinned: false },
];

/** @type {ContextState['chips']} */
const workspaceChip = [{ id: 'w', kind: 'workspace', label: 'Workspace', tokens: 4164, pinned: false }];

/** @type {ContextState['offers']} */
const offers = [
  { id: 'o1', kind: 'file', label: 'chatView.ts', detail: 'src/webview' },
  { id: 'o2', kind: 'selection', label: 'Lines 198–240', detail: 'src/webview/chatView.ts' },
];

/** @type {ContextState['leftOut']} */
const leftOut = [
  { label: 'src/generated/schema.ts', tokens: 48_200, why: 'does not fit' },
  { label: 'media/logo.png', tokens: undefined, why: 'binary' },
];

const picked = [
  { id: 'p1', path: 'src/server/stream.ts', tokens: 1180, why: 'names decode and Stop' },
  { id: 'p2', path: 'src/webview/chatView.ts', tokens: 2064, why: 'imports stream.ts' },
  { id: 'p3', path: 'test/server/stream.test.ts', tokens: 920, why: 'open now' },
];

const mentionGroups = [
  {
    title: 'Files',
    items: [
      { id: 'm1', kind: 'file', label: 'stream.ts', detail: 'src/server', matches: [0, 1], tokens: 1180, insert: 'stream.ts' },
      { id: 'm2', kind: 'file', label: 'stream.test.ts', detail: 'src/server', matches: [0, 1], tokens: 2064, insert: 'stream.test.ts' },
      { id: 'm3', kind: 'folder', label: 'storage', detail: 'src', matches: [0, 1], tokens: 6800, insert: 'storage' },
      { id: 'm4', kind: 'file', label: 'a-file-with-a-name-that-goes-on-and-on-and-still-has-stream-in-it.ts', detail: 'src/somewhere/far/down', matches: [56, 57], insert: 'x' },
    ],
  },
  {
    title: 'Symbols',
    items: [
      { id: 'm5', kind: 'symbol', label: 'streamTokens', detail: 'stream.ts:31', matches: [0, 1], tokens: 640, insert: 'streamTokens' },
      { id: 'm6', kind: 'symbol', label: 'StoreIndex', detail: 'storage/index.ts:12', matches: [0, 1], tokens: 910, insert: 'StoreIndex' },
    ],
  },
  { title: 'Workspace', items: [{ id: 'm7', kind: 'diff', label: 'Staged changes', detail: '4 files', matches: [0, 1], tokens: 2400, insert: '' }] },
];

/** @param {string} question @param {unknown} answer */
const mention = (question, answer) => async (/** @type {Page} */ page) => {
  await page.locator('.composer textarea').focus();
  await page.keyboard.type(question);
  await page.waitForTimeout(60);
  await post(page, [answer]);
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(60);
};

/** Files hover over the page. @param {Page} page */
const dragOver = async (page) => {
  await page.evaluate(() => {
    const data = new window.DataTransfer();
    data.setData('text/uri-list', 'file:///a.ts');
    document.body.dispatchEvent(new window.DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForTimeout(100);
};

const summary = 'The user asked where settings are read. `loadSettings()` in `src/config.ts` reads them **once**, before the server starts; workspace values override user values.\n\n- The reader loses its last bytes on Stop.\n- `decode()` has to be flushed in `finally`.';

/** @type {import('../../src/protocol/webview.ts').SlashState[]} */
const slashes = [
  { name: 'explain', description: 'Explain code', hint: 'what about it', matches: [] },
  { name: 'refactor', description: 'Change code', hint: 'what to change', matches: [0, 1] },
  { name: 'fix', description: 'Fix problems', matches: [] },
  { name: 'doc', description: 'Write documentation', matches: [] },
  { name: 'tests', description: 'Write tests', matches: [] },
  { name: 'commit', description: 'Write a commit message', matches: [] },
  { name: 'review', description: 'Look for defects in the open file and say how to put them right', hint: 'what to look at', matches: [0, 1], path: '.github/prompts/review.prompt.md' },
];

/** @type {Scene[]} */
export const contextScenes = [
  { view: 'chat', name: 'chips', messages: [chat({ turns: [first], context: context({ chips, offers }) })] },
  { view: 'chat', name: 'chips-offered', messages: [chat({ context: context({ offers }), window: { used: 420, cached: 420, size: 32_768, firstTokenMs: 400 } })] },
  {
    view: 'chat',
    name: 'chips-focus',
    messages: [chat({ turns: [first], context: context({ chips, offers }) })],
    then: async (page) => {
      await page.locator('.composer textarea').focus();
      await page.keyboard.press('Backspace');
      await page.keyboard.press('ArrowLeft');
    },
  },
  {
    view: 'chat',
    name: 'chips-problem',
    messages: [
      chat({
        turns: [first],
        context: context({
          chips: [
            { id: 'gone', kind: 'file', label: 'gone.ts', detail: 'src', tokens: undefined, pinned: true, problem: 'Not there any more' },
            { id: 'env', kind: 'file', label: '.env', tokens: 84, pinned: false, problem: 'Looks as if it held secrets' },
            { id: 'l', kind: 'file', label: 'a-file-with-a-name-that-goes-on-and-on-and-does-not-end-before-the-edge-of-the-view.ts', tokens: 12_400, pinned: true },
          ],
        }),
      }),
    ],
  },
  { view: 'chat', name: 'mention', messages: [chat({ turns: [first], context: context({ chips }) })], then: mention('Add a test for it, in the style of @st', { type: 'mentions', query: 'st', groups: mentionGroups, tokensLeft: 15_978 }) },
  { view: 'chat', name: 'mention-low', height: 420, messages: [chat({ turns: [first], context: context({ chips }) })], then: mention('@st', { type: 'mentions', query: 'st', groups: mentionGroups, tokensLeft: 15_978 }) },
  { view: 'chat', name: 'mention-none', messages: [chat({ turns: [first] })], then: mention('Look at @qqq', { type: 'mentions', query: 'qqq', groups: [], tokensLeft: 15_978 }) },
  { view: 'chat', name: 'slash', messages: [chat({ turns: [first], context: context({ chips: chips.slice(0, 1) }) })], then: mention('/', { type: 'slashes', query: '', items: slashes.map((item) => ({ ...item, matches: [] })) }) },
  { view: 'chat', name: 'slash-query', messages: [chat({ turns: [first] })], then: mention('/re', { type: 'slashes', query: 're', items: slashes.filter(({ name }) => name.startsWith('re')) }) },
  {
    view: 'chat',
    name: 'slash-hint',
    messages: [chat({ turns: [first] })],
    then: async (page) => {
      await mention('/ref', { type: 'slashes', query: 'ref', items: slashes.filter(({ name }) => name === 'refactor') })(page);
      await page.locator('.composer textarea').press('Tab');
      await page.waitForTimeout(60);
    },
  },
  { view: 'chat', name: 'rules', messages: [chat({ turns: [first], context: context({ chips }), rules: [{ path: 'AGENTS.md', tokens: 1180 }, { path: '.github/copilot-instructions.md', tokens: 120 }] })] },
  { view: 'chat', name: 'picks-ready', messages: [chat({ turns: [first], draft: 'Why does Stop lose the last chunk?', context: context({ chips: workspaceChip, picks: { status: 'ready', files: picked } }) })] },
  {
    view: 'chat',
    name: 'picks-held',
    messages: [chat({ turns: [first], draft: 'Why does Stop lose it?', context: context({ chips: workspaceChip, picks: { status: 'picking', files: picked } }) })],
    then: async (page) => {
      await page.locator('.composer textarea').press('Enter');
      await page.waitForTimeout(60);
    },
  },
  { view: 'chat', name: 'picks-indexing', messages: [chat({ turns: [first], draft: 'Why?', context: context({ chips: [{ id: 'w', kind: 'workspace', label: 'Workspace', tokens: undefined, pinned: false }], picks: { status: 'indexing', progress: { done: 8420, total: 20_112 }, files: [] } }) })] },
  { view: 'chat', name: 'picks-none', messages: [chat({ turns: [first], draft: 'Why?', context: context({ chips: workspaceChip, picks: { status: 'ready', files: [] } }) })] },
  { view: 'chat', name: 'drop', messages: [chat({ turns: [first] })], then: dragOver },
  { view: 'chat', name: 'left-out', messages: [chat({ turns: [first], context: context({ chips: chips.slice(0, 2), leftOut }) })] },
  {
    view: 'chat',
    name: 'left-out-open',
    messages: [chat({ turns: [first], context: context({ chips: chips.slice(0, 2), leftOut }) })],
    then: async (page) => {
      await page.getByRole('button', { name: '2 files are left out' }).click();
    },
  },
  { view: 'chat', name: 'meter-first-word', messages: [chat({ turns: [settings], window: { used: 16_790, cached: 11_070, size: 65_536, native: 32_768, firstTokenMs: 4200 } })] },
  { view: 'chat', name: 'meter-grows', messages: [chat({ turns: [settings], window: { used: 40_960, cached: 11_070, size: 32_768, largest: 131_072, firstTokenMs: 95_000 } })] },
  { view: 'chat', name: 'meter-over', messages: [chat({ turns: [settings], window: { used: 140_000, cached: 11_070, size: 65_536, native: 32_768, largest: 131_072 } })] },
  {
    view: 'chat',
    name: 'sent',
    messages: [
      chat({
        window: { used: 24_810, cached: 6570, size: 65_536, native: 32_768 },
        turns: [
          turn({
            id: 'k',
            question: 'Which other files in src read them?',
            files: [
              { path: 'src/server/stream.ts', tokens: 1180 },
              { path: 'Lines 48–71', tokens: 310, kind: 'selection' },
              { path: 'src', tokens: 24_400, kind: 'folder' },
              { path: 'Changes', tokens: 2400, kind: 'diff' },
            ],
            leftOut,
            notices: ['The window has grown to 65,536 tokens: YaRN ×2.', '8-bit KV cache is on.'],
            reading: { done: 6570 + 11_126, total: 24_810, cached: 6570, restored: 6144, msLeft: 9000 },
          }),
        ],
      }),
    ],
    then: async (page) => {
      await page.getByRole('button', { name: '2 files were left out' }).click();
    },
  },
  { view: 'chat', name: 'folded', messages: [chat({ turns: [settings, { ...settings, id: 's2' }, writing], folded: { turns: 2 } })] },
  { view: 'chat', name: 'folded-idle', messages: [chat({ turns: [settings, { ...settings, id: 's2', question: 'And then?' }], folded: { turns: 1 } })] },
  { view: 'chat', name: 'folded-busy', messages: [chat({ turns: [settings, { ...settings, id: 's2', question: 'And then?' }], folded: { turns: 1, busy: true } })] },
  {
    view: 'chat',
    name: 'folded-summary',
    messages: [chat({ turns: [settings, { ...settings, id: 's2', question: 'And then?' }], folded: { turns: 1, summary } })],
    then: async (page) => {
      await page.getByRole('button', { name: 'Summary', exact: true }).click();
    },
  },
];
