/** The code blocks of an answer that name their file. Pure. */

export interface CodeToApply {
  readonly code: string;
  /** As a fence names it: "ts". */
  readonly language: string;
  /** As the answer names the file; absent: the one in front is meant. */
  readonly path?: string | undefined;
}

/** In the order of the answer. A fence that is not closed was cut off, and is not taken. */
export function namedCode(answer: string): CodeToApply[] {
  const blocks: CodeToApply[] = [];
  let open: { fence: string; indent: number; info: string; lines: string[] } | undefined;
  for (const line of answer.split(/\r\n|\r|\n/)) {
    if (open) {
      const { fence, indent, info, lines } = open;
      const closing = line.trim();
      if (closing.length >= fence.length && closing === fence.charAt(0).repeat(closing.length)) {
        const { language, path } = named(info);
        if (path !== undefined) blocks.push({ code: lines.join('\n'), language, path });
        open = undefined;
      } else lines.push(line.slice(0, indent).trim() === '' ? line.slice(indent) : line.trimStart());
      continue;
    }
    const [, indent, fence, info] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    // Backticks behind backticks: code within a line.
    if (indent === undefined || fence === undefined || info === undefined || (fence.startsWith('`') && info.includes('`'))) continue;
    open = { fence, indent: indent.length, info, lines: [] };
  }
  return blocks;
}

/** As the view reads it: "```ts src/a.ts", "```ts:src/a.ts" or "```ts title=src/a.ts". */
function named(info: string): { language: string; path: string | undefined } {
  const [first = '', ...rest] = info.trim().split(/\s+/);
  const colon = first.indexOf(':');
  const beside = rest.join(' ').replace(/^(?:title|file|filename|path)=/i, '').replace(/^["']|["']$/g, '');
  const path = colon > 0 ? first.slice(colon + 1) : beside;
  return { language: (colon > 0 ? first.slice(0, colon) : first).replace(/[{}]/g, ''), path: /[./\\]/.test(path) && !path.includes('{') ? path : undefined };
}
