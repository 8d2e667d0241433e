// @ts-check
/** The files of a package that Node would load at run time: found by following its imports, as Node resolves them. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * Needed only to copy a file within one disk, and loaded only then; its absence is caught.
 * The others are one platform's each, and come from their own list (platforms.mjs).
 */
const leftOut = ['@reflink/*', '@node-llama-cpp/*', 'electron'];

/** Read by their place on disk rather than imported. */
const readFromDisk = ['node_modules/node-llama-cpp/llama/binariesGithubRelease.json', 'node_modules/node-llama-cpp/llama/llama.cpp.info.json'];

/** @returns {Promise<string[]>} node-llama-cpp and all that it imports, as paths inside the repository */
export async function runtimeFiles() {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['node_modules/node-llama-cpp/dist/index.js'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: leftOut,
    // Node knows no tree shaking, and none of the fields and conditions that bundlers invented.
    treeShaking: false,
    ignoreAnnotations: true,
    mainFields: ['main'],
    conditions: [],
    logLevel: 'error',
  });
  const imported = Object.keys(metafile.inputs);
  const packages = new Set(imported.map(packageFolder));
  return [...new Set([...imported, ...imported.flatMap(manifestsAbove), ...[...packages].flatMap(licences), ...readFromDisk])];
}

/** @param {string} file such as node_modules/a/node_modules/@b/c/dist/index.js, whose package is node_modules/a/node_modules/@b/c */
function packageFolder(file) {
  const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file);
  if (!found) throw new Error(`${file} belongs to no package`);
  return found[0];
}

/**
 * A package's own package.json, and those of folders inside it, which say what kind of module is there.
 * @param {string} file
 */
function manifestsAbove(file) {
  const found = [];
  for (let folder = path.posix.dirname(file); folder.startsWith(packageFolder(file)); folder = path.posix.dirname(folder)) {
    if (existsSync(path.join(root, folder, 'package.json'))) found.push(`${folder}/package.json`);
  }
  return found;
}

/** @param {string} folder */
function licences(folder) {
  return readdirSync(path.join(root, folder))
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .map((name) => `${folder}/${name}`);
}
