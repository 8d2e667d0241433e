import { balance, openQuote } from '../brackets.ts';
import { lineBefore, type Hole } from '../hole.ts';
import { replacedAfter } from './auto-closed.ts';

/** Looked at on either side, UTF-16 units: what encloses a hole is near, and a key press must stay cheap. */
const reach = 4000;
/** In prose a bracket may stand alone. */
const prose = new Set(['markdown', 'plaintext', 'latex', 'restructuredtext', 'asciidoc', 'git-commit']);

/**
 * Cuts before a bracket that closes nothing. It may close what the prefix has left open, as far as the suffix does not
 * close that already.
 */
export function cutUnbalanced(text: string, hole: Hole): string {
  const { language } = hole;
  if (prose.has(language)) return text;
  const start = endOfString(text, hole);
  const { open } = balance(hole.prefix.slice(-reach), [], language);
  // Closers that the text takes the place of are its own to write.
  const below = hole.suffix.slice(replacedAfter(text, hole));
  // Of what the prefix has open the suffix closes the outermost; the rest is the text's to close, innermost first.
  const closedBelow = balance(below.slice(0, reach), [], language).unmatched.length;
  // The shell writes `pattern)` in a `case`.
  const first = balance(text.slice(start), open.slice(closedBelow), language).unmatched.find(({ closer }) => language !== 'shellscript' || closer !== ')');
  return first ? text.slice(0, start + first.index) : text;
}

/** Within a string brackets mean nothing: where the one ends that the cursor is in. */
function endOfString(text: string, hole: Hole): number {
  const quote = openQuote(lineBefore(hole));
  if (quote === undefined) return 0;
  const line = !text.includes('\n') ? text : text.slice(0, text.indexOf('\n'));
  for (const { 0: found, index } of line.matchAll(/\\.|["'`]/g)) if (found === quote) return index + 1;
  return quote === "'" ? 0 : line.length;
}
