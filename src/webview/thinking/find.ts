/** Finding words in thoughts. */

/** A stretch of a thought's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Match extends Range {
  readonly turnId: string;
}

/** Enough to walk through; a single letter in a long thought would be thousands. */
const mostMatches = 2000;

export function findMatches(thoughts: readonly { readonly turnId: string; readonly text: string }[], query: string): Match[] {
  const matches: Match[] = [];
  if (query.trim() === '') return matches;
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
  for (const { turnId, text } of thoughts) {
    for (const match of text.matchAll(pattern)) {
      matches.push({ turnId, start: match.index, end: match.index + match[0].length });
      if (matches.length >= mostMatches) return matches;
    }
  }
  return matches;
}

/** A piece of text that is drawn in one way. */
export interface Segment {
  readonly text: string;
  readonly code: boolean;
  readonly mark: 'none' | 'hit' | 'current';
}

/** Cuts a stretch of text at inline code and at matches. Backticks around code are left out. */
export function segments(text: string, { start, end }: Range, matches: readonly Range[], current: Range | undefined): Segment[] {
  const parts: Segment[] = [];
  for (const piece of codePieces(text, start, end)) {
    let at = piece.start;
    for (const match of matches) {
      if (match.end <= at || match.start >= piece.end) continue;
      const from = Math.max(match.start, at);
      const to = Math.min(match.end, piece.end);
      if (from > at) parts.push({ text: text.slice(at, from), code: piece.code, mark: 'none' });
      parts.push({ text: text.slice(from, to), code: piece.code, mark: match === current ? 'current' : 'hit' });
      at = to;
    }
    if (at < piece.end) parts.push({ text: text.slice(at, piece.end), code: piece.code, mark: 'none' });
  }
  return parts;
}

function codePieces(text: string, start: number, end: number): (Range & { readonly code: boolean })[] {
  const pieces: (Range & { readonly code: boolean })[] = [];
  let at = start;
  for (const match of text.slice(start, end).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)) {
    const open = start + match.index;
    const close = open + match[0].length;
    if (open > at) pieces.push({ start: at, end: open, code: false });
    pieces.push({ start: open + 1, end: close - 1, code: true });
    at = close;
  }
  if (at < end) pieces.push({ start: at, end, code: false });
  return pieces;
}
