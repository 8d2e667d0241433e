import type { Frame, Page } from '@playwright/test';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readManifest, sampleDir } from '../scripts/lib/paths.mjs';
import * as rig from '../test/rig/index.mjs';
import { addCompanion, Companion, type LoopFigures } from './host/companion.ts';
import type { BenchOptions, Measurement, Suite } from './row.ts';
import { brief, interleave, median } from './stats.ts';

const activationRow = 'host.activation.ms';
const blockRow = 'host.block.ms';
const typingRow = 'completion.host.ms';

interface Window {
  readonly page: Page;
  readonly workspace: string;
  readonly companion: Companion;
  /** A fresh window with a fresh extension host. */
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Ponder in a real workbench and extension host, in a window as a user has it. */
export const host: Suite = {
  rows: [
    { name: activationRow, unit: 'ms', target: { relation: '<', value: 50 } },
    { name: blockRow, unit: 'ms', target: { relation: '<', value: 20 } },
    { name: typingRow, unit: 'ms', target: { relation: '<', value: 5 } },
  ],
  needs: ['browser', 'vscode'],
  async *measure(wanted, options) {
    const { window, end } = await startHost(options);
    try {
      if (wanted.has(activationRow)) yield await activation(window);
      if (wanted.has(blockRow)) yield await block(window);
      if (wanted.has(typingRow)) yield await typing(window);
    } finally {
      await end();
    }
  },
};

async function startHost({ modelPath, tiny }: BenchOptions): Promise<{ readonly window: Window; readonly end: () => Promise<void> }> {
  const profile = rig.createProfile({
    settings: { 'ponder.model.path': modelPath, 'ponder.thinking.mode': 'on', ...(tiny ? { 'ponder.engine.threads': 1 } : {}) },
  });
  addCompanion(profile.extensions);
  cpSync(sampleDir, profile.workspace, { recursive: true });
  const companion = new Companion(path.join(profile.root, 'companion-port'));
  const server = await rig.startServer(profile, { env: companion.env });
  const browser = await rig.openBrowser();
  const { page } = browser;
  const end = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    rmSync(profile.root, { recursive: true, force: true });
  };
  // The server is in a process group of its own, which Ctrl+C does not reach.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end().finally(() => process.exit(130)));
  return {
    window: {
      page,
      workspace: profile.workspace,
      companion,
      open: async () => {
        companion.forget();
        await rig.openWorkbench(page, server, { folder: profile.workspace });
      },
      close: async () => {
        await page.goto('about:blank');
        // The server ends the extension host of a window that is gone; the next one is not to share the cores with it.
        await delay(3000);
      },
    },
    end,
  };
}

/**
 * Activation as VS Code itself times and shows it under "Developer: Show Running Extensions": loading the code plus
 * the call of `activate`. A fresh window is left alone until it has settled, since other extensions that activate at
 * the same time would be timed along; then the chat view is opened, which activates Ponder. Median of the windows.
 */
async function activation({ page, companion, open, close }: Window): Promise<Measurement> {
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    await open();
    await settle(companion);
    await rig.openView(page, 'ponder.chat');
    await rig.webviewFrame(page, 'ponder.chat');
    await rig.runCommand(page, 'Developer: Show Running Extensions');
    // The list draws only the rows that are in sight, and starts with the slowest extension.
    await page.setViewportSize({ width: 1280, height: 2000 });
    const row = page.locator('.runtime-extensions-editor .monaco-list-row').filter({ has: page.getByText(readManifest().displayName ?? '', { exact: true }) });
    const shown = await row.getByText(/Activation: \d/).first().textContent();
    await page.setViewportSize({ width: 1280, height: 800 });
    times.push(Number(/Activation: ([\d.]+)ms/.exec(shown ?? '')?.[1]));
    await close();
  }
  return { row: activationRow, value: median(times), note: `as VS Code shows it, in ${String(times.length)} fresh windows: ${times.join(', ')} ms` };
}

/**
 * The longest time that the extension host's thread runs without coming back to its event loop while an answer of the
 * model streams through the chat and thinking views, with all that VS Code and Ponder do there; seen by a companion
 * extension in the same process through a timer of 1 ms. Time that the thread runs, not time that passes: on two cores
 * the engine, the browser and the server take turns with it, and even an idle host then misses its timer for tens of
 * milliseconds. Waiting for the disk would not count, but Ponder does none on that thread (lint forbids `...Sync`).
 * The note has the time that passed, the first answer with the engine's start, and the idle host.
 */
