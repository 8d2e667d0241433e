// @ts-check
/** Where things are. Everything the scripts install or produce on the side lives under `.cache/`, which git ignores. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const cacheDir = path.join(root, '.cache');
export const hostDir = path.join(cacheDir, 'host');
/** Names of the files that VS Code reads when it activates Ponder, as the last build made them. */
export const activationList = path.join(cacheDir, 'activation.json');
export const sampleDir = path.join(root, 'sample');
export const tinyModel = path.join(root, 'test/fixtures/tiny-qwen3/tiny-qwen3.gguf');
/** Knows small edits and nothing else. */
export const editsModel = path.join(root, 'test/fixtures/tiny-qwen3/tiny-qwen3-edits.gguf');

/** @typedef {{ name: string, publisher: string, version: string, displayName?: string, main: string, contributes?: Record<string, any> } & Record<string, any>} Manifest */

/** @returns {Manifest} */
export function readManifest(dir = root) {
  return JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'));
}

/** The id VS Code knows the extension by. */
export function extensionId(dir = root) {
  const { publisher, name } = readManifest(dir);
  return `${publisher}.${name}`;
}

/**
 * What the manifest's "%key%" stands for, in English.
 * @param {string} text
 * @returns {string}
 */
export function localized(text, dir = root) {
  const key = /^%(.+)%$/.exec(text)?.[1];
  if (key === undefined) return text;
  const entry = JSON.parse(readFileSync(path.join(dir, 'package.nls.json'), 'utf8'))[key];
  return typeof entry === 'string' ? entry : entry.message;
}
