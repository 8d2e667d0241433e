// @ts-check
/** What a person does in the workbench: open it, run a command, open a file, look at a view. */
import path from 'node:path';
import { extensionId, localized, readManifest, root } from '../../scripts/lib/paths.mjs';
import { writeWorkspaceSettings } from './profile.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').Frame} Frame */

/**
 * @param {Page} page
 * @param {{ url: string }} server
 * @param {object} [options]
 * @param {string} [options.folder] the workspace; none opens an empty window
 * @param {[string, string][]} [options.payload] what the desktop program takes as flags, such as extensionDevelopmentPath
 * @param {number} [options.timeout]
 */
export async function openWorkbench(page, server, { folder, payload, timeout = 60_000 } = {}) {
  const url = new URL(server.url);
  if (folder) url.searchParams.set('folder', path.resolve(folder));
  else url.searchParams.set('ew', 'true');
  if (payload) url.searchParams.set('payload', JSON.stringify(payload));
  await page.goto(url.href, { waitUntil: 'domcontentloaded' });
  await untilReady(page, timeout);
}

/**
 * @param {Page} page
 * @param {number} [timeout]
 */
export async function untilReady(page, timeout = 60_000) {
  await page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout });
}

/**
 * Runs a command from the palette, by its title as shown there ("Ponder: Explain").
 * @param {Page} page
 * @param {string} title
 * @param {{ timeout?: number }} [options]
 */
export async function runCommand(page, title, options) {
  const name = JSON.stringify(title);
  const more = JSON.stringify(`${title}, `); // a key binding, or "similar commands"
  const row = page.locator(`${quickPick} .monaco-list-row:is([aria-label=${name}], [aria-label^=${more}])`);
  await pickQuickly(page, { key: 'F1', text: `>${title}`, row, ...options });
}

/**
 * Opens a file of the workspace by name.
 * @param {Page} page
 * @param {string} name
 */
export async function openFile(page, name) {
  const row = page.locator(`${quickPick} .monaco-list-row`).filter({ hasText: name });
  await pickQuickly(page, { key: 'Control+P', text: name, row });
  await page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
}

const quickPick = '.quick-input-widget';

/**
 * Takes a row of a quick pick. What the extension contributes is not in a pick that opened before the extension was
 * there, and one that loses the focus closes; so an attempt that fails is made again.
 * @param {Page} page
 * @param {{ key: string, text: string, row: import('@playwright/test').Locator, timeout?: number }} what
 */
async function pickQuickly(page, { key, text, row, timeout = 60_000 }) {
  const deadline = Date.now() + timeout;
  // On a busy machine a window that has just opened takes seconds to show its first pick: each attempt waits longer.
  for (let patience = 2000; ; patience *= 2) {
    await page.keyboard.press(key);
    try {
      await page.locator(`${quickPick} .quick-input-box input`).fill(text, { timeout: patience });
      return await row.first().click({ timeout: patience });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/**
 * Shows one of the extension's views, wherever it sits, and puts the focus into it.
 * @param {Page} page
 * @param {string} viewId such as "ponder.chat"
 */
export async function openView(page, viewId) {
  const { viewsContainers, views } = readManifest().contributes ?? {};
  const containers = /** @type {{ id: string, title: string }[]} */ (Object.values(viewsContainers ?? {}).flat());
  for (const [containerId, list] of Object.entries(/** @type {Record<string, { id: string, name: string }[]>} */ (views ?? {}))) {
    const view = list.find(({ id }) => id === viewId);
    const container = containers.find(({ id }) => id === containerId);
    if (view && container) return runCommand(page, `${localized(container.title)}: Focus on ${localized(view.name)} View`);
  }
  throw new Error(`package.json contributes no view ${viewId} in a container of its own`);
}

/**
 * The document of one of the extension's webview views. A webview's frame says whose it is, but not which view, and
 * both views sit in one container; so this looks for the page's own script, dist/webview/<view>.js.
 * @param {Page} page
 * @param {string} viewId such as "ponder.chat"
 * @param {{ timeout?: number }} [options]
 * @returns {Promise<Frame>}
 */
export async function webviewFrame(page, viewId, { timeout = 30_000 } = {}) {
  const script = `script[src*="/webview/${viewId.split('.').at(-1)}.js"]`;
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    for (const frame of await webviewFrames(page)) {
      if (await frame.locator(script).count().catch(() => 0)) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`the view ${viewId} did not load within ${timeout} ms`);
}

/**
 * The inner documents of this extension's webviews. VS Code's own page around each has an iframe#active-frame that
 * holds it; while the extension sets new content, an iframe#pending-frame stands beside it.
 * @param {Page} page
 * @returns {Promise<Frame[]>}
 */
export async function webviewFrames(page) {
  const owner = `extensionId=${extensionId()}&`;
  const inner = page.frames().filter((frame) => frame.parentFrame()?.url().includes(owner));
  const ids = await Promise.all(inner.map((frame) => frameElementId(frame).catch(() => null)));
  return inner.filter((_, index) => ids[index] === 'active-frame');
}

/** @param {Frame} frame */
async function frameElementId(frame) {
  const element = await frame.frameElement();
  return element.getAttribute('id');
}

/** The four kinds of theme an extension must look right in, each with the class VS Code puts on a webview's body. */
export const themes = /** @type {const} */ ({
  dark: { name: 'Dark Modern', bodyClass: 'vscode-dark' },
  light: { name: 'Light Modern', bodyClass: 'vscode-light' },
  contrast: { name: 'Default High Contrast', bodyClass: 'vscode-high-contrast' },
  contrastLight: { name: 'Default High Contrast Light', bodyClass: 'vscode-high-contrast-light' },
});

/**
 * Switches the theme and waits until the open webviews have it.
 * @param {Page} page
 * @param {string} workspace
 * @param {keyof typeof themes} theme
 */
export async function useTheme(page, workspace, theme) {
  const { name, bodyClass } = themes[theme];
  writeWorkspaceSettings(workspace, { 'workbench.colorTheme': name });
  for (const frame of await webviewFrames(page)) await frame.locator(`body.${bodyClass}`).waitFor();
  // Colours fade over; a picture taken at once would catch them half-way.
  await page.waitForTimeout(400);
}

/**
 * Takes a picture into test-results/screenshots/.
 * @param {Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  await page.screenshot({ path: path.join(root, 'test-results/screenshots', `${name}.png`) });
}
