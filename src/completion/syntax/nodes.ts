/** Questions about the tree of a reading. Places are UTF-16 units in the parsed text. */
import type { Node } from '@vscode/tree-sitter-wasm';
import type { Reading } from './reading.ts';

/** They hold statements; a bracket at their beginning makes them a construct of their own. */
const containers = /^(?:block|statement_list|body_statement|block_body|then|program|module|source_file|translation_unit|compilation_unit|stylesheet|jsx_text)$/;
const comments = /comment|doc_marker/;

/** Whether a node only holds statements one after the other. */
function isBare(node: Node): boolean {
  return containers.test(node.type) && node.firstChild?.isNamed !== false;
}

export function leafAt({ root }: Reading, index: number): Node | null {
  return root.descendantForIndex(index, index + 1);
}

/** The outermost construct around a place that begins at `from` or later. */
export function outermost(reading: Reading, index: number, from: number): Node | undefined {
  let found: Node | undefined;
  for (let node = leafAt(reading, index); node && node.startIndex >= from; node = node.parent) {
    if (node.parent && !isBare(node)) found = node;
  }
  return found;
}

/** The statements that a construct stands among, where nothing but indentation encloses them. */
export function bareBlockAround({ parent }: Node): Node | undefined {
  return parent?.parent && isBare(parent) ? parent : undefined;
}

/** The next place with code, comments left aside. */
export function nextCode(reading: Reading, from: number): number | undefined {
  const { source, end } = reading;
  for (let at = from; at < end; ) {
    const found = source.slice(at, end).search(/\S/);
    if (found < 0) return undefined;
    at += found;
    const comment = commentAt(reading, at);
    if (!comment) return at;
    at = Math.max(comment.endIndex, at + 1);
  }
  return undefined;
}

/**
 * Whether something comes that no indented block at this column or further in can hold: code, or a comment that stands
 * no further in than `column`, UTF-16 units from its line's beginning. Comments further in may belong to either side.
 */
export function isFollowed(reading: Reading, from: number, column: number): boolean {
  if (nextCode(reading, from) !== undefined) return true;
  const { source, end } = reading;
  const next = /\n([ \t]*)\S/.exec(source.slice(from, end));
  return (next?.[1] ?? '').length <= column && next !== null;
}

export function commentAt(reading: Reading, index: number): Node | undefined {
  for (let node = leafAt(reading, index), depth = 0; node && depth < 3; node = node.parent, depth++) {
    if (comments.test(node.type)) return node;
  }
  return undefined;
}

export function isAside(node: Node): boolean {
  return !node.isNamed || comments.test(node.type) || /attribute|annotation|decorator/.test(node.type);
}

/** Whether the parser could make no sense of something between two places. */
export function isDamaged(node: Node, from: number, to: number): boolean {
  if (!node.hasError || node.startIndex > to || node.endIndex < from) return false;
  if (node.isMissing || (node.isError && node.startIndex >= from)) return true;
  const { isError } = node;
  return node.children.some((child) => child !== null && (isDamaged(child, from, to) || (isError && isLoose(child, from, to))));
}

/** What the head could not make sense of encloses the text too; a whole construct in there is sound, a loose word is not. */
function isLoose(node: Node, from: number, to: number): boolean {
  if (node.startIndex < from || node.startIndex >= to) return false;
  return node.childCount === 0 && !/^[;,]$/.test(node.type) && !comments.test(node.type);
}

/** The end of the text up to a place, without spaces and line ends. */
export function trimmed({ source, cursor }: Reading, at: number): number {
  return Math.max(cursor, source.slice(0, at).trimEnd().length);
}

/** Where a construct ends with what must follow on its last line: `);`, a comma, a comment. */
export function withTail(reading: Reading, at: number): number {
  const { source, end } = reading;
  const lineEnd = source.indexOf('\n', at);
  const rest = source.slice(at, lineEnd < 0 ? end : Math.min(lineEnd, end));
  const punctuation = /^[\s;,)\]]*/.exec(rest)?.[0] ?? '';
  const whole = punctuation.length === rest.length || commentAt(reading, at + punctuation.length);
  return at + (whole ? rest : punctuation).trimEnd().length;
}
