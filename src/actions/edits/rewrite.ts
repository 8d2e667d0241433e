/** Code that is written anew as a whole, in one fenced block. Pure. */
import { closesFence, openingFence } from '../../protocol/fences.ts';
import { linesOf, type Lines } from '../lines.ts';

/**
 * A GBNF grammar of one fenced block and nothing around it.
 * @param fence backticks, more of them than any line of the code has
 * @param language as the fence names it; may be empty
 */
export function rewriteGrammar(fence: string, language: string): string {
  // A line may begin with fewer backticks than the fence has, not with as many.
  const few = Array.from({ length: fence.length }, (_, count) => `"${'`'.repeat(count)}" ([^\`\\n] [^\\n]*)?`).join(' | ');
  return [`root ::= "${fence}${language}\\n" line* "${fence}"`, `line ::= (${few}) "\\n"`].join('\n');
}

export interface Written {
  /** Whole lines; the one that is being written is not among them. */
  readonly lines: Lines;
  /** The block has come to its end. */
  readonly closed: boolean;
}

/** The first fenced block of an answer so far; undefined where none has begun. What stands around it is left out. */
export function writtenIn(answer: string): Written | undefined {
  const lines = linesOf(answer);
  const start = lines.findIndex((line) => openingFence(line));
  const fence = openingFence(lines[start] ?? '');
  // The opening line counts once it has ended.
  if (!fence || start === lines.length - 1) return undefined;
  const body = lines.slice(start + 1);
  const length = body.findIndex((line) => closesFence(line, fence));
  return length < 0 ? { lines: body.slice(0, -1), closed: false } : { lines: body.slice(0, length), closed: true };
}

/**
 * How much of the original a text that is still being written has taken the place of, lines: what comes after is as good
 * as unchanged so far. It is the beginning of the original that aligns with the written lines at the least cost.
 */
export function replacedSoFar(original: Lines, written: Lines): number {
  let costs = Array.from({ length: original.length + 1 }, (_, index) => index * cost.removed);
  for (const [count, line] of written.entries()) {
    const next = [(count + 1) * cost.added];
    for (const [index, old] of original.entries()) {
      next.push(Math.min((costs[index] ?? 0) + difference(old, line), (costs[index + 1] ?? 0) + cost.added, (next[index] ?? 0) + cost.removed));
    }
    costs = next;
  }
  return costs.indexOf(Math.min(...costs));
}

/** Of a line. A few that are gone are likelier than one that was made up to be the same as one further down. */
const cost = { added: 1, removed: 0.1 };

/** 0 for the same, 2 for nothing in common at the beginning and end. */
function difference(a: string, b: string): number {
  if (a === b) return 0;
  const longest = Math.max(a.length, b.length);
  const shortest = Math.min(a.length, b.length);
  let head = 0;
  while (head < shortest && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shortest - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return 2 * (1 - (head + tail) / longest);
}
