/**
 * The lines of a transcript, as parts. A transcript is Markdown in which a few whole lines are markers: the two roles,
 * the openings of foldable blocks, and comments of ours. Text that looks like a marker carries a backslash before it.
 */

export const openingOf = {
  thought: '<details><summary>Thought',
  file: '<details><summary>File',
  tool: '<details><summary>Tool call',
} as const;
export type BlockKind = keyof typeof openingOf;

export const roleLine = { user: '## You', model: '## Ponder' } as const;
export type Role = keyof typeof roleLine;

/** What begins every comment of ours. */
export const commentStart = '<!-- ponder:';
export const blockEnd = '</details>';

const summaryEnd = '</summary>';

/** `line` counts from 0. */
export type Part =
  | { readonly kind: 'text'; readonly line: number; readonly lines: readonly string[] }
  | { readonly kind: 'role'; readonly line: number; readonly role: Role }
  | {
      readonly kind: 'block';
      readonly line: number;
      readonly end: number;
      readonly block: BlockKind;
      /** What stands in the summary's `<code>`. */
      readonly label: string;
      readonly content: string;
    }
  /** A block without its end, or with lines in it that belong nowhere. */
  | { readonly kind: 'broken'; readonly line: number }
  | { readonly kind: 'comment'; readonly line: number; readonly text: string };

type Marker =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'opening'; readonly block: BlockKind; readonly label: string }
  | { readonly kind: 'comment'; readonly text: string };

/** Plain string comparisons: a line can be of any length. */
function markerOf(line: string): Marker | undefined {
  const text = line.trimEnd();
  if (text === roleLine.user) return { kind: 'role', role: 'user' };
  if (text === roleLine.model) return { kind: 'role', role: 'model' };
  if (text.startsWith(commentStart)) return { kind: 'comment', text };
  if (text.startsWith('*')) {
    const at = text.lastIndexOf(`* ${commentStart}`);
    return at < 0 ? undefined : { kind: 'comment', text: text.slice(at + 2) };
  }
  if (!text.startsWith('<details>') || !text.endsWith(summaryEnd)) return undefined;
  for (const block of ['thought', 'file', 'tool'] as const) {
    if (text.startsWith(openingOf[block])) return { kind: 'opening', block, label: labelIn(text) };
  }
  return undefined;
}

/** The same text with a backslash before each line that would be read as a marker. */
export function escapeLine(line: string): string {
  return markerOf(withoutBackslashes(line)) ? `\\${line}` : line;
}

export function unescapeLine(line: string): string {
  return line.startsWith('\\') && markerOf(withoutBackslashes(line)) ? line.slice(1) : line;
}

function withoutBackslashes(line: string): string {
  let start = 0;
  while (line[start] === '\\') start++;
  return line.slice(start);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
  ['&', '&amp;'],
]);
const characters: ReadonlyMap<string, string> = new Map([...entities].map(([character, entity]) => [entity, character]));

/** Any text as one line of HTML text. An ampersand that cannot be mistaken stays as it is. */
export function encodeLabel(text: string): string {
  return text.replace(/[<>\n\r]|&(?=(?:lt|gt|amp|#10|#13);)/g, (character) => entities.get(character) ?? character);
}

export function decodeLabel(text: string): string {
  return text.replace(/&(?:lt|gt|amp|#10|#13);/g, (entity) => characters.get(entity) ?? entity);
}

function labelIn(opening: string): string {
  const start = opening.indexOf('<code>');
  const end = opening.lastIndexOf('</code>');
  return start < 0 || end < start ? '' : decodeLabel(opening.slice(start + '<code>'.length, end));
}

/** Takes a transcript apart. Never throws; what cannot be read is `broken`, and reading goes on behind it. */
export function* partsOf(lines: readonly string[]): Generator<Part, void, void> {
  let textStart = 0;
  for (let at = 0; at <= lines.length; at++) {
    const marker = at < lines.length ? markerOf(lines[at] ?? '') : undefined;
    if (!marker && at < lines.length) continue;
    if (at > textStart) yield { kind: 'text', line: textStart, lines: lines.slice(textStart, at) };
    textStart = at + 1;
    if (!marker) return;
    if (marker.kind !== 'opening') yield { ...marker, line: at };
    else {
      const { block, label } = marker;
      const body = block === 'thought' ? readQuote(lines, at + 1) : readFence(lines, at + 1);
      if (!body) yield { kind: 'broken', line: at };
      else {
        yield { kind: 'block', line: at, block, label, ...body };
        at = body.end;
        textStart = at + 1;
      }
    }
  }
}

interface Body {
  readonly content: string;
  readonly end: number;
}

/** A thought: every line of it is quoted, so that none can be mistaken. A line without its `>` is taken as it is. */
function readQuote(lines: readonly string[], start: number): Body | undefined {
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trimEnd() === blockEnd) return { content: unframe(lines.slice(start, at)).map(unquote).join('\n'), end: at };
    if (markerOf(line)) return undefined;
  }
  return undefined;
}

function unquote(line: string): string {
  return line.startsWith('> ') ? line.slice(2) : line.startsWith('>') ? line.slice(1) : line;
}

/** A file or the arguments of a tool call: one code fence, longer than any within. */
function readFence(lines: readonly string[], start: number): Body | undefined {
  const open = skipBlank(lines, start);
  const fence = /^(?:`{3,}|~{3,})/.exec(lines[open] ?? '')?.[0];
  if (fence === undefined) return undefined;
  let close = open + 1;
  while (close < lines.length && lines[close]?.trimEnd() !== fence) close++;
  const end = skipBlank(lines, close + 1);
  if (lines[end]?.trimEnd() !== blockEnd) return undefined;
  return { content: lines.slice(open + 1, close).join('\n'), end };
}

function skipBlank(lines: readonly string[], start: number): number {
  let at = start;
  while (lines[at]?.trim() === '') at++;
  return at;
}

/** Lines without the empty one that parts them from what is above, and from what is below. */
export function unframe(lines: readonly string[]): readonly string[] {
  const start = lines[0] === '' ? 1 : 0;
  return lines.slice(start, lines.length > start && lines.at(-1) === '' ? -1 : undefined);
}
