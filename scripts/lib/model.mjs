// @ts-check
/** Which model `npm start` runs with. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from './log.mjs';
import { extensionId, tinyModel } from './paths.mjs';

/** @typedef {{ file: string, why: string }} Model */

/**
 * The one asked for, else the one chosen in the window last time, else the newest one downloaded, else the tiny
 * demonstration model.
 * @param {string} userData the VS Code profile whose downloads count
 * @returns {Model | undefined}
 */
export function chooseModel(userData) {
  const asked = process.env['PONDER_MODEL'];
  if (asked) {
    if (!existsSync(asked)) throw new Problem(`PONDER_MODEL names ${asked}, and there is no such file.`);
    return { file: path.resolve(asked), why: 'named in PONDER_MODEL' };
  }
  const chosen = ['Machine', 'User'].map((folder) => chosenIn(path.join(userData, folder, 'settings.json'))).find((file) => file && file !== tinyModel && existsSync(file));
  if (chosen) return { file: chosen, why: 'chosen earlier' };
  const downloaded = [path.join(userData, 'User/globalStorage', extensionId(), 'models'), path.join(homedir(), '.ponder/models')]
    .flatMap(modelsIn)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (downloaded) return { file: downloaded, why: 'downloaded earlier' };
  if (existsSync(tinyModel)) return { file: tinyModel, why: 'the tiny demonstration model; it shows the whole path and knows next to nothing' };
  return undefined;
}

/**
 * @param {string} settings
 * @returns {string | undefined}
 */
function chosenIn(settings) {
  try {
    return JSON.parse(readFileSync(settings, 'utf8'))['ponder.model.path'];
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
function modelsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.gguf'))
    .map((name) => path.join(folder, name));
}
