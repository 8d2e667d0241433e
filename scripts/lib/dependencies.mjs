// @ts-check
/** The project's own packages. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './install-once.mjs';
import { say } from './log.mjs';
import { cacheDir, readManifest, root } from './paths.mjs';
import { binaryPackages, ownTarget } from './platforms.mjs';
import { npm } from './run.mjs';

const lockfile = path.join(root, 'package-lock.json');
const installed = path.join(root, 'node_modules/.package-lock.json');
const seen = path.join(root, 'node_modules/.ponder-lock.json');

/** Installs when node_modules is missing or was installed from another package-lock.json. */
export async function ensureNodeModules() {
  if (upToDate()) return;
  mkdirSync(cacheDir, { recursive: true });
  await withLock(path.join(cacheDir, 'npm-ci.lock'), async () => {
    if (upToDate()) return;
    say('Installing the project\'s packages …');
    await install();
    await addOwnBinaries();
    await copyFile(lockfile, seen);
  });
}

/**
 * `npm ci` refuses a lock file that lacks other platforms' optional packages, which happens where the registry did not
 * have them; `npm install` takes the same versions from it and overlooks those.
 */
async function install() {
  const { code } = await npm(['ci'], { quiet: true, allowFailure: true });
  if (code !== 0) await npm(['install', '--no-save'], { quiet: true });
}

/**
 * llama.cpp for this machine. A lock file names only those platforms' packages that the registry had when it was
 * written, and `npm ci` installs no others.
 */
async function addOwnBinaries() {
  const names = binaryPackages[/** @type {import('./platforms.mjs').Target} */ (ownTarget)] ?? [];
  const { version } = readManifest(path.join(root, 'node_modules/node-llama-cpp'));
  const missing = names.filter((name) => !existsSync(path.join(root, 'node_modules/@node-llama-cpp', name)));
  if (missing.length === 0) return;
  const packages = missing.map((name) => `@node-llama-cpp/${name}@${version}`);
  const { code } = await npm(['install', '--no-save', '--ignore-scripts', ...packages], { quiet: true, allowFailure: true });
  if (code !== 0) say(`llama.cpp's binaries for this machine (${packages.join(', ')}) are not to be had; Ponder will start without its engine.`);
}

function upToDate() {
  if (!existsSync(installed)) return false;
  if (existsSync(seen) && readFileSync(seen, 'utf8') === readFileSync(lockfile, 'utf8')) return true;
  // Installed by hand: npm writes its own record after it has read the lock file.
  return statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
}
