import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

const origin = 'http://view.test';
const dist = path.join(root, 'dist/webview');

/** Loads the shipped bundle of the chat view as VS Code does: same policy, a theme's variables, a side bar's width. */
export async function openChatView(page: Page): Promise<void> {
  const themes = JSON.parse(readFileSync(path.join(root, 'test/webview-harness/themes.json'), 'utf8')) as Record<string, Record<string, string>>;
  await page.setViewportSize({ width: 360, height: 800 });
  await page.unrouteAll();
  await page.route(`${origin}/**`, async (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === '') await route.fulfill({ contentType: 'text/html', body: html });
    else await route.fulfill({ path: path.join(dist, file) });
  });
  await page.goto('about:blank');
  await page.goto(origin);
  await page.evaluate((variables) => {
    for (const [key, value] of Object.entries(variables)) document.documentElement.style.setProperty(key, value);
  }, themes['dark'] ?? {});
}

const html = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-bench'; style-src ${origin}; font-src ${origin}">
  <title>Chat</title>
  <link rel="stylesheet" href="${origin}/chat.css">
</head>
<body class="vscode-dark">
  <div id="root"></div>
  <script type="application/json" id="l10n">{}</script>
  <script nonce="bench">globalThis.acquireVsCodeApi = () => ({ postMessage() {} });</script>
  <script nonce="bench" src="${origin}/chat.js"></script>
</body>
</html>`;
