// @ts-check
/** VS Code on a desktop: the one that is installed, or a download where there is none. */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { Problem, say } from './log.mjs';
import { cacheDir } from './paths.mjs';
import { findOnPath } from './run.mjs';

/** A desktop program needs a screen to show its window on. */
export function hasScreen() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** @returns {Promise<string | undefined>} the program, undefined where there is none to be had */
export async function findDesktopCode() {
  const named = process.env['PONDER_CODE'];
  if (named) {
    if (!existsSync(named)) throw new Problem(`PONDER_CODE names ${named}, and there is no such file.`);
    return named;
  }
  if (!hasScreen()) return undefined;
  return installed() ?? (await download());
}

/**
 * Opens a folder with the extension from the working tree, in a profile of its own, and stays until it is closed.
 * @param {string} exe
 * @param {{ userData: string, extensions: string, extension: string, folder: string }} where
 */
export function openDesktopCode(exe, { userData, extensions, extension, folder }) {
  const args = [folder, '--new-window', '--wait', `--extensionDevelopmentPath=${extension}`, `--user-data-dir=${userData}`, `--extensions-dir=${extensions}`];
  args.push('--disable-workspace-trust', '--skip-welcome', '--skip-release-notes');
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const env = { ...process.env };
  // From a terminal inside VS Code, these would lead to that window's program instead of a new one.
  for (const name of Object.keys(env)) if (name.startsWith('VSCODE_') || name.startsWith('ELECTRON_')) delete env[name];
  const child = spawn(exe, args, { env, stdio: 'ignore', shell: exe.endsWith('.cmd') });
  const exited = new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => reject(new Problem(`VS Code could not be started: ${error.message}`)));
  });
  return { exited, stop: () => void child.kill() };
}

/**
 * The program itself rather than its `code` command, which starts it and is gone: so Ctrl+C here ends it too.
 * @returns {string | undefined}
 */
function installed() {
  const command = findOnPath('code') ?? findOnPath('code-insiders');
  const home = process.env['LOCALAPPDATA'] ?? '';
  const candidates = [
    ...(command ? [besideCommand(realpathSync(command))] : []),
    '/Applications/Visual Studio Code.app/Contents/MacOS/Code',
    '/Applications/Visual Studio Code.app/Contents/MacOS/Electron',
    path.join(home, 'Programs/Microsoft VS Code/Code.exe'),
  ];
  return candidates.find((file) => file && existsSync(file)) ?? command;
}

/** @param {string} command `…/bin/code`, as each system lays it out */
function besideCommand(command) {
  const folder = path.dirname(path.dirname(command));
  if (process.platform === 'win32') return path.join(folder, 'Code.exe');
  if (process.platform === 'darwin') return path.join(folder, '../../MacOS/Electron');
  return path.join(folder, path.basename(command));
}

async function download() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(cacheDir, 'vscode'), extractSync: false });
  } catch (error) {
    say(`VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)}).`);
    return undefined;
  }
}
