/** Code in fences, as models write it in Markdown: the view shows it, and the host applies it. Pure. */

export interface Fence {
  readonly indent: string;
  /** Backticks or tildes, three or more. */
  readonly mark: string;
  /** What stands behind them. */
  readonly info: string;
}

export function openingFence(line: string): Fence | undefined {
  const [, indent, mark, info] = /^([ \t]*)(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
  // Backticks behind backticks: code within a line.
  if (indent === undefined || mark === undefined || info === undefined || (mark.startsWith('`') && info.includes('`'))) return undefined;
  return { indent, mark, info };
}

export function closesFence(line: string, { mark }: Fence): boolean {
  const closing = line.trim();
  return closing.length >= mark.length && closing === mark.charAt(0).repeat(closing.length);
}

export interface FenceInfo {
  /** Of the language, as the model wrote it: "ts". */
  readonly name: string;
  /** A path beside the language: "```ts src/a.ts", "```ts:src/a.ts" or "```ts title=src/a.ts". */
  readonly path: string | undefined;
}

export function fenceInfo(info: string): FenceInfo {
  const [first = '', ...rest] = info.trim().split(/\s+/);
  const colon = first.indexOf(':');
  const name = colon > 0 ? first.slice(0, colon) : first;
  const named = rest.join(' ').replace(/^(?:title|file|filename|path)=/i, '').replace(/^["']|["']$/g, '');
  const path = colon > 0 ? first.slice(colon + 1) : named;
  return { name: name.replace(/[{}]/g, ''), path: /[./\\]/.test(path) && !path.includes('{') ? path : undefined };
}

export interface CodeToApply {
  readonly code: string;
  /** As the answer names the file; absent: the one in front is meant. */
  readonly path?: string | undefined;
}

/** The code of an answer that names its file, in the order of the answer. A fence that is not closed was cut off, and is not taken. */
export function namedCode(answer: string): CodeToApply[] {
  const blocks: CodeToApply[] = [];
  let open: { readonly fence: Fence; readonly lines: string[] } | undefined;
  for (const line of answer.split(/\r\n|\r|\n/)) {
    if (!open) {
      const fence = openingFence(line);
      open = fence && { fence, lines: [] };
    } else if (closesFence(line, open.fence)) {
      const { path } = fenceInfo(open.fence.info);
      if (path !== undefined) blocks.push({ code: open.lines.join('\n'), path });
      open = undefined;
    } else {
      const { length } = open.fence.indent;
      open.lines.push(line.slice(0, length).trim() === '' ? line.slice(length) : line.trimStart());
    }
  }
  return blocks;
}
