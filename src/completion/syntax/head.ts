/** What is parsed of the text before the cursor: little enough to be quick, and begun where it can be understood. Pure. */
import { balance } from '../brackets.ts';
import type { Hole } from '../hole.ts';
import { columns } from '../length.ts';
import { languageOf } from './languages.ts';

/** Most of the prefix that is parsed, UTF-16 units, without the lines that enclose it. */
const reach = 4000;
/** How far up the lines that enclose it are looked for, UTF-16 units. */
const farthest = 60_000;
/** Most of a list of parameters in such a line, UTF-16 units. */
const longest = 1000;
/** A line that goes on with an earlier one of the same indentation. */
const continues = /^\s*(?:[)\]}{*]|else\b|elif\b|catch\b|except\b|finally\b|rescue\b|ensure\b)/;
/** What begins so is hardly prose. */
const declares = /^\s*(?:@\w|#\[|(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub)\s+)*(?:class|def|func|function|fn|impl|struct|interface|enum|trait|type|namespace|const|let)\b)/;

/** The rank of a line from where on it is no place to begin. */
const doubtful = 2000;

/** Ends where the prefix ends. */
export function headOf({ prefix, language }: Hole): string {
  const head = prefix.length <= reach ? prefix : cut(prefix, languageOf(language)?.quotes);
  return language === 'php' && insidePhp(prefix) && !head.includes('<?') ? `<?php\n${head}` : head;
}

/** Begins with a line of the first half within reach, if any of them will do, below the lines that enclose it. */
function cut(prefix: string, quotes: RegExp | undefined): string {
  const first = prefix.indexOf('\n', prefix.length - reach) + 1;
  if (first === 0) return prefix.slice(-reach);
  const strings = new Strings(quotes);
  strings.pass(prefix.slice(0, first));
  let start = first;
  let best = Infinity;
  for (let at = first; at > 0 && (at < prefix.length - reach / 2 || best >= doubtful); at = prefix.indexOf('\n', at) + 1) {
    const line = lineAt(prefix, at);
    // Begun within a string, what is code and what is not would change places. Quotes in comments lead astray, so both must speak against it.
    const doubt = (strings.inside ? 1 : 0) + (declares.test(line) ? 0 : 1);
    const rank = (doubt * doubtful) / 2 + Math.min(columns(line), doubtful / 2 - 1);
    if (line.trim() !== '' && !continues.test(line) && rank < best) {
      start = at;
      best = rank;
    }
    strings.pass(line);
  }
  return enclosing(prefix, start, quotes) + prefix.slice(start);
}

/** Whether text is within a string of several lines, by counting quotes. */
class Strings {
  readonly #quotes: RegExp | undefined;
  readonly #odd = new Set<string>();

  constructor(quotes: RegExp | undefined) {
    this.#quotes = quotes;
  }

  get inside(): boolean {
    return this.#odd.size > 0;
  }

  pass(text: string): void {
    for (const [quote] of this.#quotes ? text.matchAll(this.#quotes) : []) {
      if (!this.#odd.delete(quote)) this.#odd.add(quote);
    }
  }
}

/** The lines above that stand less and less indented: `class A {`, `m() {`. Their blocks are left out. */
function enclosing(prefix: string, start: number, quotes: RegExp | undefined): string {
  const lines: string[] = [];
  const strings = new Strings(quotes);
  let inside = columns(lineAt(prefix, start));
  let at = start;
  while (inside > 0 && at > 0 && start - at < farthest) {
    at = at < 2 ? 0 : prefix.lastIndexOf('\n', at - 2) + 1;
    const line = lineAt(prefix, at);
    strings.pass(line);
    if (strings.inside || line.trim() === '' || columns(line) >= inside) continue;
    lines.unshift(`${withParameters(prefix, at, start)}\n`);
    inside = columns(line) + (continues.test(line) ? 1 : 0);
  }
  return lines.join('');
}

/** A line with those below it that its list of parameters goes on to, if they begin on it. */
function withParameters(prefix: string, at: number, before: number): string {
  let text = lineAt(prefix, at);
  if (/[([{]\s*$/.test(text)) return text;
  for (let next = at + text.length + 1; next < before && text.length < longest; next = at + text.length + 1) {
    if (!balance(text).open.some((closer) => closer !== '}')) return text;
    text += `\n${lineAt(prefix, next)}`;
  }
  return lineAt(prefix, at);
}

function insidePhp(prefix: string): boolean {
  return prefix.lastIndexOf('<?') > prefix.lastIndexOf('?>');
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end);
}
