import { defineConfig } from '@playwright/test';
import { chromiumFlags, systemChromium } from './scripts/lib/chromium.mjs';

const executablePath = systemChromium();

/** UI tests: the real workbench, in code-server and Chromium. `npm run test:ui` installs both and builds first. */
export default defineConfig({
  testDir: 'test/ui',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/playwright',
  // One VS Code, its engine and a browser are all that two cores hold.
  workers: 1,
  // Generous, because nothing is measured here: a busy machine of two cores takes ten times as long as a quiet one.
  timeout: 300_000,
  expect: { timeout: 45_000 },
  retries: process.env['CI'] ? 2 : 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: 'test-results/ui.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    screenshot: 'only-on-failure',
    actionTimeout: 45_000,
    launchOptions: { args: chromiumFlags, ...(executablePath ? { executablePath } : {}) },
  },
});
