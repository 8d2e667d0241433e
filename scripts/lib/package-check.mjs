// @ts-check
/** Looks into a finished VSIX: everything it needs is there, and nothing that does not belong to it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { grammarFiles } from './grammars.mjs';
import { fileSize, Problem, say } from './log.mjs';
import { ensureNode24 } from './node24.mjs';
import { extensionId, readManifest, root, tinyModel } from './paths.mjs';
import { binaryPackages, ownTarget } from './platforms.mjs';
import { run } from './run.mjs';
import { listZip } from './zip.mjs';

/** @typedef {import('./platforms.mjs').Target} Target */

/** Never in a package, by name inside it. */
const forbidden = [
  { pattern: /\.gguf$/, what: 'a model' },
  { pattern: /\.(ts|tsx|map)$/, what: 'a source or a source map' },
  { pattern: /^(src|test|bench|scripts|sample|node_modules|\.)/, what: 'something of the repository' },
];

/**
 * @param {string} vsix
 * @param {Target} target
 * @param {string} folder what it was made from
 */
export async function checkPackage(vsix, target, folder) {
  const entries = listZip(vsix).filter(({ name }) => name.startsWith('extension/'));
  const names = new Set(entries.map(({ name }) => name.slice('extension/'.length)));
  const problems = [...missing(names, target, folder), ...unwanted(names, target)];
  if (problems.length > 0) throw new Problem(`${path.basename(vsix)} is not right:\n  ${problems.join('\n  ')}`);

  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  say(`checked: ${names.size} files, ${fileSize(unpacked)} unpacked, binaries of ${binaryPackages[target].join(' and ')}`);
  if (target === ownTarget && process.platform === 'linux') await tryInstalled(vsix);
}

/**
 * @param {Set<string>} names
 * @param {Target} target
 * @param {string} folder
 */
function missing(names, target, folder) {
  const wanted = [
    // vsce gives these two names of its own.
    'readme.md',
    'LICENSE.txt',
    'dist/engine.mjs',
    'dist/indexer.cjs',
    ...['chat.js', 'chat.css', 'thinking.js', 'thinking.css', 'codicon.ttf'].map((name) => `dist/webview/${name}`),
    ...grammarFiles.map((name) => `dist/grammars/${name}`),
    ...binaryPackages[target].map((name) => `dist/node_modules/@node-llama-cpp/${name}/bins/${name}/llama-addon.node`),
    ...filesNamedIn(readManifest(folder)),
    ...filesIn(folder).filter((name) => name.includes('/')),
  ];
  return [...new Set(wanted)].filter((name) => !names.has(name)).map((name) => `missing: ${name}`);
}

/**
 * Every string in the manifest that is a path: the program, icons, walkthrough pages, grammars.
 * @param {unknown} value
 * @returns {string[]}
 */
function filesNamedIn(value) {
  if (typeof value === 'string') return /^(\.\/)?(dist|media|syntaxes|language-configuration)\//.test(value) ? [value.replace(/^\.\//, '')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(filesNamedIn);
}

/** @param {string} folder */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

/**
 * @param {Set<string>} names
 * @param {Target} target
 */
function unwanted(names, target) {
  const own = /** @type {readonly string[]} */ (binaryPackages[target]);
  return [...names].flatMap((name) => {
    const [, binaries] = /@node-llama-cpp\/([^/]+)\//.exec(name) ?? [];
    if (binaries && !own.includes(binaries)) return [`another platform's binaries: ${name}`];
    return forbidden.filter(({ pattern }) => pattern.test(name)).map(({ what }) => `${what}: ${name}`);
  });
}

/**
 * Installs the package as a user would, away from the repository, and loads llama.cpp from there.
 * @param {string} vsix
 */
async function tryInstalled(vsix) {
  const { createProfile, installVsix } = await import('../../test/rig/index.mjs');
  const profile = createProfile({ extension: false });
  try {
    await installVsix(profile, vsix);
    const installed = readdirSync(profile.extensions).find((name) => name.startsWith(`${extensionId()}-`));
    if (!installed) throw new Problem(`${vsix} was installed, and is not among the extensions.`);
    const node = await ensureNode24();
    const args = [path.join(root, 'scripts/lib/package-smoke.mjs'), path.join(profile.extensions, installed), ...(existsSync(tinyModel) ? [tinyModel] : [])];
    const { output } = await run(node.exe, args, { cwd: profile.root, env: node.env, quiet: true });
    say(`installed: ${output.trim()}`);
  } finally {
    rmSync(profile.root, { recursive: true, force: true });
  }
}
