// @ts-check
/** The project's own packages. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './install-once.mjs';
import { say } from './log.mjs';
import { cacheDir, root } from './paths.mjs';
import { npm } from './run.mjs';

const lockfile = path.join(root, 'package-lock.json');
const installed = path.join(root, 'node_modules/.package-lock.json');
const seen = path.join(root, 'node_modules/.ponder-lock.json');

/** Runs `npm ci` when node_modules is missing or was installed from another package-lock.json. */
export async function ensureNodeModules() {
  if (upToDate()) return;
  mkdirSync(cacheDir, { recursive: true });
  await withLock(path.join(cacheDir, 'npm-ci.lock'), async () => {
    if (upToDate()) return;
    say('Installing the project\'s packages (npm ci) …');
    await npm(['ci']);
    await copyFile(lockfile, seen);
  });
}

function upToDate() {
  if (!existsSync(installed)) return false;
  if (existsSync(seen) && readFileSync(seen, 'utf8') === readFileSync(lockfile, 'utf8')) return true;
  // Installed by hand: npm writes its own record after it has read the lock file.
  return statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
}
