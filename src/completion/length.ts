/** How long a completion may be: one line within a line, to the end of the block where a block begins. Pure. */
import { lineAfter, lineBefore, type Hole } from './hole.ts';

/** A line that ends so has its block on the lines below. */
const opener = /(?:[{([:]|=>|\b(?:then|do|else|begin))\s*$/;
/** A line that only ends a block, in its opener's indentation. */
const ender = /^(?:[)\]}]+[;,)]*|end;?|fi|done|esac)$/;

/** Whether more than the rest of the line is wanted: after an opener, or on a line with nothing on it yet. */
export function wantsLines(hole: Hole): boolean {
  const after = lineAfter(hole).trim();
  // What the editor has closed by itself counts for nothing.
  if (!/^[)\]}'"`;,>]*$/.test(after)) return false;
  const before = lineBefore(hole);
  return before.trim() === '' || opener.test(before);
}

/**
 * Where a text ends as it streams in: at its first line, or with the block that the cursor is in.
 * @returns UTF-16 units of the text that belong there; undefined while its end has not been seen
 */
export function endOf(text: string, hole: Hole): number | undefined {
  if (wantsLines(hole)) return endOfBlock(text, hole);
  const lineEnd = text.indexOf('\n');
  return lineEnd < 0 ? undefined : lineEnd;
}

/** Told by indentation, which every language has; the last line may be half a line and is not judged. */
function endOfBlock(text: string, hole: Hole): number | undefined {
  const before = lineBefore(hole);
  const base = columns(before);
  const opens = opener.test(before);
  let offset = 0;
  let end = 0;
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const next = offset + line.length + 1;
    const blank = line.trim() === '';
    // The first line goes on with the cursor's own. Blank lines belong to the block if more of it follows.
    if (index > 0 && !blank) {
      const inside = opens ? columns(line) > base : columns(line) >= base;
      if (!inside) return opens && columns(line) === base && ender.test(line.trim()) ? offset + line.length : end;
      // Beside the cursor's line, a paragraph ends the block.
      if (!opens && columns(line) === base && end < offset - 1) return end;
    }
    if (!blank) end = offset + line.length;
    offset = next;
  }
  return undefined;
}

/** Width of a line's indentation; a tab counts for four. */
export function columns(line: string): number {
  const space = /^[ \t]*/.exec(line)?.[0] ?? '';
  return space.replaceAll('\t', '    ').length;
}
