// @ts-check
/** Which model `npm start` runs with. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from './log.mjs';
import { extensionId, tinyModel } from './paths.mjs';

/** @typedef {{ file: string, why: string }} Model */

/**
 * The one asked for, else the newest one downloaded, else the tiny demonstration model.
 * @param {string} userData the VS Code profile whose downloads count
 * @returns {Model | undefined}
 */
export function chooseModel(userData) {
  const asked = process.env['PONDER_MODEL'];
  if (asked) {
    if (!existsSync(asked)) throw new Problem(`PONDER_MODEL names ${asked}, and there is no such file.`);
    return { file: path.resolve(asked), why: 'named in PONDER_MODEL' };
  }
  const downloaded = [path.join(userData, 'User/globalStorage', extensionId(), 'models'), path.join(homedir(), '.ponder/models')]
    .flatMap(modelsIn)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (downloaded) return { file: downloaded, why: 'downloaded earlier' };
  if (existsSync(tinyModel)) return { file: tinyModel, why: 'the tiny demonstration model; it shows the whole path and knows next to nothing' };
  return undefined;
}

/** @param {string} folder */
function modelsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.gguf'))
    .map((name) => path.join(folder, name));
}
