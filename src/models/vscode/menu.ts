/** The menu of the status bar item. Imported when first needed. */
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import type { EngineStatus } from '../../protocol/engine.ts';
import type { DownloadState } from '../download/state.ts';
import { menuEntries, type MenuEntry } from '../menu-entries.ts';

export interface MenuOptions {
  readonly backend: Backend;
  readonly downloads: readonly DownloadState[];
  readonly completions: string;
  readonly tokensPerSecond: number | undefined;
}

export async function showMenu({ backend, ...known }: MenuOptions): Promise<void> {
  const entries = menuEntries({ ...known, engine: backend.state, status: await statusOf(backend) });
  const picked = await vscode.window.showQuickPick(entries.map(item), { title: 'Ponder' });
  if (picked?.command) await vscode.commands.executeCommand(picked.command);
}

/** What is not there within a moment is left out: a menu must open. */
async function statusOf(backend: Backend): Promise<EngineStatus | undefined> {
  if (backend.state.kind !== 'ready') return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, 500, undefined));
  return Promise.race([backend.status().catch(() => undefined), late]);
}

function item(entry: MenuEntry): MenuEntry & vscode.QuickPickItem {
  return entry.command === undefined ? { ...entry, kind: vscode.QuickPickItemKind.Separator } : entry;
}
