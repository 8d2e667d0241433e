// @ts-check
/** A Chromium that Playwright can drive: Debian's where there is one, otherwise Playwright's own download. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Problem, say } from './log.mjs';
import { root } from './paths.mjs';
import { aptInstall, run } from './run.mjs';

const require = createRequire(path.join(root, 'package.json'));
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** For a machine without a screen or network; as root, Chromium refuses to start with its sandbox. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {string | undefined} Debian's Chromium, if it is installed; never installs anything */
export function systemChromium() {
  return process.env['PONDER_CHROMIUM'] ?? systemPaths.find((file) => existsSync(file));
}

/** @returns {Promise<string>} the executable, installed if need be */
export async function ensureChromium() {
  const found = systemChromium() ?? playwrightsOwn();
  if (found) return found;
  say('Installing Chromium …');
  if (await aptInstall(['chromium', 'fonts-dejavu-core'])) {
    const installed = systemChromium();
    if (installed) return installed;
  }
  await run(process.execPath, [require.resolve('@playwright/test/cli'), 'install', 'chromium'], { allowFailure: true });
  const downloaded = playwrightsOwn();
  if (downloaded) return downloaded;
  throw new Problem('There is no Chromium, and it could not be installed. Install it (on Debian: apt-get install chromium), or name one in PONDER_CHROMIUM.');
}

function playwrightsOwn() {
  /** @type {typeof import('@playwright/test')} */
  const { chromium } = require('@playwright/test');
  const file = chromium.executablePath();
  return existsSync(file) ? file : undefined;
}
