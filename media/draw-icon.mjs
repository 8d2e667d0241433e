// @ts-check
/** Draws icon.png from icon.svg. */
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromiumFlags, ensureChromium } from '../scripts/lib/chromium.mjs';

const here = import.meta.dirname;
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: chromiumFlags });
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${readFileSync(path.join(here, 'icon.svg'), 'utf8')}`);
await page.screenshot({ path: path.join(here, 'icon.png'), omitBackground: true });
await browser.close();
