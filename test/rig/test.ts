/** What UI tests import: Playwright's `test` and `expect`, with a `ponder` that is the extension in a fresh window. */
import { test as base, expect, type Frame, type Page } from '@playwright/test';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sampleDir, tinyModel } from '../../scripts/lib/paths.mjs';
import * as rig from './index.mjs';
import type { Settings } from './profile.mjs';
import type { Server } from './server.mjs';

/** One workbench window, and what a person does in it. */
export interface Ponder {
  readonly page: Page;
  readonly server: Server;
  /** The folder the window shows; a copy of this test's own. */
  readonly workspace: string;
  /** Shows a view ("ponder.chat", "ponder.thinking") and returns its document. */
  view(viewId: string): Promise<Frame>;
  /** Runs a command from the palette by its full title. */
  run(title: string): Promise<void>;
  openFile(name: string): Promise<void>;
  useTheme(theme: keyof typeof rig.themes): Promise<void>;
  /** Takes a picture into test-results/screenshots/. */
  screenshot(name: string): Promise<void>;
  /** The process id of this window's engine, once it runs. */
  engine(): Promise<number>;
  /** Lets the engine run a share of the time, once in each period, until the test ends or the returned function is called. */
  slowDown(duty: number, periodMs?: number): Promise<() => void>;
}

interface WorkerOptions {
  /** User settings of the server that this file's tests share; the tiny model is in them already. */
  settings: Settings;
}

interface Options {
  /** The workspace's files by name; by default it is a copy of sample/. */
  files: Record<string, string> | undefined;
  /** The workspace's own settings. */
  workspaceSettings: Settings;
}

const tinySettings = { 'ponder.model.path': tinyModel };

export const test = base.extend<Options & { ponder: Ponder }, WorkerOptions & { server: Server }>({
  settings: [{}, { option: true, scope: 'worker' }],
  files: [undefined, { option: true }],
  workspaceSettings: [{}, { option: true }],

  server: [
    async ({ settings }, use) => {
      const profile = rig.createProfile({ settings: { ...tinySettings, ...settings } });
      const server = await rig.startServer(profile);
      await use(server);
      await server.stop();
      rmSync(profile.root, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 240_000 },
  ],

  ponder: async ({ page, server, settings, files, workspaceSettings }, use, testInfo) => {
    rig.resetSettings(server.profile, { ...tinySettings, ...settings });
    const workspace = createWorkspace(server.profile.root, files);
    if (Object.keys(workspaceSettings).length > 0) rig.writeWorkspaceSettings(workspace, workspaceSettings);
    const earlier = new Set(rig.enginePids(server));
    const releases: (() => void)[] = [];
    await rig.openWorkbench(page, server, { folder: workspace });

    const ponder: Ponder = {
      page,
      server,
      workspace,
      run: (title) => rig.runCommand(page, title),
      openFile: (name) => rig.openFile(page, name),
      useTheme: (theme) => rig.useTheme(page, workspace, theme),
      screenshot: (name) => rig.screenshot(page, name),
      async view(viewId) {
        await rig.openView(page, viewId);
        return rig.webviewFrame(page, viewId);
      },
      async engine() {
        await expect.poll(() => enginesSince(server, earlier).length, { message: 'an engine process', timeout: 30_000 }).toBeGreaterThan(0);
        return enginesSince(server, earlier).at(-1) ?? 0;
      },
      async slowDown(duty, periodMs = 50) {
        const release = rig.throttle(await ponder.engine(), duty, { periodMs });
        releases.push(release);
        return release;
      },
    };
    await use(ponder);

    for (const release of releases) release();
    if (testInfo.status !== testInfo.expectedStatus) await attachLogs(server, (name, file) => testInfo.attach(name, { path: file, contentType: 'text/plain' }));
    // Leaving the page ends its extension host, and with it the engine; the next window starts with neither.
    await page.goto('about:blank');
    await expect.poll(() => enginesSince(server, earlier).length, { message: 'engines left behind by a closed window', timeout: 60_000 }).toBe(0);
  },
});

export { expect };

function createWorkspace(root: string, files: Record<string, string> | undefined): string {
  const workspace = mkdtempSync(path.join(root, 'workspace-'));
  if (!files) cpSync(sampleDir, workspace, { recursive: true });
  for (const [name, text] of Object.entries(files ?? {})) {
    const file = path.join(workspace, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return workspace;
}

function enginesSince(server: Server, earlier: ReadonlySet<number>): number[] {
  return rig.enginePids(server).filter((pid) => !earlier.has(pid));
}

/** What the extension wrote to its log, and the server to its own, beside the picture of a failure. */
async function attachLogs(server: Server, attach: (name: string, file: string) => Promise<void>): Promise<void> {
  await attach('server.log', server.log);
  const logs = path.join(server.profile.userData, 'logs');
  for (const name of readdirSync(logs, { recursive: true, encoding: 'utf8' })) {
    if (/ponder[^/]*\.log$/i.test(name)) await attach(path.basename(name), path.join(logs, name));
  }
}
