// @ts-check
/** Child processes: run one to its end, or find a program on the PATH. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { Problem } from './log.mjs';
import { root } from './paths.mjs';

const windows = process.platform === 'win32';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] replaces the whole environment
 * @property {boolean} [quiet] keep the output back, and show it only if the command fails
 * @property {number} [timeoutMs] end it after this long
 * @property {boolean} [allowFailure] resolve with the exit code instead of throwing
 */

/**
 * Runs a command to its end; its output streams through unless `quiet`.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is empty unless `quiet`
 */
export function run(command, args, { cwd = root, env = process.env, quiet = false, timeoutMs = 0, allowFailure = false } = {}) {
  return new Promise((resolve, reject) => {
    // npm and npx are .cmd files on Windows, which only a shell can start.
    const shell = windows && !path.extname(command);
    const stream = quiet ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd, env, shell, timeout: timeoutMs, stdio: ['ignore', stream, stream] });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => reject(new Problem(`Could not start ${command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      const status = code ?? (signal === 'SIGINT' ? 130 : 1);
      if (status === 0 || allowFailure) resolve({ code: status, output });
      else reject(new Problem(`${output}\n${[command, ...args].join(' ')} failed (${signal ?? `exit code ${status}`}).`.trimStart()));
    });
  });
}

/**
 * @param {string} name
 * @returns {string | undefined} the program's full path
 */
export function findOnPath(name) {
  const endings = windows ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here; look in the next folder
      }
    }
  }
  return undefined;
}

/**
 * npm, without what an outer `npm run` put into the environment: its project's folder and settings would be taken for
 * those of the folder that this is about.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function npm(args, options = {}) {
  const env = { ...(options.env ?? process.env) };
  for (const name of ['npm_config_local_prefix', 'npm_config_ignore_scripts']) delete env[name];
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { ...options, env });
}

const asRoot = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Installs Debian packages, where that is possible without asking anyone.
 * @param {string[]} packages
 * @returns {Promise<boolean>} whether they are there now
 */
export async function aptInstall(packages) {
  if (!asRoot || !findOnPath('apt-get')) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update'], { env, quiet: true, allowFailure: true });
  if (update.code !== 0) return false;
  const install = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, quiet: true, allowFailure: true });
  return install.code === 0;
}
