// @ts-check
/** A headless Chromium, for scripts. Tests get theirs from Playwright's own fixtures (playwright.config.ts). */
import path from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumFlags, ensureChromium } from '../../scripts/lib/chromium.mjs';

/**
 * @param {import('./profile.mjs').Profile} profile
 * @returns {Promise<{ page: import('@playwright/test').Page, close: () => Promise<void> }>}
 */
export async function openBrowser(profile) {
  const context = await chromium.launchPersistentContext(path.join(profile.root, 'chromium'), {
    executablePath: await ensureChromium(),
    args: chromiumFlags,
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { page, close: () => context.close() };
}
