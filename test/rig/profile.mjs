// @ts-check
/** A VS Code profile of its own: settings, extensions and a home folder that nothing else uses. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { extensionId, readManifest, root as repository } from '../../scripts/lib/paths.mjs';

/** @typedef {Record<string, unknown>} Settings */
/** @typedef {{ root: string, userData: string, extensions: string, workspace: string }} Profile */

/**
 * Nothing opens, blinks or asks by itself, so that what a test sees is what it did.
 * @type {Settings}
 */
export const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.editor.restoreEditors': false,
  'workbench.colorTheme': 'Dark Modern',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'window.restoreWindows': 'none',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'typescript.disableAutomaticTypeAcquisition': true,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.accessibilitySupport': 'off',
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  // Only a remote window, as code-server's are, looks through every process for open ports; that holds up its extension
  // host for tens of milliseconds.
  'remote.autoForwardPorts': false,
};

/**
 * @param {object} [options]
 * @param {Settings} [options.settings] on top of the quiet ones
 * @param {boolean} [options.quiet] false leaves those out: for a person, not a test
 * @param {string} [options.root] where the profile lives; a fresh temporary folder by default
 * @param {string | false} [options.extension] the folder of the extension to run, the repository by default
 * @returns {Profile}
 */
export function createProfile({ settings = {}, quiet = true, root = mkdtempSync(path.join(tmpdir(), 'ponder-rig-')), extension = repository } = {}) {
  const profile = { root, userData: path.join(root, 'data'), extensions: path.join(root, 'extensions'), workspace: path.join(root, 'workspace') };
  for (const folder of [profile.userData, profile.extensions, profile.workspace]) mkdirSync(folder, { recursive: true });
  writeSettings(profile, { ...(quiet ? quietSettings : {}), ...settings });
  if (extension) registerExtension(profile, extension);
  return profile;
}

/**
 * Merged into what is there. In the browser the workbench is a remote one, and takes settings that belong to a machine
 * only from the machine's own file. User settings are read only when a window opens.
 * @param {Profile} profile
 * @param {Settings} settings
 */
export function writeSettings(profile, settings) {
  const machine = machineSettings();
  for (const folder of ['User', 'Machine']) {
    const belongHere = Object.entries(settings).filter(([key]) => machine.has(key) === (folder === 'Machine'));
    mergeJson(path.join(profile.userData, folder, 'settings.json'), Object.fromEntries(belongHere));
  }
}

/**
 * A quiet profile's settings as they were at first, whatever was chosen in a window since.
 * @param {Profile} profile
 * @param {Settings} settings
 */
export function resetSettings(profile, settings) {
  for (const folder of ['User', 'Machine']) rmSync(path.join(profile.userData, folder, 'settings.json'), { force: true });
  writeSettings(profile, { ...quietSettings, ...settings });
}

/** @returns {Set<string>} those of the settings written here that belong to a machine */
function machineSettings() {
  const { configuration = [] } = readManifest().contributes ?? {};
  const sections = /** @type {{ properties?: Record<string, { scope?: string }> }[]} */ ([configuration].flat());
  const properties = sections.flatMap((section) => Object.entries(section.properties ?? {}));
  return new Set(['remote.autoForwardPorts', ...properties.filter(([, { scope }]) => scope?.startsWith('machine')).map(([key]) => key)]);
}

/**
 * On a desktop, all of them are the user's.
 * @param {Profile} profile
 * @param {Settings} settings
 */
export function writeUserSettings(profile, settings) {
  mergeJson(path.join(profile.userData, 'User', 'settings.json'), settings);
}

/**
 * Workspace settings take effect at once in an open window.
 * @param {string} workspace
 * @param {Settings} settings
 */
export function writeWorkspaceSettings(workspace, settings) {
  mergeJson(path.join(workspace, '.vscode', 'settings.json'), settings);
}

/**
 * @param {string} file
 * @param {Settings} values
 */
function mergeJson(file, values) {
  mkdirSync(path.dirname(file), { recursive: true });
  /** @type {Settings} */
  let current = {};
  try {
    current = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // no such file yet
  }
  writeFileSync(file, `${JSON.stringify({ ...current, ...values }, null, 2)}\n`);
}

/**
 * Lists an unpacked extension among the installed ones, so that it runs from where it lies: no copy, no package.
 * @param {Profile} profile
 * @param {string} folder
 */
function registerExtension(profile, folder) {
  const entry = {
    identifier: { id: extensionId(folder) },
    version: readManifest(folder).version,
    location: { $mid: 1, fsPath: folder, external: pathToFileURL(folder).href, path: pathToFileURL(folder).pathname, scheme: 'file' },
    metadata: { isMachineScoped: false, installedTimestamp: 0, pinned: true, source: 'vsix' },
  };
  writeFileSync(path.join(profile.extensions, 'extensions.json'), JSON.stringify([entry]));
}
