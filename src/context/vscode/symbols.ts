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
  const symbol = symbolsAround(await symbolsOf(uri), (around) => around.contains(range.start)).at(-1);
  const whole = symbol ? rangeOf(symbol) : range;
  const lines = document.validateRange(new vscode.Range(whole.start.line, 0, whole.end.line, Number.MAX_SAFE_INTEGER));
  const item = {
    kind: 'symbol',
    path: vscode.workspace.asRelativePath(uri),
    content: document.getText(lines),
    lines: { start: lines.start.line + 1, end: lines.end.line + 1 },
  } as const;
  return { kind: 'symbol', uri: uri.toString(), label: name, item };
}

/** Of a file. */
export type AnySymbol = vscode.DocumentSymbol | vscode.SymbolInformation;

export async function symbolsOf(uri: vscode.Uri): Promise<readonly AnySymbol[]> {
  return (await vscode.commands.executeCommand<readonly AnySymbol[] | undefined>('vscode.executeDocumentSymbolProvider', uri)) ?? [];
}

/** With all of its lines. */
export function rangeOf(symbol: AnySymbol): vscode.Range {
  return 'children' in symbol ? symbol.range : symbol.location.range;
}

/** The symbols around a place, from the outermost inwards. */
export function symbolsAround(symbols: readonly AnySymbol[], holds: (range: vscode.Range) => boolean): AnySymbol[] {
  const around = symbols.filter((symbol) => holds(rangeOf(symbol)));
  // Some services give no tree.
  if (around.some((symbol) => !('children' in symbol))) return around.toSorted((a, b) => linesOf(rangeOf(b)) - linesOf(rangeOf(a)));
  // Two may share a line; the one that ends there has been left already.
  const found = around.at(-1);
  return found ? [found, ...symbolsAround('children' in found ? found.children : [], holds)] : [];
}

function linesOf({ start, end }: vscode.Range): number {
  return end.line - start.line;
}
