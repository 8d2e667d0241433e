// @ts-check
/**
 * Draws every state of the two views in four themes and several widths, checks each with axe, and keeps pictures in
 * test-results/harness/. Arguments narrow it: `node test/webview-harness/look.mjs dark error` (theme, part of a name).
 */
import { chromium } from '@playwright/test';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromiumFlags, systemChromium } from '../../scripts/lib/chromium.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { bundle, openView, post, themes } from './page.mjs';
import { contextScenes } from './context-states.mjs';
import { setupScenes } from './setup-states.mjs';
import { chatScenes, thinkingScenes } from './states.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = path.join(root, 'test-results/harness');
const words = process.argv.slice(2);
const wanted = Object.keys(themes).filter((theme) => !words.some((word) => word in themes) || words.includes(theme));
const names = words.filter((word) => !(word in themes));

await bundle();
mkdirSync(out, { recursive: true });
const executablePath = systemChromium();
const browser = await chromium.launch({ args: chromiumFlags, ...(executablePath ? { executablePath } : {}) });
let failures = 0;
let pictures = 0;
for (const theme of wanted) {
  for (const scene of [...chatScenes, ...setupScenes, ...contextScenes, ...thinkingScenes]) {
    const label = `${scene.view}-${scene.name}`;
    if (names.length > 0 && !names.some((name) => label.includes(name))) continue;
    // Widths differ in layout, themes in colour: every theme at one width, every width in one theme.
    for (const width of theme === 'dark' ? [260, 360, 700] : [360]) failures += await look(scene, theme, width);
  }
}
await browser.close();
process.stdout.write(`${pictures} pictures in ${path.relative(root, out)}, ${failures} failures\n`);
process.exitCode = failures > 0 ? 1 : 0;

/**
 * @param {import('./states.mjs').Scene} scene
 * @param {string} theme
 * @param {number} width
 */
async function look(scene, theme, width) {
  const { page, problems, close } = await openView(browser, { view: scene.view, theme, width, height: scene.height ?? 720 });
  const name = `${scene.view}-${scene.name}-${theme}-${width}`;
  await post(page, scene.messages);
  await scene.then?.(page);
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  pictures += 1;
  await page.evaluate(axe);
  /** @type {string[]} */
  const violations = await page.evaluate(async () => {
    const result = await /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] });
    return result.violations.flatMap((/** @type {any} */ rule) => rule.nodes.map((/** @type {any} */ node) => `${rule.id}: ${node.html.slice(0, 140)} ${node.failureSummary.split('\n')[1]?.trim().slice(0, 200)}`));
  });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth || [...document.querySelectorAll('.log, .empty, .first, .thoughts')].some((box) => box.scrollWidth > box.clientWidth));
  if (sideways) violations.push('scrolls sideways');
  for (const problem of [...violations, ...problems]) process.stdout.write(`${name}: ${problem}\n`);
  await close();
  return violations.length + problems.length;
}
