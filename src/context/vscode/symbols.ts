/** Symbols of the workspace, as language services know them. */
import * as vscode from 'vscode';
import { inTime } from '../../base/async.ts';
import type { Attachment } from '../attachment.ts';
import { looksSecret } from '../secret-files.ts';

export interface FoundSymbol {
  readonly name: string;
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
}

/** How long language services may take, ms: a menu waits for them. */
const patience = 400;

/** Those whose name matches, in files of the workspace. Never rejects; empty where nobody answers in time. */
export async function findSymbols(query: string, limit: number): Promise<FoundSymbol[]> {
  const asked = vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>('vscode.executeWorkspaceSymbolProvider', query);
  try {
    const found = (await inTime(Promise.resolve(asked), patience, undefined)) ?? [];
    return found
      .filter(({ location: { uri } }) => vscode.workspace.getWorkspaceFolder(uri) && !looksSecret(uri.path) && !uri.path.includes('/node_modules/'))
      .slice(0, limit)
      .map(({ name, location }) => ({ name, uri: location.uri, range: location.range }));
  } catch {
    return [];
  }
}

/** A symbol with all of its lines: what is found often points at its name alone. */
export async function symbolAttachment({ name, uri, range }: FoundSymbol): Promise<Attachment> {
  const document = await vscode.workspace.openTextDocument(uri);
  const outline = await vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>('vscode.executeDocumentSymbolProvider', uri);
  const whole = smallestAround(outline ?? [], range) ?? range;
  const lines = document.validateRange(new vscode.Range(whole.start.line, 0, whole.end.line, Number.MAX_SAFE_INTEGER));
  const item = {
    kind: 'symbol',
    path: vscode.workspace.asRelativePath(uri),
    content: document.getText(lines),
    lines: { start: lines.start.line + 1, end: lines.end.line + 1 },
  } as const;
  return { kind: 'symbol', uri: uri.toString(), label: name, item };
}

function smallestAround(outline: readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[], range: vscode.Range): vscode.Range | undefined {
  for (const symbol of outline) {
    const whole = 'children' in symbol ? symbol.range : symbol.location.range;
    if (!whole.contains(range.start)) continue;
    return ('children' in symbol ? smallestAround(symbol.children, range) : undefined) ?? whole;
  }
  return undefined;
}
