/** How things to read appear in a prompt. The tiny model is trained on exactly the form of files. */
import type { ContextItem } from './item.ts';

export interface PromptFile {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

/** An item as a heading and a fenced block; the fence is longer than any run of backticks within. */
export function formatItem({ kind = 'file', path, content, lines }: ContextItem): string {
  switch (kind) {
    case 'problems':
      return block(`Problems in ${oneLine(path)}:`, '', content);
    case 'diff':
      return block('Uncommitted changes:', 'diff', content);
    case 'notes':
      return block(`What the editor knows of names in ${oneLine(path)}:`, '', content);
    case 'terminal':
      return block(`Output of the terminal ${oneLine(path)}:`, '', content);
    default:
      return block(`File: ${oneLine(path)}${lines ? `, lines ${String(lines.start)}-${String(lines.end)}` : ''}`, extension(path), content);
  }
}

/** Backticks, more of them than stand together anywhere within: no text can end its own block. */
export function fenceFor(content: string): string {
  let longest = 2;
  for (const [run] of content.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest + 1);
}

function block(heading: string, language: string, content: string): string {
  const fence = fenceFor(content);
  const body = content.endsWith('\n') ? content : `${content}\n`;
  return `${heading}\n${fence}${language}\n${body}${fence}\n\n`;
}

/** A line break in a path would let a file name write prose of its own. */
function oneLine(path: string): string {
  return path.replace(/\s+/g, ' ');
}

/** Without the dot; empty where there is none. */
export function extension(path: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(path)?.[1] ?? '';
}
