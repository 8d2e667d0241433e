// @ts-check
/**
 * Writes themes.json: what a real workbench sets in a web view, for each of the four themes, as far as our style
 * sheets use it. To be run again when they use a new variable.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProfile, openBrowser, openFile, openWorkbench, runCommand, startServer, themes, useTheme } from '../rig/index.mjs';

const here = import.meta.dirname;
const used = usedVariables(path.join(here, '../../src/webview'));
const workspace = mkdtempSync(path.join(tmpdir(), 'ponder-themes-'));
mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
writeFileSync(path.join(workspace, 'a.md'), '# A\n');

const profile = createProfile({ extension: false });
const server = await startServer(profile);
const { page, close } = await openBrowser();
try {
  await openWorkbench(page, server, { folder: workspace });
  await openFile(page, 'a.md');
  await runCommand(page, 'Markdown: Open Preview');
  /** @type {Record<string, Record<string, string>>} */
  const captured = {};
  for (const name of /** @type {(keyof typeof themes)[]} */ (Object.keys(themes))) {
    await useTheme(page, workspace, name);
    await page.waitForTimeout(1500);
    captured[name] = await variables(page);
  }
  writeFileSync(path.join(here, 'themes.json'), `${JSON.stringify(captured, undefined, 1)}\n`);
  process.stdout.write(`${Object.entries(captured).map(([name, values]) => `${name}: ${Object.keys(values).length} of ${used.size} variables`).join('\n')}\n`);
} finally {
  await close();
  await server.stop();
}

/** @param {import('@playwright/test').Page} page */
async function variables(page) {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await variablesNow(page);
    if (found) return found;
    await page.waitForTimeout(500);
  }
  throw new Error('No web view was found.');
}

/** @param {import('@playwright/test').Page} page */
async function variablesNow(page) {
  for (const frame of page.frames()) {
    const found = await frame
      .evaluate(() => {
        const { style } = document.documentElement;
        return [...style].filter((name) => name.startsWith('--vscode-')).map((name) => /** @type {[string, string]} */ ([name, style.getPropertyValue(name)]));
      })
      .catch(() => []);
    if (found.length > 100) return Object.fromEntries(found.filter(([name]) => used.has(name)));
  }
  return undefined;
}

/** @param {string} folder */
function usedVariables(folder) {
  const names = new Set(['--vscode-font-family', '--vscode-font-size', '--vscode-font-weight', '--vscode-editor-font-family', '--vscode-editor-font-size']);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.css')) continue;
    for (const [name] of readFileSync(path.join(folder, file), 'utf8').matchAll(/--vscode-[\w-]+/g)) names.add(name);
  }
  return names;
}
