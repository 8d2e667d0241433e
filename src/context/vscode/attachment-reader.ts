/** What attachments say now: unsaved editors as they are shown, everything else through VS Code's file systems. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Attachment } from '../attachment.ts';
import { looksGenerated } from '../generated-files.ts';
import type { ContextItem, LeftOut, LeftOutReason } from '../item.ts';
import { problemLine } from '../problem-line.ts';
import { looksSecret } from '../secret-files.ts';
import { uncommittedChanges } from './git.ts';
import type { ReadableFiles } from './readable-files.ts';
import { filesInTabs } from './tabs.ts';

/** What an attachment came to. */
export interface Reading {
  readonly items: readonly ContextItem[];
  readonly leftOut: readonly LeftOut[];
  /** Why there is nothing of it at all. */
  readonly problem?: LeftOutReason;
}

/** Of a file that was chosen by itself, bytes: half a million tokens, more than any window. */
const largestFile = 2 * 1024 * 1024;
/** Of a folder. */
const mostFiles = 300;
const mostProblems = 100;
/** Texts remembered, UTF-16 units. */
const mostHeld = 16 * 1024 * 1024;
/** Files read at once. */
const atOnce = 16;

export class AttachmentReader {
  readonly #texts = new Map<string, { readonly stamp: string; readonly text: string | undefined }>();
  /** Of these, UTF-16 units. */
  #held = 0;

  constructor(private readonly files: ReadableFiles) {}

  /** Never rejects: what cannot be read is left out with its reason. */
  async read(attachment: Attachment): Promise<Reading> {
    try {
      switch (attachment.kind) {
        case 'file':
          return await this.#file(vscode.Uri.parse(attachment.uri));
        case 'folder':
          return await this.#folder(vscode.Uri.parse(attachment.uri));
        case 'selection':
        case 'symbol':
          return { items: [attachment.item], leftOut: [] };
        case 'editors':
          return await this.#several(filesInTabs());
        case 'problems':
          return problems();
        case 'diff':
          return await uncommittedChanges();
        case 'workspace':
          return { items: [], leftOut: [] };
      }
    } catch {
      return { items: [], leftOut: [], problem: 'missing' };
    }
  }

  /** Files that were not chosen one by one: rules and size count. */
  async #several(uris: readonly vscode.Uri[]): Promise<Reading> {
    const items: ContextItem[] = [];
    const leftOut: LeftOut[] = [];
    for (let start = 0; start < uris.length; start += atOnce) {
      const read = await Promise.all(uris.slice(start, start + atOnce).map((uri) => this.#unasked(uri)));
      for (const one of read) {
        if ('why' in one) leftOut.push(one);
        else items.push(one);
      }
    }
    return { items, leftOut };
  }

  async #unasked(uri: vscode.Uri): Promise<ContextItem | LeftOut> {
    const label = vscode.workspace.asRelativePath(uri);
    const judgement = await this.files.judge(uri);
    if ('why' in judgement) return { label, why: judgement.why };
    const { items, problem } = await this.#file(uri);
    const [item] = items;
    if (!item) return { label, why: problem ?? 'missing' };
    return looksGenerated(item.path, item.content) ? { label, why: 'generated' } : item;
  }

  /** A file that was chosen by itself. */
  async #file(uri: vscode.Uri): Promise<Reading> {
    const nothing = (problem: LeftOutReason): Reading => ({ items: [], leftOut: [], problem });
    const path = vscode.workspace.asRelativePath(uri);
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    if (document) return { items: [{ path, content: document.getText() }], leftOut: [] };
    if (!vscode.workspace.getWorkspaceFolder(uri)) return nothing('outside');
    const { size, mtime } = await vscode.workspace.fs.stat(uri);
    if (size > largestFile) return nothing('large');
    const content = await this.#textOnDisk(uri, `${String(mtime)} ${String(size)}`);
    return content === undefined ? nothing('binary') : { items: [{ path, content }], leftOut: [] };
  }

  /** Undefined where it is no text. A file is read again when its stamp has changed: folders are looked at with each pause in the typing. */
  async #textOnDisk(uri: vscode.Uri, stamp: string): Promise<string | undefined> {
    const key = uri.toString();
    const known = this.#texts.get(key);
    if (known?.stamp === stamp) return known.text;
    const bytes = await vscode.workspace.fs.readFile(uri);
    // In the encoding that an editor would show it in.
    const text = bytes.subarray(0, 8192).includes(0) ? undefined : await vscode.workspace.decode(bytes, { uri });
    this.#held += (text?.length ?? 0) - (known?.text?.length ?? 0);
    if (this.#held > mostHeld) {
      this.#texts.clear();
      this.#held = text?.length ?? 0;
    }
    this.#texts.set(key, { stamp, text });
    return text;
  }

  async #folder(folder: vscode.Uri): Promise<Reading> {
    if (!vscode.workspace.getWorkspaceFolder(folder)) return { items: [], leftOut: [], problem: 'outside' };
    const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), undefined, mostFiles + 1);
    const sorted = found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const { items, leftOut } = await this.#several(sorted.slice(0, mostFiles));
    const more: LeftOut[] = sorted.length > mostFiles ? [{ label: l10n.t('All files after the first {0}', mostFiles), why: 'many' }] : [];
    return { items, leftOut: [...leftOut, ...more], ...(items.length === 0 && sorted.length === 0 ? { problem: 'missing' as const } : {}) };
  }
}

/** Errors and warnings of the workspace, errors first. */
function problems(): Reading {
  const all = vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) =>
    vscode.workspace.getWorkspaceFolder(uri) && !looksSecret(uri.path)
      ? diagnostics.filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning).map((diagnostic) => ({ uri, diagnostic }))
      : [],
  );
  const sorted = all.toSorted((a, b) => a.diagnostic.severity - b.diagnostic.severity);
  const lines = sorted.slice(0, mostProblems).map(({ uri, diagnostic }) => problemLine(vscode.workspace.asRelativePath(uri), diagnostic));
  if (lines.length === 0) return { items: [], leftOut: [], problem: 'missing' };
  const leftOut: LeftOut[] = sorted.length > mostProblems ? [{ label: l10n.t('{0} more problems', sorted.length - mostProblems), why: 'many' }] : [];
  return { items: [{ kind: 'problems', path: 'the workspace', content: `${lines.join('\n')}\n` }], leftOut };
}
