/**
 * Splits Markdown into its top-level blocks, so that while an answer streams only the last one is read again.
 *
 * A block ends at a blank line, unless a code fence or a display formula is open or a list goes on. The parts always
 * add up to the text; text that goes on changes the last block only (now and then the last but one, when a list that
 * seemed over goes on after all).
 */
import { closesFence, openingFence } from '../../../protocol/fences.ts';

type Kind = 'text' | 'list' | 'fence' | 'maths' | 'indented';

const fenceStart = /^ {0,3}(?:`{3}|~{3})/;
const listMarker = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

interface Block {
  readonly kind: Kind;
  readonly start: number;
  /** What closes the block, for a fence or a formula. */
  readonly closes?: (line: string) => boolean;
}

export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let block: Block | undefined;
  /** Closes a fence inside of a list. */
  let innerCloses: ((line: string) => boolean) | undefined;
  let blank = false;

  const cut = (at: number): void => {
    if (block && at > block.start) blocks.push(text.slice(block.start, at));
    block = undefined;
  };

  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, newline < 0 ? end : newline);
    const isBlank = line.trim() === '';

    if (block?.closes) {
      if (block.closes(line)) cut(end);
    } else if (block?.kind === 'list' && innerCloses) {
      if (innerCloses(line)) innerCloses = undefined;
    } else if (!isBlank) {
      const goesOn: boolean = block !== undefined && continues(block.kind, line, blank);
      if (!goesOn || !block) {
        cut(start);
        block = open(line, start);
        if (block.closes && closesItself(block.kind, line)) cut(end);
      } else if (block.kind === 'list') {
        innerCloses = fenceCloser(line.trimStart());
      }
    } else {
      // Blank lines before the first block belong to it.
      block ??= { kind: 'text', start };
    }
    blank = isBlank;
    start = end;
  }
  cut(text.length);
  return blocks;
}

function continues(kind: Kind, line: string, afterBlank: boolean): boolean {
  const indent = line.length - line.trimStart().length;
  if (kind === 'list') {
    if (indent >= 2 || listMarker.test(line)) return true;
    return !afterBlank && !fenceStart.test(line) && !startsMaths(line);
  }
  if (kind === 'indented') return indent >= 4;
  return !afterBlank && !fenceStart.test(line) && !startsMaths(line);
}

function open(line: string, start: number): Block {
  const closer = fenceCloser(line);
  if (closer) return { kind: 'fence', start, closes: closer };
  if (startsMaths(line)) {
    const end = line.trimStart().startsWith('$$') ? '$$' : '\\]';
    return { kind: 'maths', start, closes: (next) => next.includes(end) };
  }
  if (listMarker.test(line)) return { kind: 'list', start };
  if (/^( {4}|\t)/.test(line)) return { kind: 'indented', start };
  return { kind: 'text', start };
}

function fenceCloser(line: string): ((line: string) => boolean) | undefined {
  const fence = fenceStart.test(line) ? openingFence(line) : undefined;
  return fence && ((next) => closesFence(next, fence));
}

function startsMaths(line: string): boolean {
  return /^ {0,3}(\$\$|\\\[)/.test(line);
}

/** True for a formula that ends in its first line. */
function closesItself(kind: Kind, line: string): boolean {
  const rest = line.trimStart().slice(2);
  return kind === 'maths' && (line.trimStart().startsWith('$$') ? rest.includes('$$') : rest.includes('\\]'));
}
