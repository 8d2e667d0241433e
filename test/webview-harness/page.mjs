// @ts-check
/** Opens a view's bundle in a page that is like a VS Code web view: same policy, same theme variables, same defaults. */
import { build } from 'esbuild';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

const here = import.meta.dirname;
const outdir = path.join(root, '.cache/webview-harness');
const origin = 'http://view.test';

/** @type {Record<string, Record<string, string>>} */
export const themes = JSON.parse(readFileSync(path.join(here, 'themes.json'), 'utf8'));

const bodyClass = /** @type {Record<string, string>} */ ({
  dark: 'vscode-dark',
  light: 'vscode-light',
  contrast: 'vscode-high-contrast',
  contrastLight: 'vscode-high-contrast vscode-high-contrast-light',
});

export async function bundle() {
  mkdirSync(outdir, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: { chat: 'src/webview/chat/main.tsx', thinking: 'src/webview/thinking/main.tsx' },
    outdir,
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome130',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    logLevel: 'warning',
  });
}

/** What VS Code itself gives every web view, in its own layer. */
const defaults = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; overscroll-behavior-x: none; }
  img, video { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground); background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
  blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
  kbd { border: 1px solid; }
}`;

/** @param {'chat' | 'thinking'} view */
function html(view) {
  const policy = `default-src 'none'; script-src 'nonce-test'; style-src ${origin}; font-src ${origin}`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${view}</title><link rel="stylesheet" href="${origin}/defaults.css"><link rel="stylesheet" href="${origin}/${view}.css"></head>
<body><div id="root"></div><script type="application/json" id="l10n">{}</script><script nonce="test" src="${origin}/${view}.js"></script></body></html>`;
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {{ view: 'chat' | 'thinking', theme: string, width: number, height: number, reducedMotion?: boolean, scale?: number }} options
 */
export async function openView(browser, { view, theme, width, height, reducedMotion = true, scale = 2 }) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await page.route(`${origin}/**`, async (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === view) return route.fulfill({ contentType: 'text/html', body: html(view) });
    if (file === 'defaults.css') return route.fulfill({ contentType: 'text/css', body: defaults });
    return route.fulfill({ path: path.join(outdir, file) });
  });
  await page.addInitScript(
    ({ variables, name }) => {
      /** @type {any} */ (window).sent = [];
      /** @type {any} */ (window).acquireVsCodeApi = () => ({
        postMessage: (/** @type {unknown} */ message) => /** @type {any} */ (window).sent.push(message),
      });
      const apply = () => {
        for (const [key, value] of Object.entries(variables)) document.documentElement.style.setProperty(key, value);
        document.body.className = name;
      };
      document.addEventListener('DOMContentLoaded', apply);
    },
    // Inter, where it is installed, is nearer to what most people see than a bare Linux machine's fall-back.
    { variables: { ...themes[theme], '--vscode-font-family': 'Inter, system-ui, sans-serif' }, name: bodyClass[theme] ?? '' },
  );
  await page.goto(`${origin}/${view}`);
  return { page, problems, close: () => context.close() };
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {readonly unknown[]} messages
 */
export async function post(page, messages) {
  await page.evaluate((all) => {
    for (const message of all) window.postMessage(message, '*');
  }, messages);
  await page.waitForTimeout(80);
}
