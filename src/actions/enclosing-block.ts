/** The block around a line, told by indentation alone, for brace languages and others. Pure. */
import { indentation, isBlank, type Lines } from './lines.ts';

/** Lines from `start` up to, and without, `end`; from 0. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

/** Ends or carries on what stands above at the same indentation: "}", "});", "else:", "{" on a line of its own. */
const carriesOn = /^\s*(?:[}\])]|\{\s*$|(?:else|elif|elsif|elseif|except|finally|catch|rescue|ensure|then|do(?!\s*\{)|end|fi|done|esac)\b(?!\s*[=.(]\s*\w))/;
const closes = /^\s*(?:[}\])]+[\w\s;,)]*$|(?:end|fi|done|esac)\b)/;
/** A comment, a decorator, an annotation, an attribute: belongs to what stands below. */
const leads = /^\s*(?:\/\/|\/\*|\*|--|;;|<!--|@|#(?!\s*(?:if|ifdef|ifndef|elif|else|endif|define|undef|include|import|pragma)\b)|\[[^\]]*\]\s*$)/;
/** Stands at the margin wherever it is, and opens nothing. */
const outOfLine = /^\s*(?:#|\/\/|\/\*|(?:public|private|protected|signals|slots)\s*:\s*$|default\s*:|case\b.*:\s*$)/;
const control = /^\s*(?:\}\s*)?(?:if|unless|for|foreach|while|until|do|else|elif|elsif|try|catch|except|finally|rescue|ensure|switch|match|case|when|default|with|using|lock|synchronized|return|throw|await|yield|select|defer|go|loop|begin)\b/;
const definition = /\b(?:function|def|defp|defmodule|class|fn|func|fun|sub|proc|method|interface|struct|enum|trait|impl|protocol|extension|object|record|module|namespace|constructor|type)\b|=>\s*[{(]?\s*$|^\s*(?:[\w$<>[\],.*&:?~@]+\s+)*[\w$~:.]+\s*\(.*\)?[^;=]*$/;

/**
 * The innermost definition around a line, else the innermost block; undefined where nothing encloses it. Decorators
 * and comments directly above belong to it, a blank line to what it stands in.
 * @param at from 0
 */
export function enclosingBlock(lines: Lines, at: number): Block | undefined {
  const from = firstHeader(lines, at);
  const headers: number[] = [];
  for (let header = from; header !== undefined; header = above(lines, header, indentation(lines[header]))) headers.push(header);
  const header = headers.find((each) => !control.test(lines[each] ?? '') && definition.test(lines[each] ?? '')) ?? headers[0];
  return header === undefined ? undefined : { start: leadingStart(lines, header), end: endOfBlock(lines, header) };
}

/** The first of the comments and decorators directly above a line; the line itself where there are none. */
export function leadingStart(lines: Lines, at: number): number {
  const indent = indentation(lines[at]);
  let start = at;
  for (let line = at - 1; line >= 0 && !isBlank(lines[line]); line--) {
    const text = lines[line] ?? '';
    // The stars of a comment stand one further in.
    const own = indentation(lines[line]) - indent;
    if (leads.test(text) && (own === 0 || (own === 1 && /^\s*\*/.test(text)))) start = line;
    else if (own === 0 && closes.test(text)) {
      // The end of a decorator over several lines.
      const opener = openerOf(lines, line);
      if (!/^\s*(?:@|#\[)/.test(lines[opener] ?? '')) break;
      start = opener;
      line = opener;
    } else break;
  }
  return start;
}

/** What opens the innermost block around a line, or stands there itself and opens one. */
function firstHeader(lines: Lines, at: number): number | undefined {
  let line = led(lines, at) ?? at;
  if (isBlank(lines[at])) {
    const next = nonBlank(lines, at, 1);
    if (next === undefined) return undefined;
    // Before an end it is inside; otherwise it stands where the next line does.
    if (!closes.test(lines[next] ?? '')) return above(lines, at, indentation(lines[next]));
    line = next;
  }
  if (carriesOn.test(lines[line] ?? '')) return openerOf(lines, line);
  return opens(lines, line) ? line : above(lines, line, indentation(lines[line]));
}

/** What comments and decorators around a line belong to. */
function led(lines: Lines, at: number): number | undefined {
  for (let line = at; line < lines.length && !isBlank(lines[line]); line++) {
    if (!leads.test(lines[line] ?? '') && opens(lines, line) && leadingStart(lines, line) <= at) return line;
  }
  return undefined;
}

/** The nearest line above that stands further out than `indent`, at the head of its statement. */
function above(lines: Lines, at: number, indent: number): number | undefined {
  for (let line = at - 1; line >= 0; line--) {
    if (isBlank(lines[line]) || indentation(lines[line]) >= indent || outOfLine.test(lines[line] ?? '')) continue;
    return openerOf(lines, line);
  }
  return undefined;
}

/** Of a line that ends or carries on a statement, where that begins; the line itself otherwise. */
function openerOf(lines: Lines, at: number): number {
  let opener = at;
  while (carriesOn.test(lines[opener] ?? '')) {
    const indent = indentation(lines[opener]);
    let line = opener - 1;
    while (line >= 0 && (isBlank(lines[line]) || indentation(lines[line]) > indent || outOfLine.test(lines[line] ?? ''))) line--;
    if (line < 0 || indentation(lines[line]) < indent) break;
    opener = line;
  }
  return opener;
}

/** Whether a line is followed by others further in, or by a brace of its own. */
function opens(lines: Lines, at: number): boolean {
  const next = nonBlank(lines, at, 1);
  if (next === undefined || isBlank(lines[at])) return false;
  const deeper = indentation(lines[next]) - indentation(lines[at]);
  return deeper > 0 ? !/^\s*\*/.test(lines[next] ?? '') : deeper === 0 && /^\s*\{\s*$/.test(lines[next] ?? '');
}

/** Behind the last line of what begins at `header`: lines further in, and what ends it or carries it on. */
export function endOfBlock(lines: Lines, header: number): number {
  const indent = indentation(lines[header]);
  let end = header + 1;
  for (let line = end; line < lines.length; line++) {
    const text = lines[line] ?? '';
    // A condition of the preprocessor belongs to it if more of it follows.
    if (isBlank(text) || /^#\s*(?:if|ifdef|ifndef|else|elif|endif)\b/.test(text)) continue;
    const deeper = indentation(text) - indent;
    if (deeper < 0 || (deeper === 0 && !carriesOn.test(text))) break;
    end = line + 1;
  }
  return end;
}

function nonBlank(lines: Lines, from: number, step: number): number | undefined {
  for (let line = from + step; line >= 0 && line < lines.length; line += step) if (!isBlank(lines[line])) return line;
  return undefined;
}
