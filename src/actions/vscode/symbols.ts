/** Symbols of a document, as a language service knows them. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inTime } from '../../base/async.ts';
import { rangeOf, symbolsAround, symbolsOf, type AnySymbol } from '../../context/vscode/symbols.ts';

/** A symbol with all of its lines. */
export interface SymbolAround {
  readonly name: string;
  readonly kind: vscode.SymbolKind;
  readonly range: vscode.Range;
}

const { SymbolKind } = vscode;
/** What runs or is called. */
const functions: ReadonlySet<vscode.SymbolKind> = new Set([SymbolKind.Function, SymbolKind.Method, SymbolKind.Constructor, SymbolKind.Operator]);
/** What holds such. */
const holders: ReadonlySet<vscode.SymbolKind> = new Set([SymbolKind.Class, SymbolKind.Interface, SymbolKind.Struct, SymbolKind.Enum]);

/** As TypeScript calls functions without a name: "items.reduce() callback". */
const nameless = /\bcallback$|^</;

/** Empty where nobody answers in time; never rejects. */
export async function outlineOf(uri: vscode.Uri, ms: number): Promise<readonly AnySymbol[]> {
  return inTime(symbolsOf(uri), ms, []).catch(() => []);
}

/**
 * The innermost symbol that a reader would name as the place of a line: a function, or a type; within a type also a
 * member over several lines; a variable only where neither encloses it.
 * @param line from 0
 * @param firstLine of a symbol, with what stands above and belongs to it
 */
export function symbolAround(outline: readonly AnySymbol[], line: number, firstLine: (range: vscode.Range) => number): SymbolAround | undefined {
  const around = symbolsAround(outline, (range) => firstLine(range) <= line && line <= range.end.line);
  const chain = around.map((symbol) => ({ name: symbol.name, kind: symbol.kind, range: rangeOf(symbol) }));
  const isBlock = ({ kind }: SymbolAround): boolean => functions.has(kind) || holders.has(kind);
  // What has no name of its own, or is but a part of a line, is named by what it stands in.
  const named = chain.findLastIndex((each) => isBlock(each) && !each.range.isSingleLine && !nameless.test(each.name));
  const at = named < 0 ? chain.findLastIndex(isBlock) : named;
  const block = chain[at];
  const member = block && functions.has(block.kind) ? undefined : chain.slice(at + 1).findLast(({ range }) => !range.isSingleLine);
  return member ?? block ?? chain.at(-1);
}

/** For the model: "function total". */
export function symbolText({ kind, name }: SymbolAround): string {
  const word = words.get(kind);
  return word === undefined ? name : `${word} ${name}`;
}

const words: ReadonlyMap<vscode.SymbolKind, string> = new Map([
  [SymbolKind.Function, 'function'],
  [SymbolKind.Method, 'method'],
  [SymbolKind.Constructor, 'constructor'],
  [SymbolKind.Class, 'class'],
  [SymbolKind.Interface, 'interface'],
  [SymbolKind.Struct, 'struct'],
  [SymbolKind.Enum, 'enum'],
]);

/** For the user: "function total". */
export function symbolLabel({ kind, name }: SymbolAround): string {
  switch (kind) {
    case SymbolKind.Function:
      return l10n.t('function {0}', name);
    case SymbolKind.Method:
      return l10n.t('method {0}', name);
    case SymbolKind.Class:
      return l10n.t('class {0}', name);
    case SymbolKind.Interface:
      return l10n.t('interface {0}', name);
    default:
      return name;
  }
}
