/**
 * Formulas in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, a bare `\boxed{…}`, and environments on lines of their own.
 * A dollar sign opens a formula only where it cannot be an amount of money or a shell variable.
 */
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

export function maths(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'maths', inlineRule);
  md.block.ruler.before('fence', 'maths_block', blockRule, { alt: ['paragraph', 'blockquote', 'list'] });
}

interface Found {
  readonly tex: string;
  readonly end: number;
  readonly display: boolean;
}

function inlineRule(state: StateInline, silent: boolean): boolean {
  const found = findInline(state.src, state.pos, state.posMax);
  if (!found) return false;
  if (!silent) {
    const token = state.push('maths_inline', 'math', 0);
    token.content = found.tex;
    token.meta = { display: found.display };
  }
  state.pos = found.end;
  return true;
}

/** The formula that starts exactly at `pos`, if one does. */
export function findInline(src: string, pos: number, max: number): Found | undefined {
  const char = src.charCodeAt(pos);
  if (char === 0x5c /* \ */) {
    if (src.startsWith('\\(', pos)) return upTo(src, pos + 2, '\\)', max, false);
    if (src.startsWith('\\[', pos)) return upTo(src, pos + 2, '\\]', max, true);
    if (src.startsWith('\\boxed{', pos)) return boxed(src, pos, max);
    return undefined;
  }
  if (char !== 0x24 /* $ */) return undefined;
  return src.startsWith('$$', pos) ? upTo(src, pos + 2, '$$', max, true) : dollars(src, pos, max);
}

function upTo(src: string, start: number, close: string, max: number, display: boolean): Found | undefined {
  const at = src.indexOf(close, start);
  if (at < 0 || at + close.length > max) return undefined;
  const tex = src.slice(start, at).trim();
  return tex === '' ? undefined : { tex, end: at + close.length, display };
}

function boxed(src: string, start: number, max: number): Found | undefined {
  let depth = 0;
  for (let pos = start + '\\boxed'.length; pos < max; pos += 1) {
    const char = src[pos];
    if (char === '\\') pos += 1;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return { tex: src.slice(start, pos + 1), end: pos + 1, display: false };
    }
  }
  return undefined;
}

function dollars(src: string, start: number, max: number): Found | undefined {
  if (/[A-Za-z0-9$\\]/.test(src.charAt(start - 1))) return undefined;
  if (/[\s$]/.test(src.charAt(start + 1))) return undefined;
  for (let pos = start + 1; pos < max; pos += 1) {
    const char = src[pos];
    if (char === '\\') {
      pos += 1;
      continue;
    }
    if (char !== '$') continue;
    if (/\s/.test(src.charAt(pos - 1)) || /[A-Za-z0-9_{$]/.test(src.charAt(pos + 1))) return undefined;
    const tex = src.slice(start + 1, pos);
    return isProse(tex) ? undefined : { tex, end: pos + 1, display: false };
  }
  return undefined;
}

/** Words between two dollar signs ("5 for one, or 6") rather than a formula. */
function isProse(tex: string): boolean {
  return !/[\\^_=<>{}]/.test(tex) && /(?:^|\s)[A-Za-z]{2,}(?:\s|,|$)/.test(tex);
}

const environment = /^\\begin\{((?:equation|align|aligned|alignat|gather|gathered|cases|[pbvB]?matrix|array)\*?)\}/;

function blockRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const lineAt = (line: number): string => state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
  const first = lineAt(startLine);
  const delimiters = delimitersOf(first);
  if (!delimiters) return false;

  const lines: string[] = [];
  let line = startLine;
  let rest = first.slice(delimiters.open.length);
  let closed = false;
  for (;;) {
    const at = rest.indexOf(delimiters.close);
    if (at >= 0) {
      // Words after the formula on its last line: leave it to the inline rule.
      if (!/^[\s.,;:]*$/.test(rest.slice(at + delimiters.close.length))) return false;
      lines.push(rest.slice(0, at));
      closed = true;
      break;
    }
    lines.push(rest);
    line += 1;
    if (line >= endLine || (!state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent)) break;
    rest = lineAt(line);
  }
  if (!closed && state.env['streaming'] !== true) return false;
  if (silent) return true;

  const token = state.push(closed ? 'maths_block' : 'maths_pending', 'math', 0);
  token.block = true;
  token.content = delimiters.keep ? first.slice(0, delimiters.open.length) + lines.join('\n') + delimiters.close : lines.join('\n');
  token.map = [startLine, line + 1];
  state.line = Math.min(line + 1, endLine);
  return true;
}

function delimitersOf(line: string): { readonly open: string; readonly close: string; readonly keep: boolean } | undefined {
  if (line.startsWith('$$')) return { open: '$$', close: '$$', keep: false };
  if (line.startsWith('\\[')) return { open: '\\[', close: '\\]', keep: false };
  const name = environment.exec(line)?.[1];
  return name === undefined ? undefined : { open: `\\begin{${name}}`, close: `\\end{${name}}`, keep: true };
}
