// @ts-check
/** The first run, in each state that a newcomer can meet. */
import { chat } from './states.mjs';

/** @typedef {import('./states.mjs').Scene} Scene */
/** @typedef {import('../../src/protocol/setup.ts').SetupState} SetupState */
/** @typedef {import('../../src/protocol/setup.ts').SetupCard} SetupCard */
/** @typedef {import('../../src/protocol/setup.ts').SetupFile} SetupFile */

/** @type {(quantisation: string, size: string, window: string, gpu?: number) => SetupFile} */
const file = (quantisation, size, window, gpu = 36) => ({
  quantisation,
  size,
  window,
  fit: gpu === 36 ? { kind: 'well', text: 'Fits your GPU: 36/36 layers', layers: { gpu, all: 36 } } : { kind: 'partly', text: `${gpu}/36 layers on your GPU. Slower.`, layers: { gpu, all: 36 } },
});

/** @type {SetupCard} */
const first = {
  id: 'qwen3-4b',
  name: 'Qwen3-4B',
  description: 'Thinks when a question needs it.',
  recommended: 'The best balance, and all of it runs on your GPU.',
  files: [file('Q4_K_M', '2.5 GB', '32k context, 128k with YaRN'), file('Q8_0', '4.3 GB', '32k context, 128k with YaRN')],
  chosen: 'Q4_K_M',
};
/** @type {SetupCard} */
const instruct = { id: 'qwen3-4b-instruct-2507', name: 'Qwen3-4B-Instruct-2507', description: 'Answers at once, never thinks.', files: [file('Q4_K_M', '2.5 GB', '256k context'), file('Q8_0', '4.3 GB', '256k context')], chosen: 'Q4_K_M' };
/** @type {SetupCard} */
const thinking = { id: 'qwen3-4b-thinking-2507', name: 'Qwen3-4B-Thinking-2507', description: 'Always thinks. Best on hard problems, slower.', files: [file('Q4_K_M', '2.5 GB', '256k context'), file('Q8_0', '4.3 GB', '256k context', 28)], chosen: 'Q8_0' };
/** @type {SetupCard} */
const large = { id: 'qwen3-8b', name: 'Qwen3-8B', description: 'Knows more, needs more. Thinks when a question needs it.', files: [file('Q4_K_M', '5.0 GB', '32k context', 30)], chosen: 'Q4_K_M' };

/** @type {SetupState} */
const base = { status: 'ready', machine: 'NVIDIA GeForce RTX 4070 (10.9 GB of 12.0 GB free), 32.0 GB RAM, 8 cores', found: [], cards: [first, instruct, thinking, large], source: 'huggingface.co' };

/** @param {SetupState} setup */
const messages = (setup) => {
  const state = { ...chat({ engine: { kind: 'missing' }, setup }).state };
  delete state.window;
  return [{ type: 'state', state }];
};

/** @type {SetupCard} */
const busy = { ...first, download: { kind: 'busy', share: 0.43, parts: ['43 %', '24 MB/s', 'about 1 min left'], news: 'Downloading Qwen3-4B: 25 %', ways: [] } };
/** @type {SetupCard} */
const paused = { ...instruct, download: { kind: 'paused', share: 0.24, parts: ['Paused at 24 %'], news: 'The download of Qwen3-4B-Instruct-2507 is paused.', ways: [] } };
/** @type {SetupCard} */
const failed = {
  ...first,
  download: {
    kind: 'failed',
    share: 0.61,
    parts: ['Failed at 61 %'],
    news: 'The download of Qwen3-4B failed',
    error: 'The download could not be finished. What has arrived is kept; the next attempt goes on from there.',
    ways: ['Retry', 'Open settings', 'Show log'],
  },
};
/** @type {(card: SetupCard, needs: string) => SetupCard} */
const tooLarge = (card, needs) => {
  const rest = { ...card };
  delete rest.recommended;
  return { ...rest, files: card.files.map((each) => ({ ...each, fit: { kind: 'none', text: `Too large: needs about ${needs} of memory` } })) };
};

/** @type {Scene[]} */
export const setupScenes = [
  { name: 'first-run', view: 'chat', height: 900, messages: messages(base) },
  { name: 'first-run-reading', view: 'chat', messages: messages({ status: 'reading', found: [], cards: [], source: 'huggingface.co' }) },
  { name: 'first-run-cannot-read', view: 'chat', messages: messages({ status: 'failed', problem: 'The vulkan backend is not available on this computer', found: [], cards: [], source: 'huggingface.co' }) },
  { name: 'first-run-downloading', view: 'chat', height: 900, messages: messages({ ...base, cards: [busy, paused, thinking, large] }) },
  { name: 'first-run-starting', view: 'chat', messages: messages({ ...base, cards: [{ ...first, download: { kind: 'busy', parts: ['Asks for the list of files'], news: '', ways: [] } }, instruct] }) },
  { name: 'first-run-failed', view: 'chat', messages: messages({ ...base, cards: [failed, instruct, thinking] }) },
  {
    name: 'first-run-nothing-fits',
    view: 'chat',
    messages: messages({
      ...base,
      machine: 'No GPU, 2.0 GB RAM, 2 cores',
      nothingFits: 'Qwen3-0.6B, the smallest, needs about 1.3 GB of memory. Beside the system and other programs there are about 0.4 GB.',
      cards: [tooLarge(first, '3.4 GB'), tooLarge(instruct, '3.4 GB')],
    }),
  },
  {
    name: 'first-run-found',
    view: 'chat',
    height: 900,
    messages: messages({
      ...base,
      machine: 'No GPU, 32.0 GB RAM, 8 cores',
      found: [
        { path: '/ollama/blobs/sha256-1', name: 'Qwen3-4B', where: 'Ollama, 2.5 GB' },
        { path: '/lm/a.gguf', name: 'some-other-model-with-a-long-name-7b-instruct-v0.3', where: 'LM Studio, 4.4 GB' },
      ],
      cards: [
        { ...first, files: [{ ...file('Q4_K_M', '2.5 GB', '32k context, 128k with YaRN'), fit: { kind: 'well', text: 'Runs on the CPU, faster than one reads' }, path: '/a' }, file('Q8_0', '4.3 GB', '32k context')] },
        instruct,
        thinking,
      ],
    }),
  },
  {
    name: 'first-run-more',
    view: 'chat',
    height: 1100,
    messages: messages(base),
    then: async (page) => {
      await page.getByRole('button', { name: 'More models' }).click();
      await page.waitForTimeout(100);
    },
  },
];
