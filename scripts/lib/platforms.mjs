// @ts-check
/** The platforms Ponder is packaged for, and the packages that hold llama.cpp's binaries for each. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from './install-once.mjs';
import { Problem } from './log.mjs';
import { cacheDir, readManifest, root } from './paths.mjs';
import { npm } from './run.mjs';

/** CUDA comes apart: it alone is five times as large as everything else. */
export const binaryPackages = /** @type {const} */ ({
  'linux-x64': ['linux-x64', 'linux-x64-vulkan'],
  'linux-arm64': ['linux-arm64'],
  'win32-x64': ['win-x64', 'win-x64-vulkan'],
  'win32-arm64': ['win-arm64'],
  'darwin-x64': ['mac-x64'],
  'darwin-arm64': ['mac-arm64-metal'],
});

/** @typedef {keyof typeof binaryPackages} Target */

export const targets = /** @type {Target[]} */ (Object.keys(binaryPackages));

/** This machine's, as VS Code names it. */
export const ownTarget = `${process.platform}-${process.arch}`;

/**
 * @param {string} name a package of @node-llama-cpp
 * @returns {Promise<string>} its folder, fetched where npm did not install it for this machine
 */
export async function ensureBinaries(name) {
  const full = `@node-llama-cpp/${name}`;
  const { version } = readManifest(path.join(root, 'node_modules/node-llama-cpp'));
  const installed = path.join(root, 'node_modules', full);
  if (existsSync(installed) && readManifest(installed).version === version) return installed;
  const dir = await installOnce(path.join(cacheDir, 'binaries', `${name}-${version}`), `${full} ${version}`, async (staging) => {
    const { code, output } = await npm(['install', '--prefix', staging, '--no-save', '--force', '--ignore-scripts', `${full}@${version}`], { cwd: staging, quiet: true, allowFailure: true });
    if (code !== 0) throw new Problem(`The npm registry in use here has no ${full}@${version}, which must match node-llama-cpp.\n${output.trim()}`);
  });
  return path.join(dir, 'node_modules', full);
}
