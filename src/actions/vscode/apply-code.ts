/** Code of an answer as a change of the files that it belongs to, to be reviewed. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { looksSecret } from '../../context/secret-files.ts';
import { proposalScheme, reviewScheme } from '../../host/manifest.ts';
import type { CodeToApply } from '../../protocol/fences.ts';
import { asNewFile, inserted, placeOf, type Target } from '../apply/place-of.ts';
import { linesOf, sameLines, type Lines } from '../lines.ts';
import { exists } from './review/reviewed-file.ts';
import type { Reviews } from './reviews.ts';

interface Change {
  readonly uri: vscode.Uri;
  readonly original: Lines | undefined;
  readonly proposal: Lines;
}

/** Proposes all blocks as one change; what cannot be applied is said, and the rest is proposed. */
export async function applyCode(blocks: readonly CodeToApply[], reviews: Reviews): Promise<void> {
  const changes = new Map<string, Change>();
  for (const block of blocks) {
    const uri = await uriOf(block);
    if (!uri) continue;
    const change = await changed(block, uri, changes.get(uri.toString()));
    if (change) changes.set(uri.toString(), change);
  }
  const proposed = [...changes.values()].filter(({ original, proposal }) => !original || !sameLines(original, proposal));
  if (proposed.length === 0) {
    if (changes.size > 0) void vscode.window.showInformationMessage(l10n.t('The file has this code already.'));
    return;
  }
  const review = reviews.begin(l10n.t('Code of an answer'));
  for (const change of proposed) await review.propose(change);
  review.finish();
}

async function changed(block: CodeToApply, uri: vscode.Uri, earlier: Change | undefined): Promise<Change | undefined> {
  if (!earlier && !(await exists(uri))) return { uri, original: undefined, proposal: asNewFile(block.code) };
  const original = earlier ? earlier.original : linesOf((await vscode.workspace.openTextDocument(uri)).getText());
  const lines = earlier?.proposal ?? original ?? [];
  const target: Target = { lines, named: block.path !== undefined, ...(earlier ? {} : whereIn(uri)) };
  let placed = placeOf(block.code, target);
  if (placed.kind !== 'placed') {
    const why =
      placed.kind === 'elided'
        ? l10n.t('The code leaves parts out, and where they belong in {0} cannot be told.', vscode.workspace.asRelativePath(uri))
        : l10n.t('Where the code belongs in {0} cannot be told. Put the cursor there first.', vscode.workspace.asRelativePath(uri));
    const insert = l10n.t('Insert at cursor');
    const buttons = placed.kind === 'elided' && target.cursor !== undefined ? [insert] : [];
    const choice = await vscode.window.showWarningMessage(why, ...buttons);
    if (choice !== insert) return undefined;
    placed = inserted(block.code, target);
  }
  return placed.kind === 'placed' ? { uri, original, proposal: placed.lines } : undefined;
}

/** Where the user is in a file that is in front. */
function whereIn(uri: vscode.Uri): Partial<Target> {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  if (!editor) return {};
  const { start, end, isEmpty, active } = editor.selection;
  if (isEmpty) return { cursor: active.line };
  return { cursor: active.line, selection: { start: start.line, end: end.character === 0 ? Math.max(end.line, start.line + 1) : end.line + 1 } };
}

/** The file that a block is about, if it may be changed; else says why not. */
async function uriOf({ path: named }: CodeToApply): Promise<vscode.Uri | undefined> {
  if (named === undefined) {
    const uri = inFront();
    if (!uri) void vscode.window.showInformationMessage(l10n.t('No editor is open to apply the code to.'));
    return uri;
  }
  const uri = await inWorkspace(named);
  if (!uri) {
    void vscode.window.showWarningMessage(l10n.t('{0} is not a file of this workspace.', named));
    return undefined;
  }
  if (!looksSecret(uri.path)) return uri;
  void vscode.window.showWarningMessage(l10n.t('{0} may hold secrets. Ponder does not change it for an answer.', named));
  return undefined;
}

function inFront(): vscode.Uri | undefined {
  const uri = (vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0])?.document.uri;
  return uri && (uri.scheme === reviewScheme || uri.scheme === proposalScheme) ? vscode.Uri.parse(uri.query) : uri;
}

/** An existing file of that path, or the place for a new one. Nothing outside of the workspace's folders. */
async function inWorkspace(named: string): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const slashed = named.trim().replaceAll('\\', '/');
  const absolute = /^(?:\/|[a-z]:\/)/i.test(slashed);
  const candidates = folders.flatMap((folder) => {
    if (absolute) {
      const relative = path.posix.relative(folder.uri.path, slashed.replace(/^(?=[a-z]:)/i, '/'));
      return [{ folder, relative }];
    }
    const relative = slashed.replace(/^(?:\.\/)+/, '');
    // With several folders, paths may begin with the name of theirs.
    const own = `${folder.name}/`;
    return folders.length > 1 && relative.startsWith(own) ? [{ folder, relative: relative.slice(own.length) }] : [{ folder, relative }];
  });
  let free: vscode.Uri | undefined;
  for (const { folder, relative } of candidates) {
    const segments = relative.split('/');
    if (relative === '' || segments.some((segment) => segment === '' || segment === '.' || segment === '..' || segment === '.git')) continue;
    const uri = vscode.Uri.joinPath(folder.uri, relative);
    if (!(await isWithin(folder.uri, uri))) continue;
    if (await exists(uri)) return uri;
    free ??= uri;
  }
  return free;
}

/** Whether a path leads out of its folder by no link. */
async function isWithin(folder: vscode.Uri, uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return true;
  const root = await realpath(folder.fsPath);
  for (let at = uri.fsPath; at.length >= folder.fsPath.length; at = path.dirname(at)) {
    try {
      const real = await realpath(at);
      return real === root || real.startsWith(root + path.sep);
    } catch {
      // Not there yet: its folder decides.
    }
  }
  return false;
}