async function block(window: Window): Promise<Measurement> {
  const { page, companion } = window;
  await window.open();
  await rig.openView(page, 'ponder.thinking');
  await rig.webviewFrame(page, 'ponder.thinking');
  await rig.openView(page, 'ponder.chat');
  const chat = await rig.webviewFrame(page, 'ponder.chat');
  await settle(companion);
  const measured = async (work: () => Promise<void>): Promise<LoopFigures> => {
    await companion.start();
    await work();
    return companion.stop();
  };
  const idle = await measured(() => delay(5000));
  const first = await measured(() => ask(chat, 'Explain the function clamp.'));
  const answers: LoopFigures[] = [];
  for (const question of ['Count from 1 to 100.', 'Count from 1 to 90.', 'Think about every number from 1 to 60, then say done.']) {
    await delay(1000);
    answers.push(await measured(() => ask(chat, question)));
  }
  await window.close();
  return {
    row: blockRow,
    value: Math.max(...answers.map(({ longestRun }) => longestRun)),
    note: `${describe('answers', answers)}; ${describe('idle', [idle])}; ${describe('first answer, with the engine\'s start', [first])}`,
  };
}

/** Keys in a round; each takes this long, ms. */
const keys = 60;
const keyInterval = 120;

/**
 * What a key takes of the host's thread because of completions, in a file of 10,000 lines: the thread's time while keys
 * are typed with completions on, less that with completions off, in turns within one window; median of the pairs. It
 * holds the provider and all that follows from it: messages to and from the engine, the status bar, reading ahead.
 */
async function typing({ page, workspace, companion, open, close }: Window): Promise<Measurement> {
  const lines = Array.from({ length: 10_000 }, (_, index) => (index % 5 === 4 ? '' : `value_${String(index)} = compute(${String(index)}, first + second)`));
  writeFileSync(path.join(workspace, 'long.py'), lines.join('\n'));
  await open();
  await rig.openFile(page, 'long.py');
  await settle(companion);
  await page.keyboard.press('Control+g');
  await page.keyboard.type('5000');
  await page.keyboard.press('Enter');
  const round = async (enabled: boolean): Promise<LoopFigures> => {
    rig.writeWorkspaceSettings(workspace, { 'ponder.completion.enabled': enabled });
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    // The first round with completions loads the model.
    await delay(enabled ? 5000 : 2000);
    await companion.start();
    await page.keyboard.type('total = combine(first_value, second_value) * 3 + other_value'.slice(0, keys), { delay: keyInterval });
    return companion.stop();
  };
  await round(true);
  await delay(20_000);
  const pairs = await interleave(5, async () => (await round(true)).run, async () => (await round(false)).run);
  const longest = [await round(true), await round(false)].map(({ longestRun }) => longestRun);
  await close();
  const perKey = pairs.map(({ ours, bare }) => (ours - bare) / keys);
  return {
    row: typingRow,
    value: median(perKey),
    note: `thread's time a key in 10,000 lines, with completions less without: ${perKey.map(brief).join(', ')} ms; with ${pairs.map(({ ours }) => brief(ours / keys)).join(', ')}, without ${pairs.map(({ bare }) => brief(bare / keys)).join(', ')}; longest at a time ${longest.map(brief).join(' with, ')} without; ${String(keys)} keys a round, one in ${String(keyInterval)} ms`,
  };
}

/** The companion starts when every extension that starts by itself has; they go on a little. */
async function settle(companion: Companion): Promise<void> {
  await companion.stop();
  await delay(4000);
}

function describe(what: string, figures: readonly LoopFigures[]): string {
  const each = (value: (figure: LoopFigures) => number): string => figures.map((figure) => brief(value(figure))).join(', ');
  return `${what} ${each(({ longestRun }) => longestRun)} ms (passed ${each(({ longest }) => longest)}, 99% below ${each(({ p99 }) => p99)}, garbage ${each(({ longestGc }) => longestGc)}, CPU ${each(({ cpu, elapsed }) => (100 * cpu) / elapsed)}% of ${each(({ elapsed }) => elapsed / 1000)} s)`;
}

/** Types a question into the chat view and waits for the end of its answer. */
async function ask(chat: Frame, question: string): Promise<void> {
  const turns = await chat.locator('.turn').count();
  const field = chat.getByRole('textbox', { name: 'Question' });
  await field.fill(question);
  await field.press('Enter');
  const turn = chat.locator('.turn').nth(turns);
  await turn.waitFor({ timeout: 30_000 });
  await chat.locator(`.turn:nth-child(${String(turns + 1)}):is([data-status=done], [data-status=failed])`).waitFor({ timeout: 240_000 });
  if ((await turn.getAttribute('data-status')) !== 'done') throw new Error(`the answer failed: ${await turn.innerText()}`);
}
