// @ts-check
/** Starts and stops code-server. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCodeServer } from '../../scripts/lib/code-server.mjs';
import { enginePids } from './engine.mjs';

/** @typedef {{ profile: import('./profile.mjs').Profile, port: number, url: string, pid: number, log: string, exited: Promise<void>, stop: () => Promise<void> }} Server */

/** An extension gallery with no address: nothing is looked up on the network. */
const noGallery = JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '' });

/**
 * @param {import('./profile.mjs').Profile} profile
 * @param {object} [options]
 * @param {number} [options.port] a free one by default
 * @param {string[]} [options.args] further flags for code-server
 * @param {NodeJS.ProcessEnv} [options.env] on top of this process's environment; extensions see it too
 * @param {boolean} [options.privateHome] false lets terminals in it have the user's own home folder
 * @returns {Promise<Server>}
 */
export async function startServer(profile, { port, args = [], env = {}, privateHome = true } = {}) {
  const { node, entry } = await ensureCodeServer();
  const chosen = port ?? (await freePort());
  const log = path.join(profile.root, 'server.log');
  const output = openSync(log, 'a');
  const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${chosen}`, ...quietFlags, ...profileFlags(profile), ...args];
  // A process group of its own, so that stopping it also ends the extension host and what that started.
  const child = spawn(node, [entry, ...flags], { env: { ...environment(profile, privateHome), ...env }, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const exited = new Promise((/** @type {(value: void) => void} */ resolve) => child.once('exit', () => resolve()));
  const { pid } = child;
  if (pid === undefined) throw new Error(`could not start ${node}`);
  const stop = async () => {
    await stopGroup(pid, exited);
    // An engine that windows share is of no group. It would leave by itself, unless a test has stopped it.
    for (const engine of enginePids(server)) process.kill(engine, 'SIGKILL');
  };
  const server = { profile, port: chosen, url: `http://127.0.0.1:${chosen}`, pid, log, exited, stop };
  await untilHealthy(server, () => child.exitCode !== null);
  return server;
}

/**
 * @param {import('./profile.mjs').Profile} profile
 * @param {string} vsix
 */
export async function installVsix(profile, vsix) {
  const { node, entry } = await ensureCodeServer();
  const args = [entry, '--install-extension', vsix, '--force', ...profileFlags(profile)];
  const { status, stdout, stderr } = spawnSync(node, args, { env: environment(profile, true), encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${vsix} could not be installed:\n${stdout}${stderr}`);
}

/** @returns {Promise<number>} */
export function freePort() {
  return listenOnce(0);
}

/** @param {number} port */
export async function isFree(port) {
  return (await listenOnce(port).catch(() => undefined)) !== undefined;
}

/**
 * @param {number} port
 * @returns {Promise<number>}
 */
function listenOnce(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const quietFlags = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
  '--disable-proxy',
  '--ignore-last-opened',
];

/** @param {import('./profile.mjs').Profile} profile */
function profileFlags(profile) {
  const config = path.join(profile.root, 'code-server.yaml');
  writeFileSync(config, '');
  return ['--config', config, '--user-data-dir', profile.userData, '--extensions-dir', profile.extensions];
}

/**
 * Without what an outer VS Code, or a shell on its machine, put there.
 * @param {import('./profile.mjs').Profile} profile
 * @param {boolean} privateHome
 */
function environment(profile, privateHome) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, EXTENSIONS_GALLERY: noGallery };
  for (const name of Object.keys(env)) {
    if (name.startsWith('VSCODE_') || name.startsWith('npm_') || ['PORT', 'PASSWORD', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE'].includes(name)) delete env[name];
  }
  if (privateHome) {
    const runtime = path.join(profile.root, 'run');
    mkdirSync(runtime, { recursive: true, mode: 0o700 });
    Object.assign(env, { HOME: profile.root, XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: path.join(profile.root, '.config'), XDG_DATA_HOME: path.join(profile.root, '.local/share') });
  }
  return env;
}

/**
 * @param {{ url: string, log: string, stop: () => Promise<void> }} server
 * @param {() => boolean} hasExited
 */
async function untilHealthy({ url, log, stop }, hasExited) {
  const deadline = Date.now() + 60_000;
  while (!(await isHealthy(url))) {
    if (hasExited() || Date.now() > deadline) {
      await stop();
      throw new Error(`code-server did not start:\n${readFileSync(log, 'utf8').slice(-3000)}`);
    }
    await sleep(100);
  }
}

/** @param {string} url */
async function isHealthy(url) {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/**
 * @param {number} pid the group's first process
 * @param {Promise<void>} exited
 */
async function stopGroup(pid, exited) {
  signalGroup(pid, 'SIGTERM');
  await Promise.race([exited, sleep(5000, undefined, { ref: false })]);
  // Whatever is left of the group: a stopped engine, a host that did not want to go.
  signalGroup(pid, 'SIGKILL');
  await exited;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // already gone
  }
}
