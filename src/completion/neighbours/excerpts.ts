/** Parts of files, and how those of one file become one text. Pure. */
import type { Neighbour } from './choose.ts';

/** Some lines of a file by their numbers, the first line being 0. */
export interface Excerpt {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly lines: ReadonlyMap<number, string>;
}

/** A longer line is generated or data, UTF-16 units. */
const longestLine = 500;

/** @param numbers those beyond the file are left out */
export function excerptOf(path: string, lines: readonly string[], numbers: Iterable<number>): Excerpt {
  const picked = new Map<number, string>();
  for (const number of numbers) {
    const line = lines[number];
    if (line !== undefined && line.length <= longestLine) picked.set(number, line);
  }
  return { path, lines: picked };
}

/**
 * The excerpts of each file as one text in the file's order, with an empty line where something is left out.
 * @param excerpts the most useful first; so are the files of the result
 * @param cap of one file's text, UTF-16 units; an excerpt that would exceed it is left out
 */
export function mergeExcerpts(excerpts: readonly Excerpt[], kind: Neighbour['kind'], cap: number): Neighbour[] {
  const files = new Map<string, { readonly lines: ReadonlyMap<number, string>; readonly content: string }>();
  for (const { path, lines } of excerpts) {
    const merged = new Map([...(files.get(path)?.lines ?? []), ...lines]);
    const content = textOf(merged);
    if (content.trim() !== '' && content.length <= cap) files.set(path, { lines: merged, content });
  }
  return [...files].map(([path, { content }]) => ({ path, content, kind }));
}

function textOf(lines: ReadonlyMap<number, string>): string {
  let text = '';
  let last: number | undefined;
  for (const [number, line] of [...lines].sort(([a], [b]) => a - b)) {
    const gap = last !== undefined && number > last + 1 && !text.endsWith('\n\n') && line.trim() !== '';
    text += `${gap ? '\n' : ''}${line}\n`;
    last = number;
  }
  return text.replace(/\n+$/, '\n');
}

/** Numbers from `start` to `end`, both included. */
export function lineNumbers(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, index) => start + index);
}
