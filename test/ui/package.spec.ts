/** What users get: the VSIX of this platform, installed into a VS Code that has never seen the repository. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownTarget } from '../../scripts/lib/platforms.mjs';
import { root, tinyModel } from '../../scripts/lib/paths.mjs';
import * as rig from '../rig/index.mjs';
import { expect, test } from '@playwright/test';
import { settings } from './support.ts';

test('the package, installed from its file, chats', async ({ page }) => {
  test.setTimeout(600_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'ponder-package-'));
  const vsix = path.join(folder, 'ponder.vsix');
  execFileSync(process.execPath, ['scripts/package.mjs', '--target', ownTarget, '--out', vsix, '--check'], { cwd: root, stdio: 'inherit' });
  const profile = rig.createProfile({ extension: false, settings: { ...settings, 'ponder.model.path': tinyModel } });
  await rig.installVsix(profile, vsix);
  const server = await rig.startServer(profile);
  try {
    await rig.openWorkbench(page, server, { folder: profile.workspace });
    await rig.openView(page, 'ponder.chat');
    const frame = await rig.webviewFrame(page, 'ponder.chat');
    await frame.getByRole('textbox', { name: 'Question', exact: true }).fill('What can you do?');
    await frame.getByRole('textbox', { name: 'Question', exact: true }).press('Enter');
    const turn = frame.locator('article.turn').last();
    await expect(turn).toHaveAttribute('data-status', 'done', { timeout: 60_000 });
    await expect(turn.locator('.markdown, .md').first()).not.toBeEmpty();
  } finally {
    await server.stop();
    rmSync(profile.root, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});
