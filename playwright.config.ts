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
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: 'test-results/ui.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    launchOptions: { args: chromiumFlags, ...(executablePath ? { executablePath } : {}) },
  },
});
