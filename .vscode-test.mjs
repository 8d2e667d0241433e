// @ts-check
/**
 * Host tests: Mocha inside VS Code's extension host. On a desktop @vscode/test-electron downloads VS Code; where there
 * is no screen, scripts/code-shim.mjs stands in for it. `npm run test:host` builds the tests and starts this.
 */
import { defineConfig } from '@vscode/test-cli';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { hasScreen } from './scripts/lib/desktop-code.mjs';
import { root, sampleDir, tinyModel } from './scripts/lib/paths.mjs';
import { createProfile, quietSettings, writeUserSettings } from './test/rig/profile.mjs';

const inBrowser = Boolean(process.env['PONDER_BROWSER']) || !hasScreen();
const settings = { 'ponder.model.path': tinyModel };
const profile = createProfile({ extension: false, settings });
if (!inBrowser) writeUserSettings(profile, { ...quietSettings, ...settings });
// Tests change files, so they get a copy.
cpSync(sampleDir, profile.workspace, { recursive: true });
process.once('exit', () => rmSync(profile.root, { recursive: true, force: true }));

export default defineConfig({
  tests: [
    {
      // What happens by itself is looked at before any other test uses the extension.
      files: ['out/test/host/activation.test.cjs', 'out/test/host/**/*.test.cjs'],
      workspaceFolder: profile.workspace,
      launchArgs: [`--user-data-dir=${profile.userData}`, `--extensions-dir=${profile.extensions}`, '--disable-workspace-trust'],
      ...(inBrowser ? { useInstallation: { fromPath: path.join(root, 'scripts/code-shim.mjs') } } : {}),
      mocha: { ui: 'bdd', timeout: 60_000, reporter: path.join(root, 'test/rig/mocha-reporter.cjs') },
    },
  ],
});
