/** Where the construct ends that the cursor's line has opened. */
import type { Node } from '@vscode/tree-sitter-wasm';
import { commentAt, isDamaged, isFollowed, leafAt, nextCode, trimmed, withTail } from './nodes.ts';
import type { Reading } from './reading.ts';

/** Parts of a statement that may have more parts behind them. */
const part = /^(?:else|elsif|rescue|ensure|(?:else|elif|else_if|catch|finally|except|except_group)_clause)$/;
/** What has its parts behind its body. */
const whole = /^(?:if|try|do)(?:_|$)/;
const follows = /^(?:else|elif|elsif|catch|finally|except|rescue|ensure)\b/;
/** They go on until the next of their kind. */
export const section = /^(?:switch_(?:case|default|section|block_statement_group)|\w+_case|(?:case|default)_statement|case_(?:clause|item)|when)$/;

/** The construct that the cursor's line has opened; undefined where it is at its end before the cursor. */
export function constructAt(reading: Reading): Node | undefined {
  const { source, cursor, language } = reading;
  const start = source.lastIndexOf('\n', cursor - 1) + 1;
  const first = start + source.slice(start).search(/\S/);
  const last = source.slice(0, cursor).trimEnd().length - 1;
  if (last < first || commentAt(reading, last)) return undefined;
  let node = leafAt(reading, last);
  while (node?.parent && goesUp(node, node.parent, first, source)) node = node.parent;
  // The end of a head of several lines.
  if (node?.parent && node.endIndex <= cursor && (language.byIndentation ? /^:$/ : /^(?:=>|->|do|then|else)$/).test(node.type)) node = node.parent;
  return node && node.endIndex > cursor ? node : undefined;
}

function goesUp(node: Node, parent: Node, first: number, source: string): boolean {
  // The whole file is no construct.
  if (!parent.parent) return false;
  if (part.test(node.type) || (source[node.startIndex] === '{' && whole.test(parent.type))) return true;
  return parent.startIndex >= first && !startsBlock(node, parent);
}

/** The first statement of a block without brackets begins where the block does. */
function startsBlock(node: Node, parent: Node): boolean {
  return parent.startIndex === node.startIndex && /^(?:block|statement_list|body_statement|block_body|then)$/.test(parent.type) && node.isNamed;
}

/** Undefined while the end has not been seen, or cannot be told. */
export function endOfConstruct(reading: Reading, node: Node): number | undefined {
  if (node.endIndex > reading.end) return undefined;
  const end = trimmed(reading, withTail(reading, trimmed(reading, node.endIndex)));
  return isDamaged(node, reading.cursor, node.endIndex) || !isSettled(reading, node, end) ? undefined : end;
}

/** Whether no line that may still come can belong to the construct. */
export function isSettled(reading: Reading, node: Node, end: number): boolean {
  const { source, language, closings, limited } = reading;
  const next = nextCode(reading, end);
  // A lone `else` or `catch` fits nowhere before its own line has come.
  if (next !== undefined) return !(follows.test(source.slice(next)) && isDamaged(reading.root, next, next));
  if (limited) return true;
  if (language.byIndentation) return closings.includes(node.endIndex) || isFollowed(reading, end, node.startPosition.column);
  const text = source.slice(node.startIndex, end);
  if (/\b(?:end|fi|done|esac)$/.test(text)) return true;
  if (!/[)\]};>,]$/.test(text) || section.test(node.type)) return false;
  if (language.chains && /[)\]]$/.test(text)) return false;
  return !mayGoOn(node);
}

/** An `if` without an `else`, or a `try` without a `finally`, also as the last thing in something else. */
function mayGoOn(node: Node): boolean {
  // A `try` on a line of its own is no statement yet, as long as it has only its block.
  if (/^(?:try|do)$/.test(node.previousSibling?.type ?? '')) return true;
  for (let last: Node | null = node; last; last = last.lastChild) {
    if (!/^(?:if|try|else_if)(?:_|$)/.test(last.type)) continue;
    if (!last.children.some((child) => child && /^(?:else|finally)(?:_clause)?$/.test(child.type))) return true;
  }
  return false;
}
