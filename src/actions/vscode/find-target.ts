/** What an action is about: the selection, else what encloses the caret. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ContextItem } from '../../context/item.ts';
import { enclosingBlock, leadingStart, type Block } from '../enclosing-block.ts';
import type { Target } from '../target.ts';
import { outlineOf, symbolAround, symbolLabel, symbolText, type SymbolAround } from './symbols.ts';

/** Where an action was asked for; what is absent is as the editor in front has it. */
export interface Where {
  readonly uri?: vscode.Uri | undefined;
  /** Lines that are meant, or, empty, a place in what is meant. */
  readonly range?: vscode.Range | undefined;
  /** Ranges that the target has to hold, however far it has to grow for that. */
  readonly holding?: readonly vscode.Range[];
}

export interface Place {
  readonly document: vscode.TextDocument;
  readonly target: Target;
  /** For the user: "function total (lines 10–24)". */
  readonly label: string;
  /** The lines were selected; otherwise they were found and are to be shown. */
  readonly selected: boolean;
}

/** A place, or why there is none, in a sentence. */
export type Finding = Place | { readonly problem: string };

/** How long a language service may take to tell symbols, ms; it may just be starting. */
const patience = 1500;
/** Where nothing encloses the caret, a file of so many lines is meant as a whole. */
const smallFile = 200;

export async function findTarget({ uri, range, holding = [] }: Where): Promise<Finding> {
  const editor = editorOf(uri);
  const document = uri && uri.toString() !== editor?.document.uri.toString() ? await vscode.workspace.openTextDocument(uri) : editor?.document;
  if (!document || !isOfUser(document.uri)) return { problem: l10n.t('Open a file, and put the caret into the code that you mean.') };
  const lines = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line).text);
  if (lines.every((line) => line.trim() === '')) return { problem: l10n.t('This file is empty.') };
  const asked = document.validateRange(range ?? editor?.selection ?? new vscode.Range(0, 0, 0, 0));
  const selection = wholeLines(asked);
  const selected = !asked.isEmpty && lines.slice(selection.start, selection.end).some((line) => line.trim() !== '');
  const found = selected ? { block: selection } : await around(document, lines, asked.start.line);
  if (!found) return { problem: l10n.t('No function or block was found around the caret. Select the lines that you mean.') };
  const { block, symbol } = found;
  const start = Math.min(block.start, ...holding.map((each) => each.start.line));
  const end = Math.max(block.end, ...holding.map((each) => wholeLines(each).end));
  const target: Target = {
    uri: document.uri.toString(),
    path: vscode.workspace.asRelativePath(document.uri),
    languageId: document.languageId,
    lines,
    start,
    end,
    ...(symbol ? { symbol: symbolText(symbol) } : {}),
  };
  return { document, target, label: labelOf(target, symbol), selected };
}

/** The code itself, for a model to read; a file that is meant as a whole is one. */
export function codeItem({ path, lines, start, end, symbol }: Target): ContextItem {
  const content = lines.slice(start, end).join('\n');
  if (start === 0 && end === lines.length) return { path, content };
  return { kind: symbol === undefined ? 'selection' : 'symbol', path, content, lines: { start: start + 1, end } };
}

/** Files of the user's: never a log, a file as git has it, or what we show ourselves. */
export function isOfUser(uri: vscode.Uri): boolean {
  // A folder holds files of its own scheme only, although VS Code finds it for others.
  return uri.scheme === 'file' || uri.scheme === 'untitled' || vscode.workspace.getWorkspaceFolder(uri)?.uri.scheme === uri.scheme;
}

/** The editor that shows a file; without one named, the editor in front. */
export function editorOf(uri: vscode.Uri | undefined): vscode.TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
  if (!uri) return active;
  return [...(active ? [active] : []), ...visible].find(({ document }) => document.uri.toString() === uri.toString());
}

/** One that ends before a line's first character does not mean that line. */
export function wholeLines({ start, end }: vscode.Range): Block {
  return { start: start.line, end: end.character === 0 && end.line > start.line ? end.line : end.line + 1 };
}

async function around(document: vscode.TextDocument, lines: readonly string[], line: number): Promise<{ readonly block: Block; readonly symbol?: SymbolAround } | undefined> {
  const firstLine = (range: vscode.Range): number => leadingStart(lines, range.start.line);
  const symbol = symbolAround(await outlineOf(document.uri, patience), line, firstLine);
  if (symbol) return { block: { start: firstLine(symbol.range), end: Math.min(lines.length, wholeLines(symbol.range).end) }, symbol };
  const block = enclosingBlock(lines, line) ?? (lines.length <= smallFile ? { start: 0, end: lines.length } : undefined);
  return block && { block };
}

function labelOf({ path, lines, start, end }: Target, symbol: SymbolAround | undefined): string {
  const whole = start === 0 && end === lines.length;
  if (!symbol && whole) return path;
  const numbers = end === start + 1 ? l10n.t('line {0}', end) : l10n.t('lines {0}–{1}', start + 1, end);
  return symbol ? l10n.t('{0} ({1})', symbolLabel(symbol), numbers) : numbers;
}
