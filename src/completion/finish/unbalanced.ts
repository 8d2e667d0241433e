import { balance } from '../brackets.ts';
import type { Hole } from '../hole.ts';
import { replacedAfter } from './auto-closed.ts';

/** Looked at on either side, UTF-16 units: what encloses a hole is near, and a key press must stay cheap. */
const reach = 4000;

/**
 * Cuts before a bracket that closes nothing. It may close what the prefix has left open, as far as the suffix does not
 * close that already.
 */
export function cutUnbalanced(text: string, hole: Hole): string {
  const { open } = balance(hole.prefix.slice(-reach));
  // Closers that the text takes the place of are its own to write.
  const below = hole.suffix.slice(replacedAfter(text, hole));
  // Of what the prefix has open the suffix closes the outermost; the rest is the text's to close, innermost first.
  const closedBelow = balance(below.slice(0, reach)).unmatched.length;
  const [first] = balance(text, open.slice(closedBelow)).unmatched;
  return first ? text.slice(0, first.index) : text;
}
