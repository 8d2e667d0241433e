// @ts-check
/**
 * Opens Ponder, built from the working tree, in a real VS Code on the sample workspace.
 *   --browser   in the browser (code-server), even where there is a desktop VS Code
 *   --port N    the address to serve the browser at
 *   --check     in the browser, headless: wait until the chat view has loaded, print the address, end
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { findDesktopCode, openDesktopCode } from './lib/desktop-code.mjs';
import { readFlags } from './lib/flags.mjs';
import { main, Problem, say } from './lib/log.mjs';
import { chooseModel } from './lib/model.mjs';
import { cacheDir, root, sampleDir } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

main(async () => {
  const flags = readFlags({ browser: { type: 'boolean' }, check: { type: 'boolean' }, port: { type: 'string' } });
  await ensureNodeModules();
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { quiet: true });

  // Imported only now: before the packages are installed, the rig could not be loaded.
  const rig = await import('../test/rig/index.mjs');
  const profile = rig.createProfile({ quiet: false, settings: calmSettings, ...(flags.check ? {} : { root: path.join(cacheDir, 'start') }) });
  const model = chooseModel(profile.userData);
  say(model ? `Model: ${model.file} (${model.why})` : 'Model: none yet; choose one in the chat view');
  const modelSetting = { 'ponder.model.path': model?.file ?? '' };

  if (flags.check) return check(rig, profile, modelSetting);
  const exe = flags.browser ? undefined : await findDesktopCode();
  return exe ? onDesktop(rig, profile, modelSetting, exe) : inBrowser(rig, profile, modelSetting, flags.port);
});

/** Enough to see Ponder first; everything else is as a new user finds it, and what they change stays. */
const calmSettings = {
  'workbench.startupEditor': 'none',
  'security.workspace.trust.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
};

/** @typedef {typeof import('../test/rig/index.mjs')} Rig */
/** @typedef {import('../test/rig/profile.mjs').Profile} Profile */

/**
 * @param {Rig} rig
 * @param {Profile} profile
 * @param {Record<string, unknown>} settings
 * @param {string} exe
 */
async function onDesktop(rig, profile, settings, exe) {
  rig.writeUserSettings(profile, settings);
  say(`Opening ${exe} on ${sampleDir}. Ctrl+C ends it.`);
  // The browser's list of installed extensions would load Ponder a second time, so this has a folder of its own.
  const extensions = path.join(profile.root, 'desktop-extensions');
  const { exited, stop } = openDesktopCode(exe, { userData: profile.userData, extensions, extension: root, folder: sampleDir });
  onInterrupt(stop);
  await exited;
}

/**
 * @param {Rig} rig
 * @param {Profile} profile
 * @param {Record<string, unknown>} settings
 * @param {string | undefined} port
 */
async function inBrowser(rig, profile, settings, port) {
  rig.writeSettings(profile, settings);
  const server = await rig.startServer(profile, { port: await choosePort(rig, port), privateHome: false });
  say(`\nOpen   ${address(server.url)}\n\nCtrl+C ends it.`);
  onInterrupt(() => void server.stop());
  await server.exited;
}

/**
 * @param {Rig} rig
 * @param {Profile} profile
 * @param {Record<string, unknown>} settings
 */
async function check(rig, profile, settings) {
  rig.writeSettings(profile, settings);
  const server = await rig.startServer(profile);
  const browser = await rig.openBrowser();
  try {
    await browser.page.goto(address(server.url));
    await rig.untilReady(browser.page);
    await rig.openView(browser.page, 'ponder.chat');
    const frame = await rig.webviewFrame(browser.page, 'ponder.chat', { timeout: 60_000 });
    await frame.locator('body *:visible').first().waitFor();
    say(`Ponder runs at ${address(server.url)}`);
  } catch (error) {
    await rig.screenshot(browser.page, 'start-check-failed');
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }
  await rm(profile.root, { recursive: true, force: true });
}

/** @param {string} url */
function address(url) {
  return `${url}/?folder=${encodeURI(sampleDir)}`;
}

/**
 * The same one each time where possible, so that a bookmark and an open tab stay good.
 * @param {Rig} rig
 * @param {string | undefined} asked
 */
async function choosePort(rig, asked) {
  if (asked !== undefined) {
    const port = Number(asked);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Problem(`--port takes a number from 1 to 65535, not "${asked}".`);
    if (!(await rig.isFree(port))) throw new Problem(`Port ${port} is taken.`);
    return port;
  }
  return (await rig.isFree(usualPort)) ? usualPort : rig.freePort();
}

const usualPort = 8137;

/** @param {() => void} stop */
function onInterrupt(stop) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
}
