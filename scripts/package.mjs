// @ts-check
/**
 * Packages Ponder for one platform, as a VSIX.
 *   --target T   linux-x64 and so on; this machine's by default
 *   --out F      where to; ponder-<target>-<version>.vsix by default
 *   --list       the targets
 *   --check      look into the VSIX afterwards; on its own platform, also install it and load llama.cpp from there
 *   --all        every target
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { readFlags } from './lib/flags.mjs';
import { fileSize, main, Problem, say } from './lib/log.mjs';
import { ensureNode24 } from './lib/node24.mjs';
import { checkPackage } from './lib/package-check.mjs';
import { cacheDir, readManifest, root } from './lib/paths.mjs';
import { binaryPackages, ensureBinaries, ownTarget, targets } from './lib/platforms.mjs';
import { run } from './lib/run.mjs';
import { runtimeFiles } from './lib/runtime-files.mjs';

/** @typedef {import('./lib/platforms.mjs').Target} Target */

/** Copied as they are, those that exist. */
const shipped = ['README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD_PARTY_NOTICES.md', '.vscodeignore', 'media/icon.png', 'media/ponder.svg', 'media/walkthrough', 'syntaxes', 'language-configuration', 'l10n'];

main(async () => {
  const flags = readFlags({ target: { type: 'string' }, out: { type: 'string' }, list: { type: 'boolean' }, check: { type: 'boolean' }, all: { type: 'boolean' } });
  if (flags.list) return say(targets.join('\n'));
  const chosen = flags.all ? targets : [asTarget(flags.target ?? ownTarget)];
  if (flags.all && flags.out) throw new Problem('--out names one file, and --all makes several.');

  await ensureNodeModules();
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { quiet: true });
  const files = await runtimeFiles();
  let failed = 0;
  for (const target of chosen) {
    const vsix = path.resolve(flags.out ?? `ponder-${target}-${readManifest().version}.vsix`);
    try {
      const folder = await lay(target, files);
      await pack(folder, target, vsix);
      say(`${vsix}  ${fileSize(statSync(vsix).size)}`);
      if (flags.check) await checkPackage(vsix, target, folder);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed++;
      say(`${target} failed: ${error.message}`);
    }
  }
  return failed > 0 ? 1 : 0;
});

/** @param {string} name */
function asTarget(name) {
  const target = targets.find((known) => known === name);
  if (!target) throw new Problem(`There is no target ${name}; there are: ${targets.join(', ')}.`);
  return target;
}

/**
 * Lays out what ships, and nothing else. The run-time packages go to dist/node_modules, where dist/engine.mjs finds
 * them first: vsce takes the top-level node_modules only whole, from what `npm list` says.
 * @param {Target} target
 * @param {string[]} files
 */
async function lay(target, files) {
  const folder = path.join(cacheDir, 'package', target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const nls = readdirSync(root).filter((name) => /^package\.nls(\..+)?\.json$/.test(name));
  for (const name of [...shipped, ...nls]) {
    if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  cpSync(path.join(root, 'dist'), path.join(folder, 'dist'), { recursive: true, filter: (file) => !file.endsWith('.map') });
  for (const file of files) cpSync(path.join(root, file), path.join(folder, 'dist', file), { recursive: true });
  for (const name of binaryPackages[target]) {
    const from = await ensureBinaries(name);
    cpSync(from, path.join(folder, 'dist/node_modules/@node-llama-cpp', name), { recursive: true });
  }
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(shippedManifest(), null, 2)}\n`);
  return folder;
}

/** Without what only development needs. */
function shippedManifest() {
  return Object.fromEntries(Object.entries(readManifest()).filter(([key]) => !['scripts', 'devDependencies', 'dependencies', 'private'].includes(key)));
}

/**
 * @param {string} folder
 * @param {Target} target
 * @param {string} vsix
 */
async function pack(folder, target, vsix) {
  const node = await ensureNode24();
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const args = ['package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--no-rewrite-relative-links', '--target', target, '--out', vsix];
  await run(node.exe, [vsce, ...args], { cwd: folder, env: node.env, quiet: true });
}
