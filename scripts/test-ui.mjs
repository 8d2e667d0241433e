// @ts-check
/** Runs the UI tests (test/ui) in a real workbench. Arguments go to Playwright: `npm run test:ui -- chat.spec.ts -g stop`. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureCodeServer } from './lib/code-server.mjs';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { main } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

main(async () => {
  await ensureNodeModules();
  await ensureCodeServer();
  await ensureChromium();
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')]);
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const { code } = await run(process.execPath, [playwright, 'test', ...process.argv.slice(2)], { allowFailure: true });
  return code;
});
