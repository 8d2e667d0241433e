// @ts-check
/** A headless Chromium, for scripts. Tests get theirs from Playwright's own fixtures (playwright.config.ts). */
import { chromium } from '@playwright/test';
import { chromiumFlags, ensureChromium } from '../../scripts/lib/chromium.mjs';

/** @returns {Promise<{ page: import('@playwright/test').Page, close: () => Promise<void> }>} */
export async function openBrowser() {
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  return { page, close: () => browser.close() };
}
