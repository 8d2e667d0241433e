/** How a file appears in a prompt. The tiny model is trained on exactly this form. */

export interface PromptFile {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

/** A file as a heading and a fenced block; the fence is longer than any run of backticks within. */
export function formatFile({ path, content }: PromptFile): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const body = content.endsWith('\n') ? content : `${content}\n`;
  // A line break in a path would let a file name write prose of its own.
  return `File: ${path.replace(/\s+/g, ' ')}\n${fence}${extension(path)}\n${body}${fence}\n\n`;
}

/** Without the dot; empty where there is none. */
export function extension(path: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(path)?.[1] ?? '';
}
