#!/usr/bin/env node
// @ts-check
/**
 * Looks like the VS Code desktop program to @vscode/test-electron, and runs code-server with a headless Chromium
 * instead. So @vscode/test-cli, unmodified, runs host tests on a machine that has no screen and cannot download VS
 * Code. It takes the flags that matter to a test run; its exit code is the tests'.
 */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createProfile, openBrowser, openWorkbench, startServer } from '../test/rig/index.mjs';
import { failWhenSilent } from './lib/follow-file.mjs';
import { main, Problem } from './lib/log.mjs';

/** A run that has written nothing for this long has hung; a single test may take no longer than Mocha's time limit. */
const silenceMs = 240_000;

main(async () => {
  const { flags, folder } = readArguments(process.argv.slice(2));
  const tests = flags.get('extensionTestsPath')?.[0];
  const results = process.env['PONDER_TEST_DIR'];
  if (!tests || !results) throw new Problem('This stands in for VS Code in host tests only; run "npm run test:host".');

  const profile = createProfile({ extension: false });
  adopt(profile, flags);
  // Without this driver, the workbench never starts the tests, and says nothing about it.
  const server = await startServer(profile, { args: ['--vscode-option', 'enable-smoke-test-driver'] });
  const { page, close } = await openBrowser();
  const stop = async () => {
    await close().catch(() => undefined);
    await server.stop();
    rmSync(profile.root, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(130)));

  try {
    const exit = new Promise((/** @type {(code: number) => void} */ resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', report);
    const uri = (/** @type {string} */ file) => `vscode-remote://127.0.0.1:${server.port}${path.resolve(file)}`;
    /** @type {[string, string][]} */
    const payload = (flags.get('extensionDevelopmentPath') ?? []).map((extension) => ['extensionDevelopmentPath', uri(extension)]);
    payload.push(['extensionTestsPath', uri(tests)], ['extensionEnvironment', JSON.stringify(testEnvironment())]);
    await openWorkbench(page, server, { folder, payload });
    return await Promise.race([exit, failWhenSilent(path.join(results, 'host.log'), silenceMs)]);
  } catch (error) {
    await page.screenshot({ path: path.join(results, 'host-failure.png') }).catch(() => undefined);
    process.stderr.write(`${readFileSync(server.log, 'utf8').slice(-2000)}\n`);
    throw error;
  } finally {
    await stop();
  }
});

/**
 * Of VS Code's many flags, those that a test run hands over: `--name=value`, and the folder to open.
 * @param {string[]} args
 */
function readArguments(args) {
  /** @type {Map<string, string[]>} */
  const flags = new Map();
  for (const arg of args) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (name) flags.set(name, [...(flags.get(name) ?? []), value]);
  }
  return { flags, folder: args.find((arg) => !arg.startsWith('-')) };
}

/**
 * Uses the profile folders that the caller has filled.
 * @param {import('../test/rig/profile.mjs').Profile} profile
 * @param {Map<string, string[]>} flags
 */
function adopt(profile, flags) {
  profile.userData = flags.get('user-data-dir')?.[0] ?? profile.userData;
  profile.extensions = flags.get('extensions-dir')?.[0] ?? profile.extensions;
}

/** What the tests and their runner are told; the extension host of a server does not inherit it. */
function testEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name === 'VSCODE_TEST_OPTIONS' || name.startsWith('PONDER_')));
}

/**
 * @param {string} type
 * @param {unknown[]} args
 */
function report(type, args) {
  if (type === 'error' || process.env['PONDER_VERBOSE']) process.stderr.write(`[host ${type}] ${args.join(' ').slice(0, 1000)}\n`);
}
